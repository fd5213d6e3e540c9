import { ShapeError } from "./errors.js";
import { describe } from "./expect.js";

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

/** `[2, 3]`, as error messages print a shape; one of many axes is cut. */
export function formatShape(shape: readonly (number | string)[]): string {
  const more = shape.length > SHOWN_AXES ? ", ..." : "";
  return `[${shape.slice(0, SHOWN_AXES).join(", ")}${more}]`;
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

/**
 * Checks that every axis is a whole number that is not negative, and that the elements can be counted exactly.
 *
 * @throws RangeError if one is not.
 */
export function expectValidShape(where: string, shape: Shape): void {
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
