import { type Component, findComponents } from "./components.js";
import type { InkLevels } from "./ink-levels.js";
import type { Box, Plane } from "./plane.js";

/** A part smaller than this share of the largest is a speck. */
const SPECK = 0.03;
/** A part farther from the largest than this share of its longer side is not of the digit. */
const FARTHEST = 0.5;
/** The share of all ink that does not touch the edge that is the digit's, at least; of noise none is. */
const LEAST_SHARE = 0.5;
/** How many times larger than all that stands free something at the edge must be to be the digit. */
const EDGE_FACTOR = 3;
/** The longer side of the smallest digit, in pixels. */
const SMALLEST_DIGIT = 5;
/** How far the soft edge of a stroke reaches, in pixels. */
const SOFT_EDGE = 2;
/** The ink of a pixel that counts as part of the digit's box: so little in MNIST too. */
const BOX_INK = 0.2;

/** The ink of a digit, 0 to 1, and the box it lies in. */
export interface DigitInk {
  readonly ink: Plane;
  readonly box: Box;
}

/**
 * The ink of the digit alone, with nothing of the paper, of specks, and of what hangs in from the edge of the picture;
 * undefined where there is no digit.
 *
 * Ink above the threshold falls into parts that hang together. The largest that does not touch the edge is the digit, and
 * so are those near it that are no specks, such as the upper stroke of a 5. A part that touches the edge is taken
 * only where it reaches round the middle of the picture and is much larger: then the picture was cut close.
 *
 * Soft edges are kept: within two pixels of these parts the ink rises in a straight line from 0 at the strength of paper
 * to 1 at that of full ink.
 */
export function isolateDigit(strength: Plane, levels: InkLevels): DigitInk | undefined {
  const { data, width, height } = strength;
  const { threshold, paper, full } = levels;
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < mask.length; i++) mask[i] = data[i]! > threshold ? 1 : 0;
  const { components, labels } = findComponents(mask, width);
  const digit = chooseDigit(components, width, height);
  if (digit.size === 0) return undefined;

  // only the digit stays in the mask, and of what is near it all that is no other part
  const isOther = components.map((part) => !digit.has(part));
  for (let i = 0; i < mask.length; i++) if (labels[i] !== -1 && isOther[labels[i]!]) mask[i] = 0;
  const isNear = grown(mask, width, height);
  const ink = new Float32Array(data.length);
  for (let i = 0; i < ink.length; i++) {
    if (isNear[i] === 0 || (labels[i] !== -1 && mask[i] === 0)) continue;
    ink[i] = Math.min(1, Math.max(0, (data[i]! - paper) / (full - paper)));
  }
  const box = boxOf(ink, width);
  return box && { ink: { data: ink, width, height }, box };
}

/** The parts of the digit; none if there is no digit. */
function chooseDigit(parts: readonly Component[], width: number, height: number): Set<Component> {
  const touches = ({ box }: Component): boolean =>
    box.x === 0 || box.y === 0 || box.x + box.width === width || box.y + box.height === height;
  const centre = { x: Math.floor(width / 2), y: Math.floor(height / 2), width: 1, height: 1 };
  const free = parts.filter((part) => !touches(part));
  const cut = parts.filter((part) => touches(part) && gap(part.box, centre) === 0);
  const isCut = (largest(cut)?.area ?? 0) > EDGE_FACTOR * (largest(free)?.area ?? 0);
  const candidates = isCut ? parts : free;
  const main = largest(isCut ? cut : free);
  if (main === undefined) return new Set();
  const size = Math.max(main.box.width, main.box.height);
  const digit = candidates.filter(
    (part) => part.area >= SPECK * main.area && gap(part.box, main.box) <= FARTHEST * size,
  );
  const isDigit = size >= SMALLEST_DIGIT && areaOf(digit) >= LEAST_SHARE * areaOf(candidates);
  return new Set(isDigit ? digit : []);
}

function areaOf(parts: readonly Component[]): number {
  return parts.reduce((sum, { area }) => sum + area, 0);
}

function largest(components: readonly Component[]): Component | undefined {
  return components.reduce<Component | undefined>(
    (most, part) => (most === undefined || part.area > most.area ? part : most),
    undefined,
  );
}

/** The longer of the gaps between two boxes, across and down; 0 if they overlap. */
function gap(a: Box, b: Box): number {
  const across = Math.max(a.x - (b.x + b.width), b.x - (a.x + a.width));
  const down = Math.max(a.y - (b.y + b.height), b.y - (a.y + a.height));
  return Math.max(0, across, down);
}

/** The mask with a margin of `SOFT_EDGE` pixels about it. */
function grown(mask: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const start = i - (i % width);
    rows.fill(1, Math.max(start, i - SOFT_EDGE), Math.min(start + width, i + SOFT_EDGE + 1));
  }
  const result = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++) {
    for (let v = Math.max(0, y - SOFT_EDGE); v <= Math.min(height - 1, y + SOFT_EDGE); v++) {
      for (let x = 0; x < width; x++) if (rows[v * width + x] === 1) result[y * width + x] = 1;
    }
  }
  return result;
}

/** The box of all that has ink; undefined if nothing has. */
function boxOf(ink: Float32Array, width: number): Box | undefined {
  let [left, right, top, bottom] = [width, -1, -1, -1];
  for (let i = 0; i < ink.length; i++) {
    if (ink[i]! < BOX_INK) continue;
    const x = i % width;
    const y = (i - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    if (top === -1) top = y;
    bottom = y;
  }
  if (bottom === -1) return undefined;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
