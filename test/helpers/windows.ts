import fc from "fast-check";
import type { NaiveWindow } from "./naive.js";

/** A window, and the shape of a batch of images that it fits. */
export interface WindowCase {
  readonly shape: readonly [N: number, H: number, W: number, C: number];
  readonly window: NaiveWindow;
}

/** Which of a window's options vary; those of a convolution by default. */
export interface WindowChoice {
  /** The largest step from tap to tap. @default 2 */
  readonly maxDilation?: number;
}

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });

/**
 * Small batches, mostly of odd sizes, under windows of all three paddings. Explicit padding is smaller than the kernel,
 * as pooling wants it.
 */
export function windowCases({ maxDilation = 2 }: WindowChoice = {}): fc.Arbitrary<WindowCase> {
  return fc
    .record({
      N: upTo(3),
      C: upTo(3),
      size: fc.tuple(upTo(6), upTo(6)),
      kernelSize: fc.tuple(upTo(3), upTo(3)),
      strides: fc.tuple(upTo(4), upTo(4)),
      dilationRate: fc.tuple(upTo(maxDilation), upTo(maxDilation)),
    })
    .chain(({ N, C, size: [H, W], kernelSize, strides, dilationRate }) => {
      const side = (axis: 0 | 1): fc.Arbitrary<number> => upTo(kernelSize[axis] - 1, 0);
      const given = fc.tuple(fc.tuple(side(0), side(0)), fc.tuple(side(1), side(1)));
      return fc.oneof(fc.constantFrom("valid" as const, "same" as const), given).map(
        (padding): WindowCase => ({
          shape: [N, H, W, C],
          window: { kernelSize, strides, padding, dilationRate },
        }),
      );
    })
    .filter(fits);
}

/** Whether the kernel is no larger than the padded image. */
function fits({ shape, window: { kernelSize, dilationRate, padding } }: WindowCase): boolean {
  if (padding === "same") return true;
  return ([0, 1] as const).every((axis) => {
    const [before, after] = padding === "valid" ? [0, 0] : padding[axis];
    return (kernelSize[axis] - 1) * dilationRate[axis] + 1 <= before + shape[axis + 1]! + after;
  });
}
