import type { Sequential } from "../model/sequential.js";
import { readRunModel } from "../node/run-folder.js";
import { formatShape, sameShape } from "../tensor/shape.js";

const IMAGE = [28, 28, 1];
const CLASSES = 10;

/**
 * The model of a run, given by its folder.
 *
 * @throws Error if there is none, or it is none for digits.
 */
export async function readDigitModel(run: string): Promise<Sequential> {
  const model = await readRunModel(run);
  if (isDigitModel(model)) return model;
  const { inputShape, outputShape } = model;
  throw new Error(
    `${run}: expected a model from ${formatShape(IMAGE)} to ${formatShape([CLASSES])}, got one from ${formatShape(inputShape)} to ${formatShape(outputShape)}.`,
  );
}

/** True for a model from images of digits to ten outputs. */
export function isDigitModel({ inputShape, outputShape }: Sequential): boolean {
  return sameShape(inputShape, IMAGE) && sameShape(outputShape, [CLASSES]);
}
