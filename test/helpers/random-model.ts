import fc from "fast-check";
import { Random, Sequential, type Shape } from "../../src/index.js";
import type { LayerType } from "../../src/model/layer-table.js";
import { drawWeights, LAYER_TYPES, type Subject, subjectsFor } from "../layer-cases/subject.js";
import { LAYER_CASES } from "../layer-cases/table.js";

/** Draws a value from an arbitrary, for choices that depend on earlier ones. */
type Draw = fc.GeneratorValue;

const MAX_LAYERS = 8;

/**
 * Models of up to twelve layers, of all types and options in the table of layer cases, for samples of one to four axes;
 * half of them end with Flatten and Dense. Images are small, of odd and even sizes, and all weights are random, the
 * moving statistics too.
 *
 * Each is built when it is drawn. Its output has any rank; use `canBeProbabilities` before a softmax of it.
 */
export const randomModels: fc.Arbitrary<Sequential> = fc.gen().map((draw) => {
  const seed = upTo(draw, 1_000_000, 0);
  const model = new Sequential({ inputShape: drawShape(draw), seed });
  const layers = upTo(draw, MAX_LAYERS);
  for (let i = 0; i < layers; i++) add(draw, model, pick(draw, typesFor(model.outputShape.length)));
  if (draw(fc.boolean)) addHead(draw, model);
  const random = new Random(seed);
  for (const layer of model.layers) drawWeights(layer, random);
  return model;
});

function add(draw: Draw, model: Sequential, type: LayerType): void {
  const subject: Subject = draw(subjectsFor<LayerType>, type, model.outputShape);
  model.add(subject.make());
}

/** Flatten, up to two layers that keep the row as it is, Dense. */
function addHead(draw: Draw, model: Sequential): void {
  add(draw, model, "Flatten");
  const between = upTo(draw, 2, 0);
  for (let i = 0; i < between; i++) add(draw, model, pick(draw, ANY));
  add(draw, model, "Dense");
}

/** Whether a softmax of the model's outputs says anything: of one output it is always 1. */
export function canBeProbabilities({ outputShape }: Sequential): boolean {
  return outputShape.at(-1)! > 1;
}

function upTo(draw: Draw, max: number, min = 1): number {
  return draw(fc.integer, { min, max });
}

function pick<T>(draw: Draw, values: readonly T[]): T {
  return values[upTo(draw, values.length - 1, 0)]!;
}

/** Mostly images. */
function drawShape(draw: Draw): Shape {
  const rank = pick(draw, [3, 3, 3, 3, 3, 1, 2, 4]);
  if (rank === 3) return [upTo(draw, 11), upTo(draw, 11), upTo(draw, 5)];
  return Array.from({ length: rank }, () => upTo(draw, rank === 1 ? 20 : 5));
}

/** The layers that take samples of any rank. */
const ANY = LAYER_TYPES.filter((type) => LAYER_CASES[type].ranks.length > 1);

/** The layers that take samples of a rank. What only this rank has comes more often. */
function typesFor(rank: number): readonly LayerType[] {
  const own = LAYER_TYPES.filter((type) => LAYER_CASES[type].ranks.every((other) => other === rank));
  return [...ANY, ...own, ...own, ...own];
}
