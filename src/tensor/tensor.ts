import { allocate, copyArray } from "./allocate.js";
import { ShapeError } from "./errors.js";
import { describe } from "./expect.js";
import { printTensor } from "./print.js";
import { expectAxes, expectShape, expectValidShape, formatShape, type Shape, sizeOf } from "./shape.js";

/** Numbers nested as deep as the tensor has axes: `5`, `[1, 2]`, `[[1, 2], [3, 4]]`. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * A multi-dimensional array of float32: a shape, and the elements in row-major order (the last axis varies
 * fastest), so that element `[n, h, w, c]` of a shape `[N, H, W, C]` is `data[((n·H + h)·W + w)·C + c]`.
 *
 * ```ts
 * const x = Tensor.from([[1, 2, 3], [4, 5, 6]]);
 * x.shape;            // [2, 3]
 * x.at(1, 0);         // 4
 * x.reshape([3, 2]);  // the same six numbers, as [[1, 2], [3, 4], [5, 6]]
 * ```
 */
export class Tensor {
  /** The length of each axis. */
  readonly shape: Shape;
  /**
   * The elements, row-major. Writing here writes the tensor, and every `reshape` of it.
   *
   * The array of a model's tensor may be a part of memory that all models and threads share, which is used again when
   * the tensor is gone. So keep the tensor as long as a `subarray` of its data, and hand a copy, `data.slice()`, to
   * whatever sends or transfers arrays.
   */
  readonly data: Float32Array;

  /**
   * A tensor over `data`, which is not copied; zeros where no data is given.
   *
   * @throws RangeError if an axis is not a whole number >= 0, or the shape too large for memory.
   * @throws ShapeError if `data` does not have as many elements as the shape.
   */
  constructor(shape: Shape, data?: Float32Array) {
    expectValidShape("Tensor", shape);
    if (data !== undefined && !(data instanceof Float32Array)) {
      throw new TypeError(
        `Tensor: expected data to be a Float32Array, got ${describe(data)}. Use Tensor.from for other numbers.`,
      );
    }
    const size = sizeOf(shape);
    if (data !== undefined && data.length !== size) {
      throw new ShapeError(
        `Tensor: expected ${size} elements for shape ${formatShape(shape)}, got ${data.length}.`,
      );
    }
    this.shape = [...shape];
    this.data = data ?? allocate("Tensor", shape);
  }

  /** A tensor of zeros. */
  static zeros(shape: Shape): Tensor {
    return new Tensor(shape);
  }

  /**
   * A tensor with a copy of the given numbers: nested arrays (their nesting is the shape), or a flat list with
   * the shape beside it.
   *
   * @throws ShapeError if the nesting is ragged, or the list does not fit the shape.
   * @throws TypeError if anything in it is not a number.
   */
  static from(values: NestedNumbers | ArrayLike<number>, shape?: Shape): Tensor {
    if (shape === undefined && (typeof values === "number" || Array.isArray(values))) {
      return fromNested(values as NestedNumbers);
    }
    const flat = typeof values === "number" ? [values] : values;
    expectNumbers(flat);
    // an array whose buffer was transferred has no elements, and cannot be copied
    return new Tensor(shape ?? [flat.length], new Float32Array(flat.length === 0 ? [] : flat));
  }

  /** The number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return this.data.length;
  }

  /**
   * The same elements under another shape; the data is shared, not copied. One axis may be -1: it is worked out
   * from the others.
   *
   * @throws ShapeError if the number of elements differs.
   */
  reshape(shape: Shape): Tensor {
    expectAxes("Tensor.reshape", shape);
    const areWhole = shape.every(Number.isSafeInteger); // before anything is multiplied
    const known = areWhole ? sizeOf(shape.filter((length) => length !== -1)) : 0;
    const free = shape.indexOf(-1);
    const wanted = free === -1 ? shape : shape.with(free, this.size / known);
    const isShape = areWhole && wanted.every((length) => Number.isSafeInteger(length) && length >= 0);
    if (!isShape || sizeOf(wanted) !== this.size) {
      throw new ShapeError(
        `Tensor.reshape: expected a shape of ${this.size} elements, as ${formatShape(this.shape)} has, got ${formatShape(shape)}.`,
      );
    }
    return new Tensor(wanted, this.data);
  }

  /** A copy with its own data. */
  clone(): Tensor {
    return new Tensor(this.shape, copyArray("Tensor.clone", this.data));
  }

  /**
   * The element at an index, one number for each axis.
   *
   * @throws RangeError if there are too few or too many indices, or one is outside its axis.
   */
  at(...index: number[]): number {
    let offset = 0;
    const inside = (i: number, axis: number): boolean =>
      Number.isInteger(i) && i >= 0 && i < this.shape[axis]!;
    if (index.length !== this.rank || !index.every(inside)) {
      throw new RangeError(
        `Tensor.at: expected an index inside ${formatShape(this.shape)}, got ${formatShape(index)}.`,
      );
    }
    for (const [axis, i] of index.entries()) offset = offset * this.shape[axis]! + i;
    return this.data[offset]!;
  }

  /** The elements as nested arrays, a number for the empty shape. */
  toArray(): NestedNumbers {
    const nest = (axis: number, offset: number, size: number): NestedNumbers => {
      if (axis === this.rank) return this.data[offset]!;
      const length = this.shape[axis]!;
      const step = size / length;
      return Array.from({ length }, (_, i) => nest(axis + 1, offset + i * step, step));
    };
    return nest(0, 0, this.size);
  }

  /** The shape and the elements, laid out in rows; long axes are cut in the middle. */
  toString(): string {
    return printTensor(this.shape, this.data);
  }

  /** What `console.log` shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function fromNested(values: NestedNumbers): Tensor {
  const shape: number[] = [];
  for (let level: NestedNumbers | undefined = values; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
  }
  const flat: number[] = [];
  const collect = (level: NestedNumbers, axis: number): void => {
    if (typeof level === "number" && axis === shape.length) {
      flat.push(level);
    } else if (Array.isArray(level) && level.length === shape[axis]) {
      for (const inner of level) collect(inner, axis + 1);
    } else if (typeof level === "number" || Array.isArray(level)) {
      throw new ShapeError(
        `Tensor.from: expected nested arrays of shape ${formatShape(shape)}, got ${describe(level)} at depth ${axis}.`,
      );
    } else {
      throw new TypeError(`Tensor.from: expected numbers, got ${describe(level)} at depth ${axis}.`);
    }
  };
  collect(values, 0);
  return new Tensor(shape, Float32Array.from(flat));
}

/** Checks that a list holds numbers and nothing else, before float32 would make NaN of it. */
function expectNumbers(list: unknown): asserts list is ArrayLike<number> {
  if (typeof list !== "object" || list === null || !("length" in list) || typeof list.length !== "number") {
    throw new TypeError(
      `Tensor.from: expected a number, nested arrays or a typed array, got ${describe(list)}.`,
    );
  }
  const elements = list as ArrayLike<unknown>;
  for (let i = 0; i < elements.length; i++) {
    if (typeof elements[i] !== "number") {
      const hint = Array.isArray(elements[i]) ? " Nested arrays need no shape beside them." : "";
      throw new TypeError(
        `Tensor.from: expected a number at index ${i}, got ${describe(elements[i])}.${hint}`,
      );
    }
  }
}

/**
 * Checks that a value is a Tensor.
 *
 * @param what which one, where a function takes several: `out to be a Tensor`
 * @throws TypeError `Sequential.forward: expected a Tensor, got [1, 2]. Tensor.from makes one.`
 */
export function expectTensor(where: string, value: unknown, what = "a Tensor"): asserts value is Tensor {
  if (!(value instanceof Tensor)) {
    throw new TypeError(`${where}: expected ${what}, got ${describe(value)}. Tensor.from makes one.`);
  }
  if (value.size !== sizeOf(value.shape)) {
    throw new ShapeError(
      `${where}: expected ${what} with its data, got one whose buffer was transferred, as to another thread. Transfer a copy.`,
    );
  }
}

/**
 * Checks that a value is a Tensor, and its shape as `expectShape` does.
 *
 * @throws TypeError or ShapeError if it is not.
 */
export function expectTensorOf(
  where: string,
  value: unknown,
  pattern: readonly (number | string)[],
): asserts value is Tensor {
  expectTensor(where, value);
  expectShape(where, value.shape, pattern);
}
