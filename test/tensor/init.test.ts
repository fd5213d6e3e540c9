import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import { fans, INITIALIZERS, type Initializer, initialize } from "../../src/tensor/init.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";

function initialized(name: Initializer, shape: readonly number[], seed = 1): Float32Array {
  const tensor = new Tensor(shape);
  initialize(name, tensor, new Random(seed));
  return tensor.data;
}

const mean = (values: Float32Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const variance = (values: Float32Array): number => values.reduce((sum, v) => sum + v * v, 0) / values.length;
const largest = (values: Float32Array): number => values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);

describe("fans", () => {
  test("are the inputs and the outputs of a dense kernel", () => {
    expect(fans([784, 10])).toEqual({ fanIn: 784, fanOut: 10 });
  });

  test("count every tap of a convolution kernel", () => {
    expect(fans([5, 3, 8, 16])).toEqual({ fanIn: 5 * 3 * 8, fanOut: 5 * 3 * 16 });
  });
});

describe("initialize", () => {
  test("fills with zeros and ones, whatever the shape", () => {
    for (const shape of [[], [3], [2, 2], [2, 0]]) {
      expect(initialized("zeros", shape).every((v) => v === 0)).toBe(true);
      expect(initialized("ones", shape).every((v) => v === 1)).toBe(true);
    }
    const used = Tensor.from([5, 6]);
    initialize("zeros", used, new Random(1));
    expect([...used.data]).toEqual([0, 0]);
  });

  test("draws glorotUniform from ±√(6 / (fanIn + fanOut)): ±1 for two inputs and four outputs", () => {
    const [ours, random] = [new Random(1), new Random(1)];
    const tensor = new Tensor([2, 4]);
    initialize("glorotUniform", tensor, ours);
    expect([...tensor.data]).toEqual(Array.from({ length: 8 }, () => Math.fround(random.uniform(-1, 1))));
    expect(ours.state()).toEqual(random.state()); // no number is drawn in vain
  });

  test("draws heUniform from ±√(6 / fanIn): ±1 for six inputs", () => {
    const random = new Random(1);
    const expected = Array.from({ length: 12 }, () => Math.fround(random.uniform(-1, 1)));
    expect([...initialized("heUniform", [6, 2])]).toEqual(expected);
  });

  test("draws heNormal as often as it takes to stay within two deviations, and no more", () => {
    const [ours, random] = [new Random(1), new Random(1)];
    const tensor = new Tensor([50, 2]);
    initialize("heNormal", tensor, ours);
    const deviation = Math.sqrt(2 / 50) / 0.8796256610342398;
    const drawn: number[] = [];
    while (drawn.length < 100) {
      const z = random.normal();
      if (Math.abs(z) <= 2) drawn.push(Math.fround(deviation * z));
    }
    expect([...tensor.data]).toEqual(drawn);
    expect(ours.state()).toEqual(random.state());
  });

  test("takes two deviations for within two deviations", () => {
    class TwoFirst extends Random {
      readonly #drawn = [2, -2, 1];
      override normal(): number {
        return this.#drawn.shift()!;
      }
    }
    const tensor = new Tensor([2, 1]); // a variance of 1
    initialize("heNormal", tensor, new TwoFirst(1));
    expect(tensor.data[0]! / tensor.data[1]!).toBe(-1);
  });

  test.each([
    ["glorotUniform", 2 / (180 + 360)],
    ["glorotNormal", 2 / (180 + 360)],
    ["heUniform", 2 / 180],
    ["heNormal", 2 / 180],
  ] as const)("gives %s a mean of 0 and the variance of its paper", (name, wanted) => {
    const values = initialized(name, [3, 3, 20, 40]); // 7,200 weights, fan-in 180, fan-out 360
    expect(Math.abs(mean(values))).toBeLessThan(4 * Math.sqrt(wanted / values.length));
    expect(Math.abs(variance(values) / wanted - 1)).toBeLessThan(0.05);
  });

  test("cuts the normal ones off at two standard deviations, and widens them to the full variance", () => {
    const values = initialized("heNormal", [200, 500]);
    const deviation = Math.sqrt(2 / 200);
    expect(Math.abs(variance(values) / deviation ** 2 - 1)).toBeLessThan(0.02);
    // 2 / 0.8796 = 2.274 deviations of the result
    expect(largest(values) / deviation).toBeLessThan(2.2737);
    expect(largest(values) / deviation).toBeGreaterThan(2.26);
  });

  test("keeps the uniform ones within their limit", () => {
    const values = initialized("glorotUniform", [100, 500]);
    expect(largest(values)).toBeLessThanOrEqual(Math.fround(Math.sqrt(6 / 600)));
    expect(largest(values)).toBeGreaterThan(0.999 * Math.sqrt(6 / 600));
  });

  test("depends on nothing but the generator it is given", () => {
    for (const name of INITIALIZERS) {
      expect(initialized(name, [4, 5], 7)).toEqual(initialized(name, [4, 5], 7));
    }
    expect(initialized("heNormal", [4, 5], 7)).not.toEqual(initialized("heNormal", [4, 5], 8));
  });

  test("refuses a name that it does not know", () => {
    expect(() => initialized("he" as Initializer, [2, 2])).toThrow(
      new RangeError(
        'initialize: expected name to be "glorotUniform" or "glorotNormal" or "heUniform" or "heNormal" or "zeros" or "ones", got "he" (string).',
      ),
    );
  });

  test("refuses a shape that has no fans", () => {
    const error = new ShapeError(
      "initialize: expected a kernel of shape [I, O] or [KH, KW, C, F], got [3]. Only zeros and ones suit other shapes.",
    );
    for (const name of ["glorotUniform", "glorotNormal", "heUniform", "heNormal"] as const) {
      expect(() => initialized(name, [3])).toThrow(error);
    }
  });
});
