import type { LayerConfig } from "../../src/layers/layer.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { formatShape, type Shape } from "../../src/tensor/shape.js";

/*
 * The errors that all layers with a window have in common.
 */

/** A pair that is none, in the option of that name; the layer `needed` others too. */
export function refusedPair(type: string, name: string, needed: LayerConfig = {}) {
  return [
    { pair: 0, expected: "a whole number >= 1", got: "0 (number)" },
    { pair: [1, 2.5], expected: "a whole number >= 1", got: "2.5 (number)" },
    { pair: Number.NaN, expected: "a whole number >= 1", got: "NaN (number)" },
    { pair: [3], expected: "a whole number or a pair of them", got: "[3]" },
  ].map(({ pair, expected, got }) => ({
    options: { ...needed, [name]: pair },
    error: new RangeError(`${type}: expected ${name} to be ${expected}, got ${got}.`),
  }));
}

export function refusedPadding(type: string, needed: LayerConfig = {}) {
  return [
    {
      options: { ...needed, padding: "full" },
      error: new RangeError(`${type}: expected padding to be "valid" or "same", got "full" (string).`),
    },
    {
      options: { ...needed, padding: 1 },
      error: new TypeError(
        `${type}: expected padding to be "valid", "same" or [[top, bottom], [left, right]], got 1 (number).`,
      ),
    },
    {
      options: {
        ...needed,
        padding: [
          [0, 1],
          [0, -1],
        ],
      },
      error: new RangeError(
        `${type}: expected each side of padding to be a whole number >= 0, got -1 (number).`,
      ),
    },
  ];
}

/** What a layer says of rows, which are no images. */
export function noImage(type: string): ShapeError {
  return new ShapeError(
    `${type}.build: expected shape [H, W, C], got [10]. Images are [height, width, channels].`,
  );
}

/** What a layer says of images smaller than its kernel. */
export function tooLargeFor(type: string, image: Shape, kernel: Shape): ShapeError {
  return new ShapeError(
    `${type}.build: expected a kernel no larger than its input of ${formatShape(image)}, got ${formatShape(kernel)}. ` +
      'Use a smaller kernel, or padding "same".',
  );
}
