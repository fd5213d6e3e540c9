import { ShapeError } from "./errors.js";
import { describe, refuse } from "./expect.js";

/** The length of each axis, outermost first: `[N, H, W, C]` for a batch of images. */
export type Shape = readonly number[];

/** The number of elements of a shape: the product of its axes (1 for the empty shape of a scalar). */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Axes that are printed of a shape, at most. */
const SHOWN_AXES = 16;

/** Axes that a tensor has, at most: whoever asks for more has mistaken the elements for the shape. */
const MOST_AXES = 64;

/** `[2, 3]`, as error messages print a shape; one of many axes is cut, and what is no length is described. */
export function formatShape(shape: readonly unknown[]): string {
  const show = (length: unknown): string =>
    typeof length === "object" || typeof length === "function" ? describe(length) : String(length);
  const more = shape.length > SHOWN_AXES ? ", ..." : "";
  return `[${Array.from({ length: Math.min(shape.length, SHOWN_AXES) }, (_, i) => show(shape[i])).join(", ")}${more}]`;
}

/** True if both shapes have the same axes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/**
 * Checks `shape` against a pattern of exact lengths and names: a number must match, a name takes any length.
 *
 * @throws ShapeError `Dense.forward: expected shape [N, 4], got [2, 7].`
 * @throws TypeError if `shape` is none, as that of an array in place of a Tensor.
 */
export function expectShape(
  where: string,
  shape: Shape,
  pattern: readonly (number | string)[],
  remedy = "",
): void {
  if (!Array.isArray(pattern)) refuse(where, "pattern", "an array of lengths and names", pattern);
  if (typeof remedy !== "string") refuse(where, "remedy", "a text", remedy);
  if (!Array.isArray(shape)) {
    throw new TypeError(
      `${where}: expected shape ${formatShape(pattern)}, got ${describe(shape)}. Tensor.from makes a Tensor of arrays.`,
    );
  }
  const matches =
    shape.length === pattern.length &&
    pattern.every((wanted, axis) => typeof wanted === "string" || wanted === shape[axis]);
  if (!matches) {
    const hint = remedy && ` ${remedy}`;
    throw new ShapeError(
      `${where}: expected shape ${formatShape(pattern)}, got ${formatShape(shape)}.${hint}`,
    );
  }
}

/** True if each axis is a whole number of at least 1; unlike `every`, it does not pass over holes. */
export function isSampleShape(shape: Shape): boolean {
  return shape.findIndex((length) => !(Number.isSafeInteger(length) && length >= 1)) === -1;
}

/**
 * Checks that a shape is an array of no more than 64 axes; the axes are not looked at.
 *
 * @throws TypeError or RangeError if it is not.
 */
export function expectAxes(where: string, shape: Shape): void {
  if (!Array.isArray(shape)) refuse(where, "shape", "an array of axis lengths", shape);
  if (shape.length <= MOST_AXES) return;
  throw new RangeError(`${where}: expected a shape of at most ${MOST_AXES} axes, got ${shape.length}.`);
}

/**
 * Checks the axes of a shape: each is a whole number that is not negative, and the elements can be counted exactly.
 *
 * @throws TypeError or RangeError if it is not.
 */
export function expectValidShape(where: string, shape: Shape): void {
  expectAxes(where, shape);
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new RangeError(`${where}: expected axes that are whole numbers >= 0, got ${formatShape(shape)}.`);
    }
  }
  if (!Number.isSafeInteger(sizeOf(shape))) {
    throw new RangeError(
      `${where}: expected a shape of fewer than 2^53 elements, got ${formatShape(shape)}.`,
    );
  }
}
