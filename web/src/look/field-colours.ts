import type { Field } from "./receptive-field.js";

/** How much of its light a pixel outside of the field keeps. */
const DIMMED = 0.35;

/**
 * A digit as the bytes of a picture, red, green, blue and alpha: light on dark, bluish inside the field and dimmed outside.
 */
export function fieldColours(
  pixels: Uint8Array,
  width: number,
  { rows, columns }: Pick<Field, "rows" | "columns">,
): Uint8ClampedArray<ArrayBuffer> {
  const colours = new Uint8ClampedArray(4 * pixels.length);
  const inRows = new Set(rows);
  const inColumns = new Set(columns);
  for (const [i, pixel] of pixels.entries()) {
    const inside = inRows.has(Math.floor(i / width)) && inColumns.has(i % width);
    const rgb = inside
      ? [30 + 0.7 * pixel, 70 + 0.7 * pixel, 140 + 0.45 * pixel]
      : Array(3).fill(DIMMED * pixel);
    colours.set([...rgb, 255], 4 * i);
  }
  return colours;
}
