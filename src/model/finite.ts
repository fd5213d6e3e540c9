import type { NamedTensor } from "../layers/layer.js";

/** The first of the tensors that holds NaN or an infinity. */
export function firstNonFinite(tensors: Iterable<NamedTensor>): NamedTensor | undefined {
  for (const tensor of tensors) {
    if (!tensor.value.data.every(Number.isFinite)) return tensor;
  }
  return undefined;
}
