import { describe, expect, test } from "vitest";
import { CounterRandom } from "../../src/tensor/counter-random.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { exp } from "../../src/tensor/exp.js";
import { isList } from "../../src/tensor/expect.js";
import { im2col } from "../../src/tensor/im2col.js";
import { initialize } from "../../src/tensor/init.js";
import { log } from "../../src/tensor/log.js";
import { matmul } from "../../src/tensor/matmul.js";
import { oneHot } from "../../src/tensor/one-hot.js";
import { Random } from "../../src/tensor/random.js";
import { columnSums } from "../../src/tensor/rows.js";
import { expectAxes, expectShape, formatShape } from "../../src/tensor/shape.js";
import { softmax } from "../../src/tensor/softmax.js";
import { expectTensor, Tensor } from "../../src/tensor/tensor.js";
import { slidingWindow } from "../../src/tensor/window.js";
import { expectWorkspace, HeapWorkspace } from "../../src/tensor/workspace.js";

// arguments as a caller in JavaScript may give them
const given = (value: unknown) => value as never;
const x = new Tensor([2, 2]);

describe("an argument of the wrong type is refused by its name:", () => {
  test.each<[string, () => unknown, string]>([
    ["exp", () => exp(given("1")), 'exp: expected x to be a number, got "1" (string).'],
    ["log", () => log(given("1")), 'log: expected x to be a number, got "1" (string).'],
    [
      "CounterRandom.fillUniform",
      () => new CounterRandom(1).fillUniform(given([0]), 0),
      "CounterRandom.fillUniform: expected out to be a Float32Array, got [0].",
    ],
    [
      "initialize, its source",
      () => initialize("zeros", x, given(Math)),
      "initialize: expected random to be a Random, got an object.",
    ],
    [
      "initialize, its tensor",
      () => initialize("zeros", given([0]), new Random(1)),
      "initialize: expected into to be a Tensor, got [0]. Tensor.from makes one.",
    ],
    [
      "oneHot",
      () => oneHot(given(3), 4),
      "oneHot: expected labels to be a list of class numbers, got 3 (number).",
    ],
    [
      "Random.uniform, low",
      () => new Random(1).uniform(given("0"), 1),
      'Random.uniform: expected finite bounds with low < high, got "0" (string) and 1 (number).',
    ],
    [
      "Random.uniform, high",
      () => new Random(1).uniform(0, given("1")),
      'Random.uniform: expected finite bounds with low < high, got 0 (number) and "1" (string).',
    ],
    [
      "softmax, its out",
      () => softmax(x, { out: given([0]) }),
      "softmax: expected out to be a Tensor, got [0]. Tensor.from makes one.",
    ],
    [
      "expectShape, its pattern",
      () => expectShape("here", [1], given("N")),
      'here: expected pattern to be an array of lengths and names, got "N" (string).',
    ],
    [
      "expectShape, its remedy",
      () => expectShape("here", [1], ["N"], given(3)),
      "here: expected remedy to be a text, got 3 (number).",
    ],
    ...(["transposeA", "transposeB", "accumulate"] as const).map((name): [string, () => unknown, string] => [
      `matmul, ${name}`,
      () => matmul(x, x, { [name]: given("yes") }),
      `matmul: expected ${name} to be true or false, got "yes" (string).`,
    ]),
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });

  test.each<[string, () => unknown]>([
    ["matmul", () => matmul(x, x, given(3))],
    ["softmax", () => softmax(x, given(3))],
    ["columnSums", () => columnSums(x, given(3))],
    ["im2col (window)", () => im2col(new Tensor([1, 2, 2, 1]), given(3))],
  ])("%s, its options", (where, call) => {
    expect(call).toThrow(
      new TypeError(`${where}: expected options to be an object, as in { name: value }, got 3 (number).`),
    );
  });
});

describe("im2col", () => {
  const window = slidingWindow("here", [2, 2, 1], {
    kernelSize: 1,
    strides: 1,
    padding: "valid",
    dilationRate: 1,
  });

  test("refuses a window that has a length or a padding which is none, by its name", () => {
    const images = new Tensor([1, 2, 2, 1]);
    for (const name of ["H", "KW", "OH", "strideH", "dilationW"]) {
      expect(() => im2col(images, { ...window, [name]: 0 })).toThrow(
        new RangeError(`im2col (window): expected ${name} to be a whole number >= 1, got 0 (number).`),
      );
    }
    for (const name of ["padTop", "padLeft"]) {
      expect(() => im2col(images, { ...window, [name]: -1 })).toThrow(
        new RangeError(`im2col (window): expected ${name} to be a whole number >= 0, got -1 (number).`),
      );
    }
  });
});

describe("what is a list", () => {
  test("is an array or a typed array, and no view of bytes", () => {
    expect([[1], new Uint8Array(1), new Float32Array(0)].map(isList)).toEqual([true, true, true]);
    expect([3, "3", {}, new DataView(new ArrayBuffer(1)), null].map(isList)).toEqual(Array(5).fill(false));
  });
});

describe("a shape", () => {
  test("of 64 axes is one, and of 65 is none", () => {
    expect(() => expectAxes("here", Array(64).fill(1))).not.toThrow();
    expect(() => expectAxes("here", Array(65).fill(1))).toThrow(
      new RangeError("here: expected a shape of at most 64 axes, got 65."),
    );
  });

  test("is shown with what it has instead of lengths", () => {
    expect(formatShape([1, "N", {}, () => 1, [2], null])).toBe(
      "[1, N, an object, a value of type Function, [2], null]",
    );
  });
});

describe("a Tensor", () => {
  test("whose buffer was sent to another thread is refused, whatever it is for", () => {
    const sent = new Tensor([2]);
    structuredClone(sent.data, { transfer: [sent.data.buffer as ArrayBuffer] });
    expect(() => expectTensor("here", sent, "out to be a Tensor")).toThrow(
      new ShapeError(
        "here: expected out to be a Tensor with its data, got one whose buffer was transferred, as to another thread. Transfer a copy.",
      ),
    );
  });

  test("is made of an array without elements, of one whose buffer is gone too", () => {
    const gone = new Float32Array(2);
    structuredClone(gone, { transfer: [gone.buffer] });
    expect(Tensor.from(gone).shape).toEqual([0]);
    expect(Tensor.from(new Float32Array(0), [0, 3]).shape).toEqual([0, 3]);
  });
});

describe("a workspace", () => {
  const message = (got: string) =>
    new TypeError(`here: expected workspace to be a Workspace, got ${got}. Leave it out for the default.`);

  test("has both of its methods", () => {
    const { tensor, batch } = HeapWorkspace.prototype;
    expect(() => expectWorkspace("here", new HeapWorkspace())).not.toThrow();
    expect(() => expectWorkspace("here", { tensor, batch })).not.toThrow();
    for (const [wrong, got] of [
      [undefined, "undefined"],
      [{}, "an object"],
      [{ tensor }, "an object"],
      [{ batch }, "an object"],
    ]) {
      expect(() => expectWorkspace("here", given(wrong))).toThrow(message(got as string));
    }
  });

  test("refuses room for samples of no shape", () => {
    expect(() => new HeapWorkspace().batch("y", [-1])).toThrow(
      "HeapWorkspace.batch: expected axes that are whole numbers >= 0, got [-1].",
    );
  });
});
