import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Augmentation, type AugmentationOptions } from "../../src/mnist/augmentation.js";
import type { Pixels } from "../../src/model/dataset.js";
import { CounterRandom } from "../../src/tensor/counter-random.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** n images of 6 x 5 pixels and two channels. */
function someImages(n: number, seed = 1): Pixels {
  const random = new Random(seed);
  return { data: Uint8Array.from({ length: n * 60 }, () => random.integer(256)), shape: [n, 6, 5, 2] };
}

/** Image i of the given ones. */
const imageOf = ({ data }: Pixels, i: number): Uint8Array => data.slice(60 * i, 60 * i + 60);

const draws = (augmentation: Augmentation, epoch: number, n: number) =>
  Array.from({ length: n }, (_, image) => augmentation.draw(epoch, image));

describe("Augmentation", () => {
  test("leaves one image in five as it is", () => {
    const plain = draws(new Augmentation(), 1, 10_000).filter((warp) => warp === undefined).length;
    expect(Math.abs(plain - 2000)).toBeLessThan(4 * Math.sqrt(10_000 * 0.2 * 0.8)); // four standard deviations
    expect(draws(new Augmentation({ plainShare: 1 }), 1, 100).every((warp) => warp === undefined)).toBe(true);
    expect(draws(new Augmentation({ plainShare: 0 }), 1, 100).every((warp) => warp !== undefined)).toBe(true);
  });

  test("chooses others to be left in another epoch", () => {
    const plainIn = (epoch: number) => draws(new Augmentation(), epoch, 50).map((warp) => warp === undefined);
    expect(plainIn(2)).not.toEqual(plainIn(1));
  });

  test("orders n images by the seed and the epoch, in every order alike", () => {
    const augmentation = new Augmentation({ seed: 3 });
    expect([...augmentation.order(2, 50)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
    expect(augmentation.order(2, 50)).toEqual(new Augmentation({ seed: 3 }).order(2, 50));
    expect(augmentation.order(3, 50)).not.toEqual(augmentation.order(2, 50));
    expect(new Augmentation({ seed: 4 }).order(2, 50)).not.toEqual(augmentation.order(2, 50));
    expect([...augmentation.order(0, 0)]).toEqual([]);
    // a generator of 48 bits that no image draws
    const bits = new CounterRandom(3);
    const seed = bits.uniform(2, 2 ** 33 - 2) * 2 ** 48 + bits.uniform(2, 2 ** 33 - 1) * 2 ** 24;
    expect(augmentation.order(2, 50)).toEqual(new Random(seed).permutation(50));
    // of 6000 epochs 1000 for each of the six orders of three, with a standard deviation of 29
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 6000; epoch++) {
      const order = augmentation.order(epoch, 3).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  test("draws each number from its whole range, and no two alike", () => {
    const warps = draws(new Augmentation({ plainShare: 0 }), 3, 2000).map((warp) => warp!);
    const ranges = {
      rotation: [-12, 12],
      shiftX: [-2, 2],
      shiftY: [-2, 2],
      scale: [0.9, 1.1],
      shear: [-6, 6],
    };
    const names = Object.keys(ranges) as (keyof typeof ranges)[];
    const shares = names.map((name) => {
      const [low, high] = ranges[name] as [number, number];
      return warps.map((warp) => (warp[name] - low) / (high - low));
    });
    for (const values of shares) {
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values)).toBeLessThanOrEqual(1);
      // 200 in each tenth, with a standard deviation of 13
      for (let tenth = 0; tenth < 10; tenth++) {
        const count = values.filter((value) => Math.floor(10 * value) === tenth).length;
        expect(Math.abs(count - 200)).toBeLessThan(60);
      }
    }
    for (const [i, a] of shares.entries()) {
      for (const b of shares.slice(i + 1)) {
        // independent uniform numbers have a covariance of 0; the deviation of this estimate is 1/12/√2000 = 0.0019
        const covariance = a.reduce((sum, value, k) => sum + (value - 0.5) * (b[k]! - 0.5), 0) / a.length;
        expect(Math.abs(covariance)).toBeLessThan(0.008);
      }
    }
  });

  test("draws by seed, epoch and number, and by nothing else", () => {
    const augmentation = new Augmentation({ seed: 5, plainShare: 0 });
    const first = augmentation.draw(2, 7);
    augmentation.draw(1, 8);
    expect(augmentation.draw(2, 7)).toEqual(first);
    expect(new Augmentation({ seed: 5, plainShare: 0 }).draw(2, 7)).toEqual(first);
    for (const [seed, epoch, image] of [
      [6, 2, 7],
      [5, 3, 7],
      [5, 2, 8],
    ] as const) {
      expect(new Augmentation({ seed, plainShare: 0 }).draw(epoch, image)).not.toEqual(first);
    }
  });

  test("warps an image the same in any batch", () => {
    const all = someImages(12);
    const together = new Augmentation({ seed: 3 }).apply(someImages(12), {
      epoch: 4,
      numbers: Array.from({ length: 12 }, (_, i) => i),
    });
    expect(together.data).not.toEqual(all.data);
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(12).keys()], { minLength: 1 }), (numbers) => {
        const batch = { data: new Uint8Array(60 * numbers.length), shape: [numbers.length, 6, 5, 2] };
        for (const [i, number] of numbers.entries()) batch.data.set(imageOf(all, number), 60 * i);
        new Augmentation({ seed: 3 }).apply(batch, { epoch: 4, numbers });
        for (const [i, number] of numbers.entries()) {
          expect(imageOf(batch, i)).toEqual(imageOf(together, number));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("leaves plain images as they are, and changes the others in place", () => {
    const augmentation = new Augmentation({ plainShare: 0.5 });
    const before = someImages(40);
    const images = someImages(40);
    expect(augmentation.apply(images, { epoch: 1, numbers: [...Array(40).keys()] })).toBe(images);
    for (let i = 0; i < 40; i++) {
      const same = Buffer.compare(imageOf(images, i), imageOf(before, i)) === 0;
      expect(same).toBe(augmentation.draw(1, i) === undefined);
    }
  });

  test("takes images of one size after another", () => {
    const augmentation = new Augmentation({ rotation: 0, shift: 0, scale: [1, 1], shear: 0, plainShare: 0 });
    for (const shape of [
      [1, 2, 3, 1],
      [2, 3, 2, 1],
      [1, 4, 4, 2],
    ] as const) {
      const data = Uint8Array.from({ length: shape[0] * shape[1] * shape[2] * shape[3] }, (_, i) => i);
      const numbers = [...Array(shape[0]).keys()];
      expect(augmentation.apply({ data: data.slice(), shape }, { epoch: 1, numbers }).data).toEqual(data);
    }
  });

  test("draws what it always drew", () => {
    // the bits are part of a recipe's result: no change may go unseen
    expect(new Augmentation({ seed: 1 }).draw(1, 0)).toEqual({
      rotation: -5.426374912261963,
      shiftX: 1.1807529926300049,
      shiftY: 1.0390830039978027,
      scale: 0.914258372783661,
      shear: 5.584997892379761,
    });
  });

  test.each<[AugmentationOptions, string]>([
    [{ seed: -1 }, "seed to be a whole number >= 0, got -1 (number)"],
    [{ rotation: 181 }, "rotation to be a finite number >= 0 and <= 180, got 181 (number)"],
    [{ shift: -1 }, "shift to be a finite number >= 0 and <= 1024, got -1 (number)"],
    [{ scale: [0, 1] }, "scale to be a finite number >= 0.25 and <= 4, got 0 (number)"],
    [{ scale: [1, 0.5] }, "scale to be [smallest, largest], got [1, 0.5]"],
    [{ scale: 1 as never }, "scale to be [smallest, largest], got 1 (number)"],
    [{ shear: Number.NaN }, "shear to be a finite number >= 0 and <= 45, got NaN (number)"],
    [{ plainShare: 20 }, "plainShare to be a finite number >= 0 and <= 1, got 20 (number)"],
  ])("refuses %j", (options, message) => {
    expect(() => new Augmentation(options)).toThrow(new RangeError(`Augmentation: expected ${message}.`));
  });

  test("refuses images and numbers that do not fit", () => {
    const augmentation = new Augmentation();
    const apply =
      (images: unknown, numbers: readonly number[] = [0]) =>
      () =>
        augmentation.apply(images as Pixels, { epoch: 1, numbers });
    expect(apply(Tensor.zeros([1, 2, 2, 1]))).toThrow(
      new TypeError(
        "Augmentation.apply: expected images as bytes, { data: Uint8Array, shape }, got a Tensor. Augment them before they become one.",
      ),
    );
    expect(apply(undefined)).toThrow(
      new TypeError(
        "Augmentation.apply: expected images to be a Tensor, or { data: Uint8Array, shape }, got undefined.",
      ),
    );
    expect(apply({ data: new Uint8Array(4), shape: [1, 2, 2] })).toThrow(
      new ShapeError("Augmentation.apply: expected images of shape [N, H, W, C], got [1, 2, 2]."),
    );
    expect(apply({ data: new Uint8Array(5), shape: [1, 2, 2, 1] })).toThrow(
      new ShapeError("Augmentation.apply: expected 4 pixels for shape [1, 2, 2, 1], got 5."),
    );
    expect(apply({ data: new Uint8Array(1025), shape: [1, 1, 1025, 1] })).toThrow(
      new RangeError("Augmentation.apply: expected images of at most 1024 x 1024 pixels, got 1 x 1025."),
    );
    expect(apply({ data: new Uint8Array(8), shape: [2, 2, 2, 1] })).toThrow(
      new ShapeError("Augmentation.apply: expected a number for each of 2 images, got 1."),
    );
    expect(apply({ data: new Uint8Array(4), shape: [1, 2, 2, 1] }, [-1])).toThrow(
      new RangeError(
        "Augmentation.apply: expected numbers[0] to be a whole number >= 0 and <= 1431655764, got -1 (number).",
      ),
    );
    expect(() => augmentation.draw(1, 1431655764)).not.toThrow();
    expect(() => augmentation.order(-1, 3)).toThrow(
      new RangeError(
        "Augmentation.order: expected epoch to be a whole number >= 0 and < 4294967296, got -1 (number).",
      ),
    );
    expect(() => augmentation.order(1, 0.5)).toThrow(
      new RangeError(
        "Augmentation.order: expected n to be a whole number >= 0 and < 4294967296, got 0.5 (number).",
      ),
    );
    const image = { data: new Uint8Array(4), shape: [1, 2, 2, 1] };
    expect(() => augmentation.apply(image, undefined as never)).toThrow(
      new TypeError(
        "Augmentation.apply: expected options to be an object, as in { name: value }, got undefined.",
      ),
    );
    expect(() => augmentation.apply(image, { epoch: 1 } as never)).toThrow(
      new ShapeError("Augmentation.apply: expected a number for each of 1 images, got undefined."),
    );
    expect(() => augmentation.draw(1.5, 0)).toThrow(
      new RangeError(
        "Augmentation.draw: expected epoch to be a whole number >= 0 and < 4294967296, got 1.5 (number).",
      ),
    );
  });
});
