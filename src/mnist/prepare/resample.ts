import type { Plane } from "./plane.js";

/** How the cells of one division of a line overlap those of another. */
interface Overlaps {
  readonly source: Int32Array;
  readonly target: Int32Array;
  readonly weight: Float64Array;
}

/**
 * The overlaps of a line's `from` equal cells with its `to` equal cells, in order. Each has the share of the target
 * that it fills, so that the shares of one target sum to 1.
 *
 * In units of 1/(from·to) of the line a source cell is `to` long and a target cell `from`, so all ends are whole
 * numbers and no overlap is lost to rounding.
 */
function overlaps(from: number, to: number): Overlaps {
  const source: number[] = [];
  const target: number[] = [];
  const weight: number[] = [];
  for (let s = 0, t = 0, start = 0; s < from; ) {
    const end = Math.min((s + 1) * to, (t + 1) * from);
    source.push(s);
    target.push(t);
    weight.push((end - start) / from);
    if (end === (s + 1) * to) s++;
    if (end === (t + 1) * from) t++;
    start = end;
  }
  return {
    source: Int32Array.from(source),
    target: Int32Array.from(target),
    weight: Float64Array.from(weight),
  };
}

/**
 * Brings a picture, of `channels` numbers a pixel, to another size by exact area averaging: with the picture laid
 * over the grid of the result, each new pixel is the mean of what lies under it,
 *
 *     y[v, u] = Σ over (i, j) of x[i, j] · |row i ∩ row v| · |column j ∩ column u|
 *
 * with lengths in pixels of the result. Made larger, pixels become rectangles; made smaller by a whole factor, it is the
 * mean of blocks.
 */
export function resample(
  data: Uint8Array | Uint8ClampedArray | Float32Array,
  [height, width, channels]: readonly [number, number, number],
  newHeight: number,
  newWidth: number,
): Float32Array {
  const columns = overlaps(width, newWidth);
  const rows = overlaps(height, newHeight);
  const result = new Float32Array(newHeight * newWidth * channels);
  const source = new Float64Array(width * channels); // row i of the picture, whatever its numbers are kept in
  const row = new Float64Array(newWidth * channels); // the same in its new width
  let done = -1; // the i that `row` is of
  for (let k = 0; k < rows.source.length; k++) {
    const i = rows.source[k]!;
    if (i !== done) {
      source.set(data.subarray(i * source.length, (i + 1) * source.length));
      resampleRow(source, channels, columns, row);
      done = i;
    }
    const weight = rows.weight[k]!;
    const start = rows.target[k]! * row.length;
    for (let j = 0; j < row.length; j++) result[start + j]! += weight * row[j]!;
  }
  return result;
}

/** A row of pixels in its new width. */
function resampleRow(
  pixels: Float64Array,
  channels: number,
  { source, target, weight }: Overlaps,
  row: Float64Array,
): void {
  row.fill(0);
  for (let k = 0; k < source.length; k++) {
    const from = source[k]! * channels;
    const to = target[k]! * channels;
    const share = weight[k]!;
    for (let c = 0; c < channels; c++) row[to + c]! += share * pixels[from + c]!;
  }
}

/** A plane of another size. */
export function resamplePlane({ data, width, height }: Plane, newWidth: number, newHeight: number): Plane {
  return {
    data: resample(data, [height, width, 1], newHeight, newWidth),
    width: newWidth,
    height: newHeight,
  };
}

/** The size of a picture whose longer side is at most `longest`, with its aspect kept. */
export function sizeWithin(longest: number, width: number, height: number): readonly [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}
