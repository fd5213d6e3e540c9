import fc from "fast-check";
import { buildLayer } from "../../src/layers/build.js";
import type { Layer, LayerOptions } from "../../src/layers/layer.js";
import { createLayer, LAYERS, type LayerType } from "../../src/model/layer-table.js";
import { Random } from "../../src/tensor/random.js";
import type { Shape } from "../../src/tensor/shape.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { HeapWorkspace, type Workspace } from "../../src/tensor/workspace.js";
import { type ShapeLimits, sampleShapes } from "./arbitraries.js";
import type { Arithmetic, Given, LayerCase, Passes } from "./layer-case.js";
import { LAYER_CASES, type OptionsOf } from "./table.js";

/** The types of the library's layers. */
export const LAYER_TYPES = Object.keys(LAYERS) as readonly LayerType[];

/** A layer with options that were drawn from its case, for samples of a shape. */
export interface Subject {
  readonly options: LayerOptions;
  readonly sampleShape: Shape;
  /** A new layer of these options, not built. */
  make(more?: LayerOptions): Layer;
  /** What its case says of the passes. */
  naive(given: Given, arithmetic: Arithmetic): Passes;
}

const USUAL: ShapeLimits = { side: 6, last: 5 };

/** Layers of a type, of all options and for samples of all shapes. */
export function subjects(type: LayerType, limits = USUAL): fc.Arbitrary<Subject> {
  return sampleShapes(LAYER_CASES[type].ranks, limits).chain((shape) => subjectsFor(type, shape));
}

/** Layers of a type for samples of one shape. */
export function subjectsFor<Type extends LayerType>(type: Type, sampleShape: Shape): fc.Arbitrary<Subject> {
  const layerCase: LayerCase<OptionsOf<Type>> = LAYER_CASES[type];
  return layerCase.options(sampleShape).map((options) => ({
    options,
    sampleShape,
    make: (more) => createLayer("Subject", { type, ...options, ...more }),
    naive: (given, arithmetic) => layerCase.naive(options, given, arithmetic),
    [fc.toStringMethod]: () => `${type} ${JSON.stringify(options)} for samples of [${sampleShape}]`,
  }));
}

/** A layer that is built, with all weights drawn. */
export interface BuiltSubject {
  readonly layer: Layer;
  readonly outputShape: Shape;
  /** Its parameters and state, by name. */
  readonly weights: Readonly<Record<string, Tensor>>;
}

/** Builds a new layer of the subject; the same seed gives the same weights in any memory. */
export function build(
  { make, sampleShape }: Subject,
  seed: number,
  workspace: Workspace = new HeapWorkspace(),
): BuiltSubject {
  const layer = make();
  const random = new Random(seed);
  const outputShape = buildLayer(layer, sampleShape, { workspace, random });
  drawWeights(layer, random);
  const tensors = [...layer.parameters, ...(layer.state ?? [])];
  return { layer, outputShape, weights: Object.fromEntries(tensors.map(({ name, value }) => [name, value])) };
}

/** Numbers for all weights of a layer of the library, as its case says. */
export function drawWeights(layer: Layer, random: Random): void {
  const draws = LAYER_CASES[layer.type as LayerType].weights ?? {};
  for (const { name, value } of [...layer.parameters, ...(layer.state ?? [])]) {
    const draw = draws[name];
    if (!draw)
      throw new Error(`drawWeights: expected the case of ${layer.type} to draw ${name}, got nothing.`);
    draw(value, random);
  }
}
