import { describe, expect, test } from "vitest";
import { splitEnd, unseenClass } from "../../src/model/split-end.js";
import { Tensor } from "../../src/tensor/tensor.js";

const images = Tensor.from([[0], [1], [2], [3]]);

describe("splitEnd", () => {
  test("holds out the last share", () => {
    expect(splitEnd("Here", "part", { images, labels: [5, 6, 7, 8] }, 0.25)).toEqual({
      train: { images: Tensor.from([[0], [1], [2]]), labels: [5, 6, 7] },
      heldOut: { images: Tensor.from([[3]]), labels: [8] },
    });
  });

  test.each([0.1, 0.9])("refuses a share of %d of 4 images, which is none or all of them", (share) => {
    expect(() => splitEnd("Here", "part", { images, labels: [0, 0, 0, 0] }, share)).toThrow(
      new RangeError(`Here: expected part to leave images on both sides, got ${share} (number) of 4 images.`),
    );
  });
});

describe("unseenClass", () => {
  const unseen = (labels: number[] | Tensor): number | undefined =>
    unseenClass(splitEnd("Here", "part", { images, labels }, 0.5));

  test("is the first that is held out entirely", () => {
    expect(unseen([0, 1, 1, 0])).toBeUndefined();
    expect(unseen([0, 1, 2, 3])).toBe(2);
    expect(unseen([0, 1, 0, 3])).toBe(3);
  });

  test("is none of soft targets, which may be anything", () => {
    expect(unseen(images)).toBeUndefined();
  });
});
