import { firstNonFinite } from "../model/finite.js";
import type { NamedTensor } from "../tensor/parameter.js";
import { describeJson } from "./json.js";

/**
 * Checks the weights that a file has for a model: with one that is not finite, none of its answers would be any good.
 *
 * @param remedy what to do about it, for the end of the message.
 * @throws Error that names the first tensor with NaN or an infinity in it, and which of them it is.
 */
export function expectFiniteWeights(where: string, weights: Iterable<NamedTensor>, remedy: string): void {
  const broken = firstNonFinite(weights);
  if (!broken) return;
  const { name, value } = broken;
  const got = value.data.find((number) => !Number.isFinite(number));
  throw new Error(`${where}: expected finite weights, got ${got} in ${describeJson(name)}. ${remedy}`);
}
