import type { NamedTensor } from "../layers/layer.js";
import type { Images } from "./dataset.js";

/** The first of the tensors that holds NaN or an infinity. */
export function firstNonFinite(tensors: Iterable<NamedTensor>): NamedTensor | undefined {
  for (const tensor of tensors) {
    if (!tensor.value.data.every(Number.isFinite)) return tensor;
  }
  return undefined;
}

/** What went into a forward pass, and what came out of it. */
export interface Pass {
  readonly images: Images;
  /** Whatever the layers computed with. */
  readonly weights: readonly NamedTensor[];
  /** Of the layers, in their order. */
  readonly outputs: readonly NamedTensor[];
}

/**
 * Why a loss is not finite, in words: the first thing in the order of the forward pass that is not.
 *
 * @param remedy what to do where it is a layer @default nothing
 */
export function explainNonFinite({ images, weights, outputs }: Pass, remedy = ""): string {
  if (!images.data.every(Number.isFinite)) return "The images of this batch hold a value that is not finite.";
  const output = firstNonFinite(outputs);
  if (!output) return "The outputs of all layers are finite, so it comes from the loss itself.";
  const weight = firstNonFinite(weights);
  const named = weight ? `, the first weight that is not is ${weight.name}` : "";
  return `The first layer whose output is not finite is ${output.name}${named}.${remedy && ` ${remedy}`}`;
}
