import type fc from "fast-check";
import type { LayerConfig, LayerOptions } from "../../src/layers/layer.js";
import { exp } from "../../src/tensor/exp.js";
import type { Random } from "../../src/tensor/random.js";
import type { Shape } from "../../src/tensor/shape.js";
import { tanh } from "../../src/tensor/tanh.js";
import type { NestedNumbers, Tensor } from "../../src/tensor/tensor.js";
import type { Rounding } from "../helpers/naive.js";

/**
 * What the tests that every layer has to pass need to know of one type of layer. `table.ts` has one for each; what is
 * tested with them stands in `test/layers/every-layer.test.ts` and in the files beside it.
 */
export interface LayerCase<Options extends LayerOptions> {
  /** How many axes the samples may have that the layer takes. */
  readonly ranks: readonly number[];
  /** Options of all kinds for samples of that shape, every one given. */
  options(sampleShape: Shape): fc.Arbitrary<Options>;
  /** The layer once more, as direct loops over its definition. */
  naive(options: Options, given: Given, arithmetic: Arithmetic): Passes;
  /** By name, how each parameter and each tensor of state is drawn, unlike what it starts with. @default none */
  readonly weights?: Readonly<Record<string, Draw>>;
  readonly gradients: GradientMeasurement;
  /** The fewest options that the layer can be made of, and all that it has then. */
  readonly defaults: {
    readonly given: Partial<Options>;
    readonly all: Required<Omit<Options, keyof LayerOptions>>;
  };
  /** Options that the constructor refuses. */
  readonly refusedOptions: readonly { readonly options: LayerConfig; readonly error: Error }[];
  /** Samples that the layer cannot be built for. */
  readonly refusedShapes: readonly {
    readonly options: Partial<Options>;
    readonly shape: Shape;
    readonly error: Error;
  }[];
}

/** What a forward and a backward pass depend on, besides the options. */
export interface Given {
  readonly x: Tensor;
  readonly dy: Tensor;
  /** The parameters and the state, by name. */
  readonly weights: Readonly<Record<string, Tensor>>;
  readonly training: boolean;
  readonly step: number;
}

/** What the passes give. */
export interface Passes {
  readonly y: NestedNumbers;
  readonly dx: NestedNumbers;
  /** The gradient of each parameter by name. @default none */
  readonly gradients?: Readonly<Record<string, NestedNumbers>>;
  /** What each tensor of state has become. @default none */
  readonly state?: Readonly<Record<string, NestedNumbers>>;
}

/** What the loops compute with. */
export interface Arithmetic {
  /** Applied to whatever the library keeps as a float32 number. */
  readonly round: Rounding;
  readonly exp: (x: number) => number;
  readonly tanh: (x: number) => number;
}

/** The engine's own functions, nothing rounded: the library has to come close to it. */
export const FLOAT64: Arithmetic = { round: (value) => value, exp: Math.exp, tanh: Math.tanh };

/** What the library promises: it has to give the same bits. Its functions are tested in `test/tensor`. */
export const FLOAT32: Arithmetic = { round: Math.fround, exp, tanh };

/** Writes random numbers into a tensor. */
export type Draw = (value: Tensor, random: Random) => void;

/** How the gradients are measured by differences, and how near the measurement comes to them. */
export interface GradientMeasurement {
  /** The largest error of `gradientCheck` that passes; a comment says what was the worst of 600 cases. */
  readonly tolerance: number;
  /** The first step; the larger, the less is lost to rounding, and what is linear takes any. @default 0.1 */
  readonly step?: number;
  /** Makes x, for layers with kinks far enough from all of them. @default normal random numbers */
  readonly x?: (shape: Shape, seed: number) => Tensor;
  /** The fewest samples of a batch. @default 1 */
  readonly minBatch?: number;
}
