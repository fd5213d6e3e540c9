import type { Cell } from "../playground.js";
import { formatNumber } from "./format-number.js";
import { extentOf, type Pass, shapeAt, valueAt } from "./pass.js";

/** The name of a layer in the model, or "input" for -1. */
export function layerName({ outputs }: Pass, layer: number): string {
  return outputs[layer]?.name ?? "input";
}

/** A cell in words, counted from 1: "conv2d_1, row 3, column 5, channel 2 of 16: 0.831". */
export function cellWords(pass: Pass, cell: Cell): string {
  const shape = shapeAt(pass, cell.layer);
  const { C } = extentOf(shape);
  const name = layerName(pass, cell.layer);
  const value = formatNumber(valueAt(pass, cell));
  if (shape.length === 1) {
    const digit = isDigits(pass, cell.layer) ? `, for the digit ${cell.c}` : "";
    return `${name}, number ${cell.c + 1} of ${C}${digit}: ${value}`;
  }
  const channel = C > 1 ? `, channel ${cell.c + 1} of ${C}` : "";
  return `${name}, row ${cell.h + 1}, column ${cell.w + 1}${channel}: ${value}`;
}

/** True of a layer that gives one number for each digit: the last one, and one that only others of the kind follow. */
function isDigits({ outputs }: Pass, layer: number): boolean {
  return outputs.slice(layer).every(({ shape }) => shape.length === 1 && shape[0] === 10);
}

/** Some of `length` places in words, counted from 1: "3–7", "all 28", "1, 3, 5", "none". */
export function placesWords(places: readonly number[], length: number): string {
  const first = places[0];
  const last = places.at(-1);
  if (first === undefined || last === undefined) return "none";
  if (first === last) return `${first + 1}`;
  if (places.length === length) return `all ${length}`;
  if (last - first + 1 === places.length) return `${first + 1}–${last + 1}`;
  return places.map((place) => place + 1).join(", ");
}

/** The shape of a sample in words: "[26, 26, 16]". */
export function shapeWords(pass: Pass, layer: number): string {
  return `[${shapeAt(pass, layer).join(", ")}]`;
}
