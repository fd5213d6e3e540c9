import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import { expectPooled, poolingWindow } from "../../src/tensor/pooling-window.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { slidingWindow } from "../../src/tensor/window.js";

describe("poolingWindow", () => {
  test("is a sliding window of the size of the pool", () => {
    const image = [5, 7, 3];
    for (const padding of ["valid", "same"] as const) {
      expect(poolingWindow("here", image, { poolSize: [2, 3], strides: 2, padding })).toEqual(
        slidingWindow("here", image, { kernelSize: [2, 3], strides: 2, padding }),
      );
    }
  });

  test("takes padding on each side that is smaller than the pool", () => {
    const padding = [
      [1, 1],
      [0, 2],
    ] as const;
    const window = poolingWindow("here", [1, 1, 1], { poolSize: [2, 3], strides: 1, padding });
    expect(window).toMatchObject({ OH: 2, OW: 1, padTop: 1, padLeft: 0 });
  });

  test("refuses padding in which a window would find no pixel", () => {
    const wide = [
      [0, 0],
      [0, 3],
    ] as const;
    expect(() =>
      poolingWindow("AvgPool2D.build", [4, 4, 1], { poolSize: 3, strides: 1, padding: wide }),
    ).toThrow(
      new RangeError(
        "AvgPool2D.build: expected padding of less than the pool size [3, 3] on each side, got [[0, 0], [0, 3]]. " +
          "Every window needs a pixel.",
      ),
    );
    const high = [
      [2, 0],
      [0, 0],
    ] as const;
    expect(() => poolingWindow("here", [4, 4, 1], { poolSize: [2, 3], strides: 1, padding: high })).toThrow(
      RangeError,
    );
  });

  test("refuses sizes that are no sizes", () => {
    expect(() => poolingWindow("here", [4, 4, 1], { poolSize: 0, strides: 1, padding: "valid" })).toThrow(
      "here: expected poolSize to be a whole number >= 1, got 0 (number).",
    );
  });
});

describe("expectPooled", () => {
  const check = (images: number[], pooled: number[]) => () => {
    const window = poolingWindow("here", [4, 6, 3], { poolSize: 2, strides: 2, padding: "valid" });
    expectPooled("maxPool", new Tensor(images), new Tensor(pooled), window);
  };

  test("takes a batch of any size and its pool", () => {
    expect(check([5, 4, 6, 3], [5, 2, 3, 3])).not.toThrow();
    expect(check([0, 4, 6, 3], [0, 2, 3, 3])).not.toThrow();
  });

  test("refuses other images, and a pool of other cells or of another batch", () => {
    expect(check([5, 6, 4, 3], [5, 2, 3, 3])).toThrow(
      new ShapeError("maxPool: expected shape [N, 4, 6, 3], got [5, 6, 4, 3]."),
    );
    expect(check([5, 4, 6, 3], [5, 3, 2, 3])).toThrow(
      new ShapeError("maxPool: expected shape [5, 2, 3, 3], got [5, 3, 2, 3]."),
    );
    expect(check([5, 4, 6, 3], [1, 2, 3, 3])).toThrow(
      new ShapeError("maxPool: expected shape [5, 2, 3, 3], got [1, 2, 3, 3]."),
    );
  });
});
