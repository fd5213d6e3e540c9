import { at, type Plane } from "./plane.js";

/**
 * The mean width of the strokes in a picture of ink u, from 0 to 1: of a stroke of length l and width w the area is l·w
 * and the outline about 2·l, so
 *
 *     w = 2·area/outline        area = Σu        outline = Σ|∇u|
 *
 * The sum of gradients is the length of the outline for soft edges too (the coarea formula). The gradient is taken
 * between four pixels: |∇u|² = ((b + d − a − c)/2)² + ((c + d − a − b)/2)².
 */
export function strokeWidth(ink: Plane): number {
  return (2 * area(ink)) / outline(ink);
}

/** The length of the strokes in all, area/width = outline/2. */
export function strokeLength(ink: Plane): number {
  return outline(ink) / 2;
}

function area({ data }: Plane): number {
  return data.reduce((sum, ink) => sum + ink, 0);
}

function outline(ink: Plane): number {
  let sum = 0;
  for (let y = 0; y <= ink.height; y++) {
    for (let x = 0; x <= ink.width; x++) {
      const a = at(ink, x - 1, y - 1);
      const b = at(ink, x, y - 1);
      const c = at(ink, x - 1, y);
      const d = at(ink, x, y);
      const across = (b + d - a - c) / 2;
      const down = (c + d - a - b) / 2;
      sum += Math.sqrt(across * across + down * down);
    }
  }
  return sum;
}

/**
 * The ink with a margin of `radius` pixels about its strokes. Where r is the distance of a pixel from the nearest whose ink
 * is at least a half, between their middles, the margin covers min(1, radius + 1 − r) of it.
 *
 * The squared distance is separable, r² = min over columns x' of ((x − x')² + min over rows y' of (y − y')²).
 */
export function thicken({ data, width, height }: Plane, radius: number): Plane {
  const reach = Math.ceil(radius);
  const down = new Float64Array(data.length).fill(Number.POSITIVE_INFINITY); // (y − y')² to the nearest in the column
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x]! < 0.5) continue;
      for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
        down[v * width + x] = Math.min(down[v * width + x]!, (v - y) * (v - y));
      }
    }
  }
  const result = Float32Array.from(data);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      let nearest = Number.POSITIVE_INFINITY;
      for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) {
        nearest = Math.min(nearest, (u - x) * (u - x) + down[y * width + u]!);
      }
      result[i] = Math.max(data[i]!, Math.min(1, radius + 1 - Math.sqrt(nearest)));
    }
  }
  return { data: result, width, height };
}
