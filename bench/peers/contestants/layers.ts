import type { SequentialConfig } from "../../../src/index.js";

/** One layer of tinyconv's description: the options of those that the three networks use. */
export type LayerDescription =
  | { readonly type: "Rescaling"; readonly scale: number; readonly offset: number }
  | {
      readonly type: "Conv2D";
      readonly filters: number;
      readonly kernelSize: readonly [number, number];
      readonly strides: readonly [number, number];
      readonly dilationRate: readonly [number, number];
      readonly padding: "valid" | "same";
      readonly useBias: boolean;
    }
  | {
      readonly type: "BatchNormalization";
      readonly momentum: number;
      readonly epsilon: number;
    }
  | { readonly type: "ReLU" }
  | {
      readonly type: "MaxPool2D";
      readonly poolSize: readonly [number, number];
      readonly strides: readonly [number, number];
      readonly padding: "valid" | "same";
    }
  | { readonly type: "Flatten" }
  | { readonly type: "Dense"; readonly units: number; readonly useBias: boolean };

/** The layers of a network; what a contestant does not know it refuses by `unknownLayer`. */
export function layersOf({ layers }: SequentialConfig): readonly LayerDescription[] {
  return layers as readonly LayerDescription[];
}

/** The error of a contestant that meets a layer that it cannot build. */
export function unknownLayer({ type }: { readonly type: string }): Error {
  return new Error(`it has no layer like ${type}`);
}
