import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import { expectTensor, type NestedNumbers, Tensor } from "../../src/tensor/tensor.js";
import { withoutMemoryFor } from "../helpers/refuse-arrays.js";

describe("Tensor", () => {
  test("holds its elements row by row", () => {
    const x = Tensor.from([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(x.shape).toEqual([2, 3]);
    expect(x.rank).toBe(2);
    expect(x.size).toBe(6);
    expect([...x.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("is over the data it is given, not over a copy, and keeps a shape of its own", () => {
    const data = Float32Array.of(1, 2);
    const shape = [2, 1];
    const x = new Tensor(shape, data);
    shape[0] = 9;
    data[1] = 7;
    expect(x.data).toBe(data);
    expect(x.at(1, 0)).toBe(7);
    expect(x.shape).toEqual([2, 1]);
  });

  test("is zero where no data is given", () => {
    expect(new Tensor([2, 2]).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(Tensor.zeros([3]).toArray()).toEqual([0, 0, 0]);
    expect(new Tensor([]).toArray()).toBe(0);
    expect(new Tensor([2, 0]).toArray()).toEqual([[], []]);
  });

  test("refuses a shape that is none", () => {
    expect(() => new Tensor(3 as never)).toThrow(
      new TypeError("Tensor: expected shape to be an array of axis lengths, got 3 (number)."),
    );
    expect(() => new Tensor([2, 1.5])).toThrow(
      new RangeError("Tensor: expected axes that are whole numbers >= 0, got [2, 1.5]."),
    );
  });

  test("refuses a shape that is too large for memory", () => {
    expect(() => new Tensor([1e6, 1e6])).toThrow(
      new RangeError("Tensor: expected a shape that fits into memory, got [1000000, 1000000] (4000 GB)."),
    );
  });

  test("refuses data that does not fit, or is no Float32Array", () => {
    expect(() => new Tensor([2, 3], new Float32Array(5))).toThrow(
      new ShapeError("Tensor: expected 6 elements for shape [2, 3], got 5."),
    );
    expect(() => new Tensor([2], [1, 2] as never)).toThrow(
      new TypeError(
        "Tensor: expected data to be a Float32Array, got [1, 2]. Use Tensor.from for other numbers.",
      ),
    );
  });
});

describe("Tensor.from", () => {
  test("takes nested arrays of any depth", () => {
    expect(Tensor.from(5).shape).toEqual([]);
    expect(Tensor.from([1, 2]).shape).toEqual([2]);
    expect(Tensor.from([[[1], [2]]]).shape).toEqual([1, 2, 1]);
    expect(Tensor.from([]).shape).toEqual([0]);
    expect(Tensor.from([[], []]).shape).toEqual([2, 0]);
  });

  test("takes a flat list with the shape beside it, and typed arrays", () => {
    expect(Tensor.from([1, 2, 3, 4], [2, 2]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(Tensor.from(Uint8Array.of(1, 255), [2, 1]).toArray()).toEqual([[1], [255]]);
    expect(Tensor.from(Float64Array.of(1, 2)).shape).toEqual([2]);
    expect(Tensor.from({ length: 2, 0: 3, 1: 4 }).toArray()).toEqual([3, 4]);
    expect(Tensor.from(5, [1, 1]).toArray()).toEqual([[5]]);
  });

  test("copies", () => {
    const data = Float32Array.of(1, 2);
    Tensor.from(data).data[0] = 9;
    expect(data[0]).toBe(1);
  });

  test("rounds to float32 and keeps NaN", () => {
    expect(Tensor.from([0.1, Number.NaN]).toArray()).toEqual([Math.fround(0.1), Number.NaN]);
  });

  test("refuses ragged nesting, wherever it is", () => {
    expect(() => Tensor.from([[1, 2], [3]])).toThrow(
      new ShapeError("Tensor.from: expected nested arrays of shape [2, 2], got [3] at depth 1."),
    );
    expect(() => Tensor.from([[1, 2], 3])).toThrow(
      new ShapeError("Tensor.from: expected nested arrays of shape [2, 2], got 3 (number) at depth 1."),
    );
    expect(() => Tensor.from([1, [2]])).toThrow(
      new ShapeError("Tensor.from: expected nested arrays of shape [2], got [2] at depth 1."),
    );
    expect(() => Tensor.from([[], [1]])).toThrow(ShapeError);
  });

  test("refuses a list that does not fit the shape", () => {
    expect(() => Tensor.from([1, 2, 3], [2, 2])).toThrow(
      new ShapeError("Tensor: expected 4 elements for shape [2, 2], got 3."),
    );
  });

  test("refuses nested arrays with a shape beside them", () => {
    expect(() => Tensor.from([[1, 2]], [1])).toThrow(
      new TypeError(
        "Tensor.from: expected a number at index 0, got [1, 2]. Nested arrays need no shape beside them.",
      ),
    );
  });

  test("refuses what is no number, rather than make NaN of it", () => {
    const from = (values: unknown, shape?: number[]) => Tensor.from(values as NestedNumbers, shape);
    expect(() => from(["a"])).toThrow(
      new TypeError('Tensor.from: expected numbers, got "a" (string) at depth 1.'),
    );
    expect(() => from([[1], [null]])).toThrow(
      new TypeError("Tensor.from: expected numbers, got null at depth 2."),
    );
    expect(() => from([Float32Array.of(1)])).toThrow(
      new TypeError("Tensor.from: expected numbers, got a value of type Float32Array at depth 1."),
    );
    expect(() => from([1, "2"], [2])).toThrow(
      new TypeError('Tensor.from: expected a number at index 1, got "2" (string).'),
    );
    expect(() => from(BigInt64Array.of(1n))).toThrow(
      new TypeError("Tensor.from: expected a number at index 0, got 1 (bigint)."),
    );
  });

  test.each([
    ["abc", '"abc" (string)'],
    [undefined, "undefined"],
    [null, "null"],
    [{}, "an object"],
    [{ length: "2", 0: 1, 1: 2 }, "an object"],
    [new Tensor([1]), "a value of type Tensor"],
  ])("refuses %j, which is no list", (value, shown) => {
    expect(() => Tensor.from(value as never)).toThrow(
      new TypeError(`Tensor.from: expected a number, nested arrays or a typed array, got ${shown}.`),
    );
  });

  test("is undone by toArray", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, (shape) => {
        const x = new Tensor(shape);
        x.data.forEach((_, i) => {
          x.data[i] = i + 0.5;
        });
        expect(Tensor.from(x.toArray())).toEqual(x);
      }),
    );
  });
});

describe("Tensor.reshape", () => {
  test("shows the same elements under another shape", () => {
    const x = Tensor.from([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const y = x.reshape([3, 2]);
    expect(y.toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    y.data[0] = 9;
    expect(x.at(0, 0)).toBe(9);
  });

  test("works out one axis of -1", () => {
    const x = new Tensor([2, 3, 4]);
    expect(x.reshape([-1]).shape).toEqual([24]);
    expect(x.reshape([4, -1]).shape).toEqual([4, 6]);
    expect(x.reshape([-1, 8]).shape).toEqual([3, 8]);
    expect(new Tensor([0, 3]).reshape([-1, 3]).shape).toEqual([0, 3]);
    expect(new Tensor([1]).reshape([]).shape).toEqual([]);
  });

  test("refuses another number of elements", () => {
    expect(() => new Tensor([2, 3]).reshape([4, 2])).toThrow(
      new ShapeError("Tensor.reshape: expected a shape of 6 elements, as [2, 3] has, got [4, 2]."),
    );
  });

  test.each([
    [[4, -1]], // 6 / 4 is no whole number, though 4·1.5 is 6
    [[-1, -1]],
    [[-2, -3]],
    [[-1, 0]],
    [[2.5, 2.4]],
    [[Number.NaN]],
  ])("refuses %j for six elements", (shape) => {
    expect(() => new Tensor([6]).reshape(shape)).toThrow(ShapeError);
  });

  test("refuses what is no shape", () => {
    expect(() => new Tensor([6]).reshape(6 as never)).toThrow(
      new TypeError("Tensor.reshape: expected shape to be an array of axis lengths, got 6 (number)."),
    );
  });
});

describe("Tensor.at", () => {
  test("finds [n, h, w, c] at ((n·H + h)·W + w)·C + c", () => {
    const x = Tensor.from(
      Array.from({ length: 120 }, (_, i) => i),
      [2, 3, 4, 5],
    );
    expect(x.at(1, 2, 3, 4)).toBe(119);
    expect(x.at(1, 0, 2, 3)).toBe(((1 * 3 + 0) * 4 + 2) * 5 + 3);
    expect(Tensor.from(7).at()).toBe(7);
  });

  test("refuses an index outside, or of another length", () => {
    const x = new Tensor([2, 3]);
    expect(() => x.at(2, 0)).toThrow(
      new RangeError("Tensor.at: expected an index inside [2, 3], got [2, 0]."),
    );
    for (const index of [[], [0], [0, 0, 0], [-1, 0], [0, 3], [0, 0.5], [0, Number.NaN]]) {
      expect(() => x.at(...index)).toThrow(RangeError);
    }
  });
});

describe("Tensor.clone", () => {
  test("tells the shape there is no memory for", () => {
    const x = new Tensor([2, 3]);
    expect(() => withoutMemoryFor("Float32Array", () => x.clone())).toThrow(
      "Tensor.clone: expected a shape that fits into memory, got [6]",
    );
  });

  test("has data of its own", () => {
    const x = Tensor.from([1, 2]);
    const y = x.clone();
    y.data[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
    expect(y.shape).toEqual([2]);
  });
});

describe("Tensor.toString", () => {
  test("is what console.log shows", () => {
    const x = Tensor.from([1, 2]);
    expect(x.toString()).toBe("Tensor [2]\n[1, 2]");
    expect(inspect(x)).toBe(x.toString());
  });
});

describe("expectTensor", () => {
  test("lets a tensor through, and names what else came", () => {
    expect(() => expectTensor("Here", new Tensor([1]))).not.toThrow();
    expect(() => expectTensor("Sequential.forward", [1, 2])).toThrow(
      new TypeError("Sequential.forward: expected a Tensor, got [1, 2]. Tensor.from makes one."),
    );
  });
});
