import fc from "fast-check";
import {
  AvgPool2D,
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAvgPool2D,
  type Layer,
  LeakyReLU,
  MaxPool2D,
  type Padding,
  Random,
  ReLU,
  Rescaling,
  Sequential,
  type Shape,
  Sigmoid,
  Softmax,
  Tanh,
} from "../../src/index.js";

/** Draws a value from an arbitrary, for choices that depend on earlier ones. */
type Draw = fc.GeneratorValue;
type Make = (draw: Draw, shape: Shape) => Layer;

const MAX_LAYERS = 8;

/**
 * Models of up to twelve layers, of all kinds of the library's, for samples of one to four axes; half of them end with
 * Flatten and Dense. Images are small, of odd and even sizes, windows of all kinds of padding, and all weights are
 * random, the moving statistics too.
 *
 * Each is built when it is drawn. Its output has any rank; use `canBeProbabilities` before a softmax of it.
 */
export const randomModels: fc.Arbitrary<Sequential> = fc.gen().map((draw) => {
  const seed = upTo(draw, 1_000_000, 0);
  const model = new Sequential({ inputShape: drawShape(draw), seed });
  const layers = upTo(draw, MAX_LAYERS);
  for (let i = 0; i < layers; i++) {
    const { outputShape } = model;
    model.add(pick(draw, layersFor(outputShape.length))(draw, outputShape));
  }
  if (draw(fc.boolean)) addHead(draw, model);
  drawWeights(model, new Random(seed));
  return model;
});

/** Flatten, up to two layers that keep the row as it is, Dense. */
function addHead(draw: Draw, model: Sequential): void {
  model.add(new Flatten());
  const between = upTo(draw, 2, 0);
  for (let i = 0; i < between; i++) model.add(pick(draw, ANY)(draw, model.outputShape));
  model.add(ROW[0]!(draw, model.outputShape));
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

const ANY: readonly Make[] = [
  () => new ReLU(),
  (draw) => new LeakyReLU({ negativeSlope: pick(draw, [0, 0.01, 0.3, 1, 1.5]) }),
  () => new Sigmoid(),
  () => new Tanh(),
  () => new Softmax(),
  () => new Dropout({ rate: 0.5 }),
  () => new Flatten(),
  () => new Flatten(),
  (draw) =>
    new Rescaling({ scale: pick(draw, [1, 1 / 255, -2, 1.5]), offset: pick(draw, [0, -0.4242, 1.25]) }),
  (draw) =>
    new BatchNormalization({
      epsilon: pick(draw, [1e-5, 1e-3, 0.5]),
      momentum: pick(draw, [0, 0.9, 1]),
      center: draw(fc.boolean),
      scale: draw(fc.boolean),
    }),
];

const ROW: readonly Make[] = [
  (draw) => new Dense({ units: upTo(draw, 12), useBias: draw(fc.boolean), kernelInitializer: "heNormal" }),
];

const IMAGE: readonly Make[] = [
  (draw, shape) => {
    const dilationRate = pair(draw, 3);
    return new Conv2D({
      filters: upTo(draw, 6),
      useBias: draw(fc.boolean),
      kernelInitializer: "heNormal",
      dilationRate,
      ...drawWindow(draw, shape, dilationRate, 4),
    });
  },
  (draw, shape) => {
    const { kernelSize: poolSize, strides, padding } = drawWindow(draw, shape);
    return new MaxPool2D({ poolSize, strides, padding });
  },
  (draw, shape) => {
    const { kernelSize: poolSize, strides, padding } = drawWindow(draw, shape);
    return new AvgPool2D({ poolSize, strides, padding });
  },
];

/** The layers that take samples of a rank. What only some ranks have comes more often there. */
function layersFor(rank: number): readonly Make[] {
  const often = (layers: readonly Make[]): readonly Make[] => [layers, layers, layers, layers].flat();
  if (rank === 1) return [...ANY, ...often(ROW)];
  return rank === 3 ? [...ANY, ...often(IMAGE), () => new GlobalAvgPool2D()] : ANY;
}

function pair(draw: Draw, max: number): [number, number] {
  return [upTo(draw, max), upTo(draw, max)];
}

/**
 * A window that fits the image. Padding that is given in numbers is below the kernel's size, as pooling wants it, or up
 * to `maxPadding`.
 */
function drawWindow(
  draw: Draw,
  shape: Shape,
  dilationRate: readonly [number, number] = [1, 1],
  maxPadding?: number,
) {
  const kernelSize = pair(draw, 5);
  const strides = pair(draw, 4);
  const side = (axis: 0 | 1): number => upTo(draw, maxPadding ?? kernelSize[axis] - 1, 0);
  const padding: Padding = pick<() => Padding>(draw, [
    () => "valid",
    () => "same",
    () => [
      [side(0), side(0)],
      [side(1), side(1)],
    ],
  ])();
  const fits = ([0, 1] as const).every((axis) => {
    const [before, after] = typeof padding === "string" ? [0, 0] : padding[axis];
    return (kernelSize[axis] - 1) * dilationRate[axis] + 1 <= before + shape[axis]! + after;
  });
  return { kernelSize, strides, padding: fits ? padding : ("same" as const) };
}

/** Numbers for all that begins as zeros or ones; kernels stay as they were drawn. */
function drawWeights(model: Sequential, random: Random): void {
  const draws: Readonly<Record<string, () => number>> = {
    bias: () => random.normal() / 2,
    gamma: () => (random.integer(2) === 0 ? -1 : 1) * (0.5 + random.uniform()),
    beta: () => random.normal() / 2,
    moving_mean: () => random.normal() / 2,
    moving_variance: () => 0.25 + random.uniform() * 2,
  };
  for (const { name, value } of model.weights) {
    const next = draws[name.slice(name.indexOf("/") + 1)];
    if (next) for (let i = 0; i < value.size; i++) value.data[i] = next();
  }
}
