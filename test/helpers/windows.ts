import fc from "fast-check";
import type { NaiveWindow } from "./naive.js";

/** A window, and the shape of a batch of images that it fits. */
export interface WindowCase {
  readonly shape: readonly [N: number, H: number, W: number, C: number];
  readonly window: NaiveWindow;
}

/** Which of a window's options vary, and how far. */
export interface WindowChoice {
  /** The longest side of the kernel. @default 3 */
  readonly maxKernel?: number;
  /** The largest step from tap to tap. @default 2 */
  readonly maxDilation?: number;
  /** The most cells of explicit padding on a side. @default as many as pooling wants, fewer than the kernel has */
  readonly maxPadding?: number;
}

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
const pairs = (max: number) => fc.tuple(upTo(max), upTo(max));

/** Small batches, mostly of odd sizes, under windows of all three paddings; those of a convolution by default. */
export function windowCases(choice: WindowChoice = {}): fc.Arbitrary<WindowCase> {
  return fc
    .tuple(upTo(3), upTo(6), upTo(6), upTo(3))
    .chain((shape) => windowsFor(shape.slice(1), choice).map((window): WindowCase => ({ shape, window })));
}

/** Windows that fit images of shape [H, W, C]. */
export function windowsFor(
  image: readonly number[],
  { maxKernel = 3, maxDilation = 2, maxPadding }: WindowChoice,
): fc.Arbitrary<NaiveWindow> {
  return fc
    .record({ kernelSize: pairs(maxKernel), strides: pairs(4), dilationRate: pairs(maxDilation) })
    .chain(({ kernelSize, strides, dilationRate }) => {
      const sides = (axis: 0 | 1) => {
        const side = upTo(maxPadding ?? kernelSize[axis] - 1, 0);
        return fc.tuple(side, side);
      };
      return fc
        .oneof(fc.constantFrom("valid" as const, "same" as const), fc.tuple(sides(0), sides(1)))
        .map((padding): NaiveWindow => ({ kernelSize, strides, padding, dilationRate }));
    })
    .map((window) => (fits(image, window) ? window : { ...window, padding: "same" }));
}

/** Whether the kernel is no larger than the padded image. */
function fits(image: readonly number[], { kernelSize, dilationRate, padding }: NaiveWindow): boolean {
  return ([0, 1] as const).every((axis) => {
    const [before, after] = typeof padding === "string" ? [0, 0] : padding[axis];
    return (kernelSize[axis] - 1) * dilationRate[axis] + 1 <= before + image[axis]! + after;
  });
}
