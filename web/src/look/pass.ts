import type { Shape } from "tinyconv";
import type { Cell, Playground } from "../playground.js";

/** A model, a digit, and what the layers made of it: what of a `Playground` can be looked into. */
export type Pass = Pick<Playground, "model" | "pixels" | "outputs">;

/** Height, width and channels of an activation. */
export interface Extent {
  readonly H: number;
  readonly W: number;
  readonly C: number;
}

/**
 * The extent of a sample's shape. A vector [I] is taken as one pixel with I channels, so that its cell i is c = i; axes in
 * front of three count as rows.
 */
export function extentOf(shape: Shape): Extent {
  return {
    H: shape.slice(0, -2).reduce((rows, length) => rows * length, 1),
    W: shape.at(-2) ?? 1,
    C: shape.at(-1) ?? 1,
  };
}

/** The shape of what that layer gives, or of the input where `layer` is -1. */
export function shapeAt({ model, outputs }: Pass, layer: number): Shape {
  return outputs[layer]?.shape ?? model.inputShape;
}

/** The numbers that layer gave, or the pixels where `layer` is -1. */
export function valuesAt({ pixels, outputs }: Pass, layer: number): Float32Array | Uint8Array {
  return outputs[layer]?.data ?? pixels;
}

/** The number in a cell. */
export function valueAt(pass: Pass, { layer, h, w, c }: Cell): number {
  const { W, C } = extentOf(shapeAt(pass, layer));
  return valuesAt(pass, layer)[(h * W + w) * C + c]!;
}

/** The cell of that layer with the largest value; the first of equal ones. */
export function strongestCell(pass: Pass, layer: number): Cell {
  const { W, C } = extentOf(shapeAt(pass, layer));
  const values = valuesAt(pass, layer);
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  const pixel = Math.floor(best / C);
  return { layer, h: Math.floor(pixel / W), w: pixel % W, c: best % C };
}
