/** A picture of one number a pixel, row by row from the top: grey levels, or ink. */
export interface Plane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** A part of a picture: the pixel at its upper left, and its size. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The value of a pixel; 0 beyond the edge. */
export function at({ data, width, height }: Plane, x: number, y: number): number {
  return x >= 0 && x < width && y >= 0 && y < height ? data[y * width + x]! : 0;
}

/** The part of a plane within a box. */
export function cropPlane({ data, width }: Plane, box: Box): Plane {
  const part = new Float32Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const start = (box.y + y) * width + box.x;
    part.set(data.subarray(start, start + box.width), y * box.width);
  }
  return { data: part, width: box.width, height: box.height };
}
