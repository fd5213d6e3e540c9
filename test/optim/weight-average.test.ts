import { describe, expect, test, vi } from "vitest";
import { WeightAverage } from "../../src/optim/weight-average.js";
import type { Parameter } from "../../src/tensor/parameter.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { withoutMemoryFor } from "../helpers/refuse-arrays.js";

function scalar(value: number, name = "w"): Parameter {
  return { name, value: Tensor.from([value]), grad: Tensor.zeros([1]) };
}

/** The average after a weight has had each of the values. */
function averageOf(average: WeightAverage, values: readonly number[]): number {
  const w = scalar(0);
  for (const value of values) {
    w.value.data[0] = value;
    average.update([w]);
  }
  average.swap([w]);
  return w.value.at(0);
}

describe("WeightAverage", () => {
  test("without warm-up starts at the first weights and keeps `decay` of itself", () => {
    // 8, then ¾·8 + ¼·4 = 7, then ¾·7 + ¼·3 = 6
    expect(averageOf(new WeightAverage({ decay: 0.75, warmUp: false }), [8, 4, 3])).toBe(6);
  });

  test("with warm-up keeps (1 + t) / (10 + t) of itself, until that reaches `decay`", () => {
    // 11, then 2/11·11 + 9/11·22 = 20, then 3/12·20 + 9/12·8 = 11
    expect(averageOf(new WeightAverage(), [11, 22, 8])).toBeCloseTo(11, 5);
    // with a decay of 1/5, 2/11 is below it and 3/12 is not: 11, then 20, then 1/5·20 + 4/5·8 = 10.4
    expect(averageOf(new WeightAverage({ decay: 0.2 }), [11, 22, 8])).toBeCloseTo(10.4, 5);
  });

  test("of weights that stay is these weights, to the last bit", () => {
    expect(averageOf(new WeightAverage(), Array<number>(100).fill(0.1))).toBe(Math.fround(0.1));
  });

  test("of one update is the weights, as their own copy", () => {
    const average = new WeightAverage();
    const w = scalar(3);
    average.update([w]);
    w.value.data[0] = 5;
    average.swap([w]);
    expect(w.value.at(0)).toBe(3);
  });

  test("of one update has the bits of the weights, of a zero below 0 and of an infinity too", () => {
    expect(averageOf(new WeightAverage(), [-0])).toBe(-0);
    expect(averageOf(new WeightAverage(), [Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  });

  test("goes on from a saved state with the same bits", () => {
    const [first, w] = [new WeightAverage(), scalar(1)];
    first.update([w]);
    w.value.data[0] = 0.3;
    first.update([w]);
    const saved = first.saveState([w]);
    expect(saved.numbers).toEqual(
      new Map([
        ["iterations", 2],
        ["w/updates", 2],
      ]),
    );

    const [second, copy] = [new WeightAverage(), { ...w, value: w.value.clone() }];
    second.restoreState([copy], saved);
    for (const [average, parameter] of [
      [first, w],
      [second, copy],
    ] as const) {
      parameter.value.data[0] = 0.7;
      average.update([parameter]);
      average.swap([parameter]);
    }
    expect(copy.value).toEqual(w.value);
  });

  test("neither saves nor restores while the averages are swapped in", () => {
    const average = new WeightAverage();
    const w = scalar(1, "conv2d_1/kernel");
    average.update([w]);
    const saved = average.saveState([w]);
    average.swap([w]);
    const got = "expected the weights in conv2d_1/kernel, got their average. Call swap again first.";
    expect(() => average.saveState([w])).toThrow(new Error(`WeightAverage.saveState: ${got}`));
    expect(() => average.restoreState([w], saved)).toThrow(new Error(`WeightAverage.restoreState: ${got}`));
  });

  test("refuses what is no state of it", () => {
    expect(() => new WeightAverage().restoreState([scalar(1)], {} as never)).toThrow(
      new TypeError("WeightAverage.restoreState: expected state to be a saved state, got an object."),
    );
  });

  test("swaps without any memory, which it could run out of half way through", () => {
    const average = new WeightAverage({ decay: 0.5 });
    const parameter = { name: "w", value: Tensor.zeros([100]), grad: Tensor.zeros([100]) };
    average.update([parameter]);
    parameter.value.data.fill(4);
    const slice = vi.spyOn(Float32Array.prototype, "slice");
    withoutMemoryFor("Float32Array", () => average.swap([parameter]));
    expect(slice).not.toHaveBeenCalled();
    expect(parameter.value.data).toEqual(new Float32Array(100));
    average.swap([parameter]);
    expect(parameter.value.data).toEqual(new Float32Array(100).fill(4));
  });

  test("swaps weights and averages, and back", () => {
    const average = new WeightAverage({ decay: 0.5, warmUp: false });
    const list = [scalar(2, "a"), scalar(4, "b")];
    average.update(list);
    for (const { value } of list) value.data[0] = 0;
    average.update(list);
    average.swap(list);
    expect(list.map(({ value }) => value.at(0))).toEqual([1, 2]);
    average.swap(list);
    expect(list.map(({ value }) => value.at(0))).toEqual([0, 0]);
    average.update(list); // and goes on from the average
    average.swap(list);
    expect(list.map(({ value }) => value.at(0))).toEqual([0.5, 1]);
  });

  test("does not change the weights when it is updated", () => {
    const average = new WeightAverage();
    const w = scalar(1);
    average.update([w]);
    w.value.data[0] = 2;
    average.update([w]);
    expect(w.value.at(0)).toBe(2);
  });

  test("keeps an average of its own for each parameter, in any order, also for one that joins late", () => {
    const average = new WeightAverage({ decay: 0.5, warmUp: false });
    const [a, b] = [scalar(1, "a"), scalar(8, "b")];
    average.update([a]);
    a.value.data[0] = 3;
    average.update([b, a]);
    b.value.data[0] = 0;
    average.update([a, b]);
    average.swap([b, a]);
    expect([a.value.at(0), b.value.at(0)]).toEqual([2.5, 4]); // a: 1, 2, 2.5; b: 8, 4
  });

  test("warms up by default, to a decay of 0.999", () => {
    const { decay, warmUp } = new WeightAverage();
    expect({ decay, warmUp }).toEqual({ decay: 0.999, warmUp: true });
  });

  test("refuses to average the averages, and changes nothing", () => {
    const average = new WeightAverage();
    const [a, b] = [scalar(1, "conv2d_1/kernel"), scalar(1, "conv2d_1/bias")];
    average.update([a, b]);
    average.swap([b]);
    expect(() => average.update([a, b])).toThrow(
      new Error(
        "WeightAverage.update: expected the weights in conv2d_1/bias, got their average. Call swap again first.",
      ),
    );
    average.swap([b]);
    average.update([a, b]);
  });

  test("refuses to swap before it has an average of every parameter, and changes nothing", () => {
    const average = new WeightAverage();
    const [a, b] = [scalar(1, "conv2d_1/kernel"), scalar(1, "conv2d_1/bias")];
    average.update([a]);
    a.value.data[0] = 5;
    expect(() => average.swap([a, b])).toThrow(
      new Error("WeightAverage.swap: expected an average of conv2d_1/bias, got none. Call update first."),
    );
    expect(a.value.at(0)).toBe(5);
  });

  test.each([
    [1, "1 (number)"],
    [-0.1, "-0.1 (number)"],
    [Number.NaN, "NaN (number)"],
  ])("refuses a decay of %d", (decay, shown) => {
    expect(() => new WeightAverage({ decay })).toThrow(
      new RangeError(`WeightAverage: expected decay to be a finite number >= 0 and < 1, got ${shown}.`),
    );
  });

  test("refuses what is neither true nor false for warmUp", () => {
    expect(() => new WeightAverage({ warmUp: 10 as never })).toThrow(
      new TypeError("WeightAverage: expected warmUp to be true or false, got 10 (number)."),
    );
  });

  test.each(["update", "swap"] as const)("refuses to %s what is no array of parameters", (method) => {
    expect(() => new WeightAverage()[method](scalar(1) as never)).toThrow(
      new TypeError(
        `WeightAverage.${method}: expected an array of parameters, got an object. A layer or model has it as \`parameters\`.`,
      ),
    );
  });
});
