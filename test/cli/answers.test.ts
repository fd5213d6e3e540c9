import { describe, expect, test } from "vitest";
import { countAnswers, formatAccuracy, formatShortfall, formatWrong } from "../../src/cli/answers.js";

describe("countAnswers", () => {
  const mistake = { index: 0, label: 0, predicted: 1, probability: 1 };

  test("adds up the right answers and the images of all tests", () => {
    expect(countAnswers([{ images: 10, mistakes: [mistake] }])).toEqual({ right: 9, images: 10 });
    expect(
      countAnswers([
        { images: 10, mistakes: [mistake] },
        { images: 5, mistakes: [mistake, mistake] },
      ]),
    ).toEqual({ right: 12, images: 15 });
  });
});

describe("formatAccuracy and formatWrong", () => {
  test("tell the share that is right, and the number that is wrong", () => {
    expect(formatAccuracy({ right: 9_812, images: 10_000 })).toBe("98.12%: 188 of 10,000 images wrong");
    expect(formatWrong({ right: 9_812, images: 10_000 })).toBe("188 of 10,000 images wrong");
  });

  test("know one image", () => {
    expect(formatAccuracy({ right: 1, images: 1 })).toBe("100.00%: 0 of 1 image wrong");
  });
});

describe("formatShortfall", () => {
  test("tells what was wanted and what came", () => {
    expect(formatShortfall({ right: 9_749, images: 10_000 }, 0.975, "a test accuracy")).toBe(
      "expected a test accuracy of at least 97.5%, got 97.49% (9,749 of 10,000).",
    );
  });

  test("is silent where enough is right", () => {
    expect(formatShortfall({ right: 975, images: 1000 }, 0.975, "an accuracy")).toBeUndefined();
    expect(formatShortfall({ right: 0, images: 100 }, 0, "an accuracy")).toBeUndefined();
  });

  test("shows the wanted accuracy as it was asked for", () => {
    for (const [share, text] of [
      [0.07, "7%"],
      [0.29, "29%"],
      [0.99999, "99.999%"],
      [1, "100%"],
    ] as const) {
      expect(formatShortfall({ right: 0, images: 100 }, share, "an accuracy")).toContain(
        `at least ${text}, got`,
      );
    }
  });
});
