import {
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAvgPool2D,
  type Layer,
  LeakyReLU,
  ReLU,
  Rescaling,
  type Sequential,
  type Shape,
  Sigmoid,
  Softmax,
  Tanh,
} from "tinyconv";
import type { Cell } from "../playground.js";
import { layerWindow } from "./layer-window.js";
import { extentOf } from "./pass.js";

/**
 * What a cell depends on in one of the layers before it: every cell that is in one of the rows, one of the columns and
 * one of the channels, which are counted from 0, in ascending order. The cells of a vector are its channels.
 */
export interface Field {
  /** Index in `model.layers`, -1 for the input. */
  readonly layer: number;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly channels: readonly number[];
}

type Region = Omit<Field, "layer">;

/** The receptive field of a cell: one field for each layer before it, from the nearest back to the input. */
export function receptiveField(model: Sequential, cell: Cell): readonly Field[] {
  const shapes = inputShapes(model);
  const fields: Field[] = [];
  let region: Region = { rows: [cell.h], columns: [cell.w], channels: [cell.c] };
  for (let i = cell.layer; i >= 0; i--) {
    region = regionBefore(model.layers[i]!, region, shapes[i]!);
    fields.push({ layer: i - 1, ...region });
  }
  return fields;
}

/** The part of a layer's input that a part of its output depends on. */
function regionBefore(layer: Layer, region: Region, inputShape: Shape): Region {
  const { H, W, C } = extentOf(inputShape);
  const { rows, columns, channels } = region;
  const window = layerWindow(layer, inputShape);
  if (window) {
    const { KH, KW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
    return {
      rows: ascending(
        under(rows, KH, (oh, ky) => oh * strideH + ky * dilationH - padTop),
        H,
      ),
      columns: ascending(
        under(columns, KW, (ow, kx) => ow * strideW + kx * dilationW - padLeft),
        W,
      ),
      channels: layer instanceof Conv2D ? upTo(C) : channels, // a pool keeps to its channel
    };
  }
  if (ELEMENTWISE.some((Class) => layer instanceof Class)) return region;
  if (layer instanceof Softmax) return { rows, columns, channels: upTo(C) };
  if (layer instanceof Flatten) {
    // exact, since it is either one element that is asked for or all of them
    return {
      rows: ascending(
        channels.map((i) => Math.floor(i / (W * C))),
        H,
      ),
      columns: ascending(
        channels.map((i) => Math.floor(i / C) % W),
        W,
      ),
      channels: ascending(
        channels.map((i) => i % C),
        C,
      ),
    };
  }
  return { rows: upTo(H), columns: upTo(W), channels: upTo(C) }; // Dense, and layers that nothing is known of
}

const ELEMENTWISE = [BatchNormalization, Dropout, LeakyReLU, ReLU, Rescaling, Sigmoid, Tanh] as const;

/** Where the taps of a window lie along one axis, for each of its places. */
function under(
  places: readonly number[],
  taps: number,
  position: (place: number, tap: number) => number,
): readonly number[] {
  return places.flatMap((place) => upTo(taps).map((tap) => position(place, tap)));
}

/** Each position once and in order, without those outside of the axis. */
function ascending(positions: readonly number[], length: number): readonly number[] {
  return [...new Set(positions)].filter((i) => i >= 0 && i < length).sort((a, b) => a - b);
}

function upTo(length: number): readonly number[] {
  return Array.from({ length }, (_, i) => i);
}

/** The shape of what each layer of the model takes. */
function inputShapes(model: Sequential): readonly Shape[] {
  const shapes = [model.inputShape];
  for (const layer of model.layers) shapes.push(outputShape(layer, shapes.at(-1)!));
  return shapes;
}

function outputShape(layer: Layer, inputShape: Shape): Shape {
  const { H, W, C } = extentOf(inputShape);
  if (layer instanceof Dense) return [layer.units];
  if (layer instanceof Flatten) return [H * W * C];
  if (layer instanceof GlobalAvgPool2D) return [C];
  const window = layerWindow(layer, inputShape);
  if (!window) return inputShape;
  return [window.OH, window.OW, layer instanceof Conv2D ? layer.filters : C];
}
