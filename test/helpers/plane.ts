import type { Plane } from "../../src/mnist/prepare/plane.js";

/** A plane from a drawing, one text a row: "#" is 1, "." is 0, and a figure is so many tenths. */
export function plane(...rows: readonly string[]): Plane {
  const value = (mark: string): number => (mark === "#" ? 1 : mark === "." ? 0 : Number(mark) / 10);
  return {
    data: Float32Array.from(rows.join(""), value),
    width: rows[0]!.length,
    height: rows.length,
  };
}

/** A plane whose pixels are computed. */
export function planeOf(width: number, height: number, value: (x: number, y: number) => number): Plane {
  const data = Float32Array.from({ length: width * height }, (_, i) =>
    value(i % width, Math.floor(i / width)),
  );
  return { data, width, height };
}
