import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/tensor/errors.js";
import { expectPadding, type Padding, slidingWindow } from "../../src/tensor/window.js";
import { naiveAxis } from "../helpers/naive.js";
import { windowCases } from "../helpers/windows.js";

describe("slidingWindow", () => {
  test("with padding valid, stays inside the image", () => {
    const window = slidingWindow("here", [5, 7, 2], { kernelSize: 3, strides: 1, padding: "valid" });
    expect(window).toEqual({
      ...{ H: 5, W: 7, C: 2, KH: 3, KW: 3, OH: 3, OW: 5 },
      ...{ strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, padTop: 0, padLeft: 0 },
    });
  });

  test("leaves out what is too little for another step", () => {
    const window = slidingWindow("here", [6, 8, 1], {
      kernelSize: [2, 3],
      strides: [3, 2],
      padding: "valid",
    });
    expect(window).toMatchObject({ OH: 2, OW: 3 }); // at rows 0 and 3, columns 0, 2 and 4
  });

  test("with padding same, gives as many cells as there are strides in the image", () => {
    const window = slidingWindow("here", [5, 5, 1], { kernelSize: 3, strides: [1, 2], padding: "same" });
    expect(window).toMatchObject({ OH: 5, OW: 3, padTop: 1, padLeft: 1 });
  });

  test("with padding same, puts the odd cell at the bottom and the right", () => {
    const even = slidingWindow("here", [4, 4, 1], { kernelSize: [2, 4], strides: 1, padding: "same" });
    expect(even).toMatchObject({ OH: 4, OW: 4, padTop: 0, padLeft: 1 }); // 0 above and 1 below; 1 left and 2 right
    const strided = slidingWindow("here", [28, 28, 1], { kernelSize: 3, strides: 2, padding: "same" });
    expect(strided).toMatchObject({ OH: 14, OW: 14, padTop: 0, padLeft: 0 });
  });

  test("with padding same, pads nothing where the stride is larger than the kernel", () => {
    const window = slidingWindow("here", [5, 4, 1], { kernelSize: 1, strides: 3, padding: "same" });
    expect(window).toMatchObject({ OH: 2, OW: 2, padTop: 0, padLeft: 0 });
  });

  test("takes padding for each side, and as much as one likes", () => {
    const padding: Padding = [
      [1, 0],
      [2, 7],
    ];
    const window = slidingWindow("here", [3, 3, 1], { kernelSize: 2, strides: 1, padding });
    expect(window).toMatchObject({ OH: 3, OW: 11, padTop: 1, padLeft: 2 });
  });

  test("spreads the taps of a dilated kernel", () => {
    const window = slidingWindow("here", [7, 7, 1], {
      kernelSize: 3,
      strides: 1,
      padding: "valid",
      dilationRate: [1, 3],
    });
    expect(window).toMatchObject({ KH: 3, KW: 3, OH: 5, OW: 1, dilationH: 1, dilationW: 3 }); // reaches over 3 and 7
  });

  test("takes a kernel as large as the image", () => {
    const window = slidingWindow("here", [4, 3, 1], { kernelSize: [4, 3], strides: 1, padding: "valid" });
    expect(window).toMatchObject({ OH: 1, OW: 1 });
  });

  test("puts each tap where sliding step by step puts it", () => {
    fc.assert(
      fc.property(windowCases(), ({ shape: [, ...image], window: options }) => {
        const { H, W, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } =
          slidingWindow("here", image, options);
        const axes = [
          { places: OH, taps: KH, stride: strideH, dilation: dilationH, pad: padTop, length: H },
          { places: OW, taps: KW, stride: strideW, dilation: dilationW, pad: padLeft, length: W },
        ] as const;
        for (const [axis, { places, taps, stride, dilation, pad, length }] of axes.entries()) {
          const naive = naiveAxis(length, axis === 0 ? 0 : 1, options);
          expect(naive).toMatchObject({ places, taps });
          for (let place = 0; place < places; place++) {
            for (let tap = 0; tap < taps; tap++) {
              const cell = place * stride + tap * dilation - pad;
              expect(naive.cell(place, tap)).toBe(cell >= 0 && cell < length ? cell : undefined);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test("refuses what is no image", () => {
    expect(() =>
      slidingWindow("Conv2D.build", [28, 28], { kernelSize: 3, strides: 1, padding: "valid" }),
    ).toThrow("Conv2D.build: expected shape [H, W, C], got [28, 28]. Images are [height, width, channels].");
  });

  test("refuses a kernel larger than the image, its padding or its dilation counted", () => {
    const build = (kernelSize: number, padding: Padding, dilationRate = 1) =>
      slidingWindow("Conv2D.build", [4, 6, 1], { kernelSize, strides: 1, padding, dilationRate });
    expect(() => build(5, "valid")).toThrow(
      'Conv2D.build: expected a kernel no larger than its input of [4, 6], got [5, 5]. Use a smaller kernel, or padding "same".',
    );
    const sides: Padding = [
      [1, 1],
      [0, 0],
    ];
    expect(build(6, sides)).toMatchObject({ OH: 1, OW: 1 });
    expect(() => build(7, sides)).toThrow(
      'Conv2D.build: expected a kernel no larger than its input of [4, 6] and its padding, got [7, 7]. Use a smaller kernel, or padding "same".',
    );
    expect(() => build(3, "valid", 2)).toThrow(
      "Conv2D.build: expected a kernel no larger than its input of [4, 6], got [3, 3] (spread over [5, 5] by its dilation). " +
        'Use a smaller kernel, or padding "same".',
    );
  });

  test("refuses a kernel that is too wide, or reaches too far along one axis only", () => {
    const build = (kernelSize: [number, number], dilationRate: [number, number]) => () =>
      slidingWindow("here", [4, 6, 1], { kernelSize, strides: 1, padding: "valid", dilationRate });
    const remedy = 'Use a smaller kernel, or padding "same".';
    const wanted = "here: expected a kernel no larger than its input of [4, 6]";
    expect(build([4, 7], [1, 1])).toThrow(new ShapeError(`${wanted}, got [4, 7]. ${remedy}`));
    expect(build([3, 2], [2, 1])).toThrow(
      new ShapeError(`${wanted}, got [3, 2] (spread over [5, 2] by its dilation). ${remedy}`),
    );
    expect(build([2, 4], [1, 2])).toThrow(
      new ShapeError(`${wanted}, got [2, 4] (spread over [2, 7] by its dilation). ${remedy}`),
    );
  });

  test.each(["kernelSize", "strides", "dilationRate"] as const)("refuses no %s at all", (name) => {
    const options = { kernelSize: 2, strides: 1, padding: "valid", dilationRate: 1 } as const;
    expect(() => slidingWindow("Conv2D.build", [4, 4, 1], { ...options, [name]: 0 })).toThrow(
      new RangeError(`Conv2D.build: expected ${name} to be a whole number >= 1, got 0 (number).`),
    );
  });

  test("refuses an image without a pixel", () => {
    expect(() => slidingWindow("here", [0, 4, 1], { kernelSize: 1, strides: 1, padding: "same" })).toThrow(
      "here: expected a kernel no larger than its input of [0, 4], got [1, 1].",
    );
  });
});

describe("expectPadding", () => {
  // values that the types rule out, as they come from plain JavaScript and from files
  const check = (padding: unknown) => () => expectPadding("Conv2D", padding as Padding);

  test("returns what it has checked", () => {
    expect(expectPadding("Conv2D", "same")).toBe("same");
    const sides: Padding = [
      [0, 1],
      [2, 3],
    ];
    expect(expectPadding("Conv2D", sides)).toBe(sides);
  });

  test("refuses other words", () => {
    expect(check("full")).toThrow(
      new RangeError('Conv2D: expected padding to be "valid" or "same", got "full" (string).'),
    );
  });

  test("refuses what is neither a word nor four numbers", () => {
    const wanted = 'Conv2D: expected padding to be "valid", "same" or [[top, bottom], [left, right]]';
    expect(check(1)).toThrow(new TypeError(`${wanted}, got 1 (number).`));
    expect(check(null)).toThrow(new TypeError(`${wanted}, got null.`));
    expect(check([1, 2])).toThrow(new TypeError(`${wanted}, got [1, 2].`));
    expect(check([[1, 2]])).toThrow(TypeError);
    expect(check([[1, 2], [3]])).toThrow(TypeError);
  });

  test("refuses sides that are no counts", () => {
    const wanted = "Conv2D: expected each side of padding to be a whole number >= 0";
    expect(
      check([
        [0, -1],
        [0, 0],
      ]),
    ).toThrow(new RangeError(`${wanted}, got -1 (number).`));
    expect(
      check([
        [0, 0],
        [0.5, 0],
      ]),
    ).toThrow(new RangeError(`${wanted}, got 0.5 (number).`));
    expect(
      check([
        [0, 0],
        [0, NaN],
      ]),
    ).toThrow(new RangeError(`${wanted}, got NaN (number).`));
  });
});
