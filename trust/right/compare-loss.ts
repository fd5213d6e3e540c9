import { Tensor } from "../../src/index.js";
import { makeLoss, makeTensor } from "./made.js";
import type { LossReference } from "./references.js";
import type { Tally } from "./tally.js";

/** A loss: its value, and the gradient of the prediction. */
export function compareLoss(reference: LossReference, tally: Tally): void {
  const { shape, labels, targets } = reference;
  const loss = makeLoss(reference);
  const value = loss.forward(makeTensor(reference.prediction, shape), labels ?? Tensor.from(targets!, shape));
  tally.compare("loss", [value], reference.loss);
  tally.compare("gradient", loss.backward().data, reference.gradient);
}
