import { Rescaling } from "../layers/rescaling.js";
import type { Sequential } from "../model/sequential.js";

/** Beyond this, inputs were not scaled: images of mean 0 and deviation 1 stay well within. */
const LARGEST_SCALED = 10;

/**
 * True if a model scales pixels of 0 to 255 itself, by the Rescalings that it begins with. One for numbers that its caller
 * has scaled may begin with a Rescaling too, as for (x − mean)/deviation, and takes pixels to hundreds.
 */
export function takesRawPixels({ layers }: Sequential): boolean {
  const rescalings: Rescaling[] = [];
  for (const layer of layers) {
    if (!(layer instanceof Rescaling)) break;
    rescalings.push(layer);
  }
  if (rescalings.length === 0) return false;
  return [0, 255].every((pixel) => {
    const scaled = rescalings.reduce((x, { scale, offset }) => scale * x + offset, pixel);
    return Math.abs(scaled) <= LARGEST_SCALED;
  });
}
