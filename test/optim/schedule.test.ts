import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Schedule } from "../../src/optim/optimizer.js";
import { constant, cosineDecay, exponentialDecay, oneCycle, stepDecay } from "../../src/optim/schedule.js";

const ratesOf = (schedule: Schedule, steps: readonly number[]): number[] => steps.map(schedule);

describe("constant", () => {
  test("is the same in every step", () => {
    expect(ratesOf(constant(0.1), [0, 1, 1e6])).toEqual([0.1, 0.1, 0.1]);
    expect(constant(0)(5)).toBe(0);
  });

  test.each([
    [Number.NaN, "NaN (number)"],
    [-1, "-1 (number)"],
  ])("refuses %d", (rate, shown) => {
    expect(() => constant(rate)).toThrow(
      new RangeError(`constant: expected rate to be a finite number >= 0, got ${shown}.`),
    );
  });
});

describe("stepDecay", () => {
  test("multiplies by the factor every so many steps", () => {
    const schedule = stepDecay({ initial: 8, factor: 0.5, every: 10 });
    expect(ratesOf(schedule, [0, 9, 10, 19, 20, 30])).toEqual([8, 8, 4, 4, 2, 1]);
  });

  test.each([
    [{ initial: Number.NaN }, "initial to be a finite number >= 0, got NaN (number)"],
    [{ factor: Number.NaN }, "factor to be a finite number > 0, got NaN (number)"],
    [{ factor: 0 }, "factor to be a finite number > 0, got 0 (number)"],
    [{ every: Number.NaN }, "every to be a whole number >= 1, got NaN (number)"],
    [{ every: 0 }, "every to be a whole number >= 1, got 0 (number)"],
  ])("refuses %j", (wrong, expected) => {
    const options = { initial: 1, factor: 0.5, every: 10, ...wrong };
    expect(() => stepDecay(options)).toThrow(new RangeError(`stepDecay: expected ${expected}.`));
  });
});

describe("exponentialDecay", () => {
  test("has fallen by the decay rate after the decay steps, and by its root after half of them", () => {
    const schedule = exponentialDecay({ initial: 1, decayRate: 0.25, decaySteps: 100 });
    expect(ratesOf(schedule, [0, 50, 100, 200])).toBeAllclose([1, 0.5, 0.25, 0.0625], {
      rtol: 1e-12,
      atol: 0,
    });
  });

  test("as a staircase falls once every decay steps", () => {
    const schedule = exponentialDecay({ initial: 1, decayRate: 0.25, decaySteps: 100, staircase: true });
    expect(ratesOf(schedule, [0, 50, 99, 100, 199, 200])).toEqual([1, 1, 1, 0.25, 0.25, 0.0625]);
  });

  test.each([
    [{ initial: Number.NaN }, "initial to be a finite number >= 0, got NaN (number)"],
    [{ decayRate: Number.NaN }, "decayRate to be a finite number > 0, got NaN (number)"],
    [{ decaySteps: Number.NaN }, "decaySteps to be a whole number >= 1, got NaN (number)"],
  ])("refuses %j", (wrong, expected) => {
    const options = { initial: 1, decayRate: 0.5, decaySteps: 10, ...wrong };
    expect(() => exponentialDecay(options)).toThrow(
      new RangeError(`exponentialDecay: expected ${expected}.`),
    );
  });

  test("refuses what is neither true nor false for staircase", () => {
    expect(() =>
      exponentialDecay({ initial: 1, decayRate: 0.5, decaySteps: 1, staircase: 1 as never }),
    ).toThrow(new TypeError("exponentialDecay: expected staircase to be true or false, got 1 (number)."));
  });
});

describe("cosineDecay", () => {
  test("goes from the initial rate to the final one, half way at half the time", () => {
    const schedule = cosineDecay({ initial: 1, decaySteps: 60, final: 0.2 });
    // 0.2 + 0.8·(1 + cos)/2 with cos 60° = 0.5, cos 90° = 0, cos 120° = −0.5
    expect(ratesOf(schedule, [0, 20, 30, 40])).toBeAllclose([1, 0.8, 0.6, 0.4], { rtol: 1e-12, atol: 0 });
  });

  test("stays at the final rate, which is 0 unless another is given", () => {
    expect(ratesOf(cosineDecay({ initial: 1, decaySteps: 60 }), [60, 61, 1e9])).toEqual([0, 0, 0]);
    expect(ratesOf(cosineDecay({ initial: 1, decaySteps: 60, final: 0.2 }), [60, 61])).toEqual([0.2, 0.2]);
  });

  test.each([
    [{ initial: Number.NaN }, "initial to be a finite number >= 0, got NaN (number)"],
    [{ decaySteps: Number.NaN }, "decaySteps to be a whole number >= 1, got NaN (number)"],
    [{ decaySteps: 1.5 }, "decaySteps to be a whole number >= 1, got 1.5 (number)"],
    [{ final: Number.NaN }, "final to be a finite number >= 0, got NaN (number)"],
  ])("refuses %j", (wrong, expected) => {
    const options = { initial: 1, decaySteps: 10, ...wrong };
    expect(() => cosineDecay(options)).toThrow(new RangeError(`cosineDecay: expected ${expected}.`));
  });
});

describe("oneCycle", () => {
  test("rises in a straight line to the peak, and falls along a cosine", () => {
    // steps 0 to 100, the peak in step 20: half way up in step 10, half way down in step 60
    const schedule = oneCycle({ peak: 10, totalSteps: 101, warmup: 0.2, startFactor: 5, endFactor: 10 });
    expect(ratesOf(schedule, [0, 10, 20, 60, 100])).toBeAllclose([2, 6, 10, 5.5, 1], {
      rtol: 1e-12,
      atol: 0,
    });
  });

  test("starts at peak/25, has the peak after 15 % of the steps, and ends at peak/1000", () => {
    const schedule = oneCycle({ peak: 5e-3, totalSteps: 1001 });
    expect(ratesOf(schedule, [0, 150, 1000])).toBeAllclose([2e-4, 5e-3, 5e-6], { rtol: 1e-12, atol: 0 });
  });

  test("stays at the rate of the last step", () => {
    const schedule = oneCycle({ peak: 1, totalSteps: 10, endFactor: 8 });
    expect(ratesOf(schedule, [9, 10, 1e9])).toEqual([0.125, 0.125, 0.125]);
  });

  test("without warm-up starts at the peak", () => {
    expect(oneCycle({ peak: 3, totalSteps: 10, warmup: 0 })(0)).toBe(3);
  });

  test("of a single step has the last rate", () => {
    expect(oneCycle({ peak: 8, totalSteps: 1, endFactor: 4 })(0)).toBe(2);
  });

  test("only rises before its highest rate and only falls after it, within its bounds", () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), share, (totalSteps, warmup) => {
        const schedule = oneCycle({ peak: 1, totalSteps, warmup });
        const rates = Array.from({ length: totalSteps }, (_, step) => schedule(step));
        const top = Math.floor(warmup * (totalSteps - 1));
        expect(rates[top]).toBeCloseTo(1, 12);
        expect(rates.at(-1)).toBe(1 / 1000);
        for (let step = 1; step < totalSteps; step++) {
          if (step <= top) expect(rates[step]).toBeGreaterThan(rates[step - 1]!);
          else expect(rates[step]).toBeLessThan(rates[step - 1]!);
        }
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    [{ peak: Number.NaN }, "peak to be a finite number >= 0, got NaN (number)"],
    [{ totalSteps: Number.NaN }, "totalSteps to be a whole number >= 1, got NaN (number)"],
    [{ totalSteps: 0 }, "totalSteps to be a whole number >= 1, got 0 (number)"],
    [{ warmup: Number.NaN }, "warmup to be a finite number >= 0 and < 1, got NaN (number)"],
    [{ warmup: 1 }, "warmup to be a finite number >= 0 and < 1, got 1 (number)"],
    [{ startFactor: Number.NaN }, "startFactor to be a finite number > 0, got NaN (number)"],
    [{ endFactor: Number.NaN }, "endFactor to be a finite number > 0, got NaN (number)"],
  ])("refuses %j", (wrong, expected) => {
    const options = { peak: 1, totalSteps: 10, ...wrong };
    expect(() => oneCycle(options)).toThrow(new RangeError(`oneCycle: expected ${expected}.`));
  });
});
