import { ShapeError } from "./errors.js";
import { describe, expectInteger, expectOneOf, expectOptions, expectPair, type Pair } from "./expect.js";
import { expectShape, expectValidShape } from "./shape.js";

/**
 * How far a window may reach over the edge of the image: `"valid"` (not at all), `"same"` (so far that the
 * output has ceil(H / stride) rows; where the number of padding cells is odd, the odd one goes to the bottom and
 * the right, TensorFlow's rule), or the number of cells on each side, `[[top, bottom], [left, right]]`.
 */
export type Padding = "valid" | "same" | readonly [readonly [number, number], readonly [number, number]];

/** What a convolution or pooling layer asks for; every field as in Keras. */
export interface WindowOptions {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  /** @default 1 */
  readonly dilationRate?: Pair;
}

/**
 * The geometry of a window that slides over an image: tap (ky, kx) of the window at output cell (oh, ow) lies on
 * the image's cell
 *
 *     h = oh·strideH + ky·dilationH − padTop      w = ow·strideW + kx·dilationW − padLeft
 *
 * which is outside the image, in the padding, where h < 0, h ≥ H, w < 0 or w ≥ W.
 */
export interface Window {
  readonly H: number;
  readonly W: number;
  readonly C: number;
  readonly KH: number;
  readonly KW: number;
  readonly OH: number;
  readonly OW: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly dilationH: number;
  readonly dilationW: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/**
 * Checks that padding is one of its three forms.
 *
 * @throws RangeError for another word, or a side that is not a whole number >= 0; TypeError for another form.
 */
export function expectPadding(where: string, padding: Padding): Padding {
  if (typeof padding === "string") {
    return expectOneOf<Padding & string>(where, "padding", padding, ["valid", "same"]);
  }
  const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2;
  if (!isPair(padding) || !padding.every(isPair)) {
    throw new TypeError(
      `${where}: expected padding to be "valid", "same" or [[top, bottom], [left, right]], got ${describe(padding)}.`,
    );
  }
  for (const cells of padding.flat()) expectInteger(where, "each side of padding", cells, { min: 0 });
  return padding;
}

/**
 * The window of `options` over images of shape `[H, W, C]`, checked: shape check and shape arithmetic are one.
 *
 * @throws ShapeError if the image has no three axes, or the kernel is larger than the padded image.
 */
export function slidingWindow(where: string, imageShape: readonly number[], options: WindowOptions): Window {
  expectShape(where, imageShape, ["H", "W", "C"], "Images are [height, width, channels].");
  expectValidShape(where, imageShape);
  expectOptions(where, options);
  const [H, W, C] = imageShape as [number, number, number];
  const [KH, KW] = expectPair(where, "kernelSize", options.kernelSize);
  const [strideH, strideW] = expectPair(where, "strides", options.strides);
  const [dilationH, dilationW] = expectPair(where, "dilationRate", options.dilationRate ?? 1);
  const padding = expectPadding(where, options.padding);

  const vertical = alongAxis(H, (KH - 1) * dilationH + 1, strideH, padding === "same", sides(padding, 0));
  const horizontal = alongAxis(W, (KW - 1) * dilationW + 1, strideW, padding === "same", sides(padding, 1));
  const { outputs: OH, before: padTop } = vertical;
  const { outputs: OW, before: padLeft } = horizontal;
  if (OH < 1 || OW < 1) {
    const reach =
      dilationH > 1 || dilationW > 1
        ? ` (spread over [${vertical.reach}, ${horizontal.reach}] by its dilation)`
        : "";
    throw new ShapeError(
      `${where}: expected a kernel no larger than its input of [${H}, ${W}]${padding === "valid" || padding === "same" ? "" : " and its padding"}, ` +
        `got [${KH}, ${KW}]${reach}. Use a smaller kernel, or padding "same".`,
    );
  }
  return { H, W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft };
}

/** The padding before and after the image along one axis, where it is given outright. */
function sides(padding: Padding, axis: 0 | 1): readonly [number, number] {
  return typeof padding === "string" ? [0, 0] : padding[axis];
}

/** Output cells and padding along one axis, for a window that reaches over `reach` cells. */
function alongAxis(
  length: number,
  reach: number,
  stride: number,
  same: boolean,
  given: readonly [number, number],
) {
  if (same) {
    const outputs = Math.ceil(length / stride);
    const total = Math.max((outputs - 1) * stride + reach - length, 0);
    return { outputs, before: Math.floor(total / 2), reach };
  }
  const [before, after] = given;
  return { outputs: Math.floor((before + length + after - reach) / stride) + 1, before, reach };
}
