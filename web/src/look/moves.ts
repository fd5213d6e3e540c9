import type { Cell } from "../playground.js";
import { extentOf, type Pass, shapeAt } from "./pass.js";

/** The ways to go from one cell to another. */
export type Move =
  | "up"
  | "down"
  | "left"
  | "right"
  | "previous channel"
  | "next channel"
  | "previous layer"
  | "next layer";

const KEYS: Readonly<Record<string, Move>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  "[": "previous channel",
  "]": "next channel",
  PageUp: "previous layer",
  PageDown: "next layer",
};

/** The move that a key stands for, by `KeyboardEvent.key`. */
export function moveOfKey(key: string): Move | undefined {
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}

/**
 * The cell that a move leads to; at an edge, the cell itself. In a vector, which has one row of numbers, the arrows go
 * from number to number. In another layer it is the cell at the same place of the picture.
 */
export function moveCell(pass: Pass, cell: Cell, move: Move): Cell {
  const { H, W, C } = extentOf(shapeAt(pass, cell.layer));
  const inVector = H === 1 && W === 1;
  const row = (step: number): Cell => ({ ...cell, h: clip(cell.h + step, H) });
  const column = (step: number): Cell => ({ ...cell, w: clip(cell.w + step, W) });
  const channel = (step: number): Cell => ({ ...cell, c: clip(cell.c + step, C) });
  switch (move) {
    case "up":
      return inVector ? channel(-1) : row(-1);
    case "down":
      return inVector ? channel(1) : row(1);
    case "left":
      return inVector ? channel(-1) : column(-1);
    case "right":
      return inVector ? channel(1) : column(1);
    case "previous channel":
      return channel(-1);
    case "next channel":
      return channel(1);
    case "previous layer":
      return toLayer(pass, cell, Math.max(cell.layer - 1, -1));
    case "next layer":
      return toLayer(pass, cell, Math.min(cell.layer + 1, pass.outputs.length - 1));
  }
}

function toLayer(pass: Pass, cell: Cell, layer: number): Cell {
  const from = extentOf(shapeAt(pass, cell.layer));
  const to = extentOf(shapeAt(pass, layer));
  return {
    layer,
    h: Math.floor(((cell.h + 0.5) * to.H) / from.H),
    w: Math.floor(((cell.w + 0.5) * to.W) / from.W),
    c: clip(cell.c, to.C),
  };
}

function clip(i: number, length: number): number {
  return Math.min(Math.max(i, 0), length - 1);
}
