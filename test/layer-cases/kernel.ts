import type { LayerConfig } from "../../src/layers/layer.js";
import { initialize } from "../../src/tensor/init.js";
import type { Draw } from "./layer-case.js";

/*
 * What layers with a kernel and a bias have in common.
 */

export const drawKernel: Draw = (value, random) => initialize("heNormal", value, random);

export const drawBias: Draw = ({ data }, random) => {
  for (let i = 0; i < data.length; i++) data[i] = random.normal() / 2;
};

/** The options that each of these layers refuses, beside those it needs. */
export function refusedKernelOptions(type: string, needed: LayerConfig) {
  return [
    {
      options: { ...needed, useBias: 1 },
      error: new TypeError(`${type}: expected useBias to be true or false, got 1 (number).`),
    },
    {
      options: { ...needed, kernelInitializer: "glorot" },
      error: new RangeError(
        `${type}: expected kernelInitializer to be "glorotUniform" or "glorotNormal" or "heUniform" or "heNormal" or ` +
          '"zeros" or "ones", got "glorot" (string).',
      ),
    },
  ];
}
