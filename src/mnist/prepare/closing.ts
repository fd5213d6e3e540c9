import type { Plane } from "./plane.js";

/**
 * The closing of a picture by a square of 2·radius + 1 pixels: at each pixel the greatest level in the square about it,
 * and of these again the least. It fills what is dark and narrower than the square, and leaves all that is wider.
 *
 * Beyond its edge the picture goes on as it ends there, so that a slope keeps its level at the edge.
 *
 * Serra, "Image Analysis and Mathematical Morphology", 1982.
 */
export function closing(plane: Plane, radius: number): Plane {
  const greatest = greatestInSquares(padded(plane, 2 * radius), radius);
  // the least is the greatest of the negatives
  return negative(greatestInSquares(negative(greatest), radius));
}

function negative({ data, width, height }: Plane): Plane {
  return { data: data.map((level) => 0 - level), width, height };
}

/** The picture with a margin of the levels at its edge. */
function padded({ data, width, height }: Plane, margin: number): Plane {
  const newWidth = width + 2 * margin;
  const newHeight = height + 2 * margin;
  const result = new Float32Array(newWidth * newHeight);
  for (let y = 0, o = 0; y < newHeight; y++) {
    const row = width * clamp(y - margin, height - 1);
    for (let x = 0; x < newWidth; x++, o++) result[o] = data[row + clamp(x - margin, width - 1)]!;
  }
  return { data: result, width: newWidth, height: newHeight };
}

/** The nearest whole number from 0 to `last`. */
function clamp(i: number, last: number): number {
  return Math.min(last, Math.max(0, i));
}

/** The greatest level in each square that lies within the picture: of its rows first, and then of its columns. */
function greatestInSquares({ data, width, height }: Plane, radius: number): Plane {
  const rows = greatestInRows(data, width, height, radius);
  const newWidth = width - 2 * radius;
  return {
    data: greatestInRows(rows, height, newWidth, radius),
    width: newWidth,
    height: height - 2 * radius,
  };
}

/** Each row becomes a column of the result, so that doing it twice does the columns too. */
function greatestInRows(data: Float32Array, width: number, height: number, radius: number): Float32Array {
  const places = width - 2 * radius;
  const result = new Float32Array(places * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < places; x++) {
      const start = y * width + x;
      let best = data[start]!;
      for (let i = start + 1; i <= start + 2 * radius; i++) if (data[i]! > best) best = data[i]!;
      result[x * height + y] = best;
    }
  }
  return result;
}
