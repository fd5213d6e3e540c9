import {
  BatchNormalization,
  Dropout,
  Flatten,
  type Layer,
  LeakyReLU,
  ReLU,
  Rescaling,
  Sigmoid,
  Softmax,
  Tanh,
} from "tinyconv";
import type { Cell } from "../playground.js";
import { type FormulaExplanation, sumOf } from "./explanation.js";
import { formatOperand as operand, formatNumber as show } from "./format-number.js";
import { extentOf, type Pass, shapeAt, valueAt, valuesAt } from "./pass.js";

type Symbols = FormulaExplanation["symbols"];

/** Writes out what a layer without windows and sums over weights does with one cell; undefined for unknown layers. */
export function explainFormula(layer: Layer, pass: Pass, cell: Cell): FormulaExplanation | undefined {
  if (layer instanceof Flatten) return flatten(pass, cell);
  if (layer instanceof Softmax) return softmax(pass, cell);
  const x = valueAt(pass, { ...cell, layer: cell.layer - 1 });
  if (layer instanceof BatchNormalization) return batchNormalization(layer, x, cell.c);
  if (layer instanceof ReLU) {
    return formula(`max(${show(x)}, 0)`, Number.isNaN(x) ? x : Math.max(x, 0), [input(x)]);
  }
  if (layer instanceof LeakyReLU) {
    const a = layer.negativeSlope;
    const slope = { symbol: "a", value: a, words: "the slope of what is negative" };
    if (x > 0) return formula("x", x, [input(x), slope]);
    return formula(`${operand(a)} · ${operand(x)}`, a * x, [input(x), slope]);
  }
  if (layer instanceof Rescaling) {
    const { scale, offset } = layer;
    return formula(`${operand(scale)} · ${operand(x)} + ${operand(offset)}`, scale * x + offset, [
      input(x),
      { symbol: "scale", value: scale, words: "what each number is multiplied by" },
      { symbol: "offset", value: offset, words: "what is added after that" },
    ]);
  }
  if (layer instanceof Sigmoid)
    return formula(`1 / (1 + exp(−${operand(x)}))`, 1 / (1 + Math.exp(-x)), [input(x)]);
  if (layer instanceof Tanh) return formula(`tanh(${show(x)})`, Math.tanh(x), [input(x)]);
  if (layer instanceof Dropout) return formula("x", x, [input(x)]);
  return undefined;
}

function formula(text: string, result: number, symbols: Symbols): FormulaExplanation {
  return { kind: "formula", text: `${text} = ${show(result)}`, result, symbols };
}

function input(x: number): Symbols[number] {
  return { symbol: "x", value: x, words: "the same cell of the layer before" };
}

function batchNormalization(layer: BatchNormalization, x: number, c: number): FormulaExplanation {
  const parameter = (name: string): number | undefined =>
    layer.parameters.find((found) => found.name === name)?.value.data[c];
  const state = (name: string): number => layer.state.find((found) => found.name === name)!.value.data[c]!;
  const gamma = parameter("gamma") ?? 1;
  const beta = parameter("beta") ?? 0;
  const mean = state("moving_mean");
  const deviation = Math.sqrt(state("moving_variance") + layer.epsilon);
  return formula(
    `${operand(gamma)} · (${show(x)} − ${operand(mean)}) / ${operand(deviation)} + ${operand(beta)}`,
    (gamma * (x - mean)) / deviation + beta,
    [
      input(x),
      { symbol: "μ", value: mean, words: "the mean of the channel in training" },
      { symbol: "σ", value: deviation, words: "its spread, √(variance + ε)" },
      { symbol: "γ", value: gamma, words: "the spread that it is given" },
      { symbol: "β", value: beta, words: "the mean that it is given" },
    ],
  );
}

function softmax(pass: Pass, { layer, h, w, c }: Cell): FormulaExplanation {
  const { W, C } = extentOf(shapeAt(pass, layer));
  const from = (h * W + w) * C;
  const scores = [...valuesAt(pass, layer - 1).slice(from, from + C)];
  const m = Math.max(...scores);
  const x = scores[c]!;
  const sum = sumOf(scores.map((score) => Math.exp(score - m)));
  return formula(`exp(${show(x)} − ${operand(m)}) / ${operand(sum)}`, Math.exp(x - m) / sum, [
    input(x),
    { symbol: "m", value: m, words: "the largest score, taken off everywhere so that no exp overflows" },
    { symbol: "Σ", value: sum, words: `the sum of exp(score − m) over all ${C} scores` },
  ]);
}

function flatten(pass: Pass, { layer, c: i }: Cell): FormulaExplanation {
  const { W, C } = extentOf(shapeAt(pass, layer - 1));
  const value = valuesAt(pass, layer - 1)[i]!;
  const pixel = Math.floor(i / C);
  const place = `row ${Math.floor(pixel / W) + 1}, column ${(pixel % W) + 1}, channel ${(i % C) + 1}`;
  return formula(place, value, [{ symbol: "x", value, words: "that cell of the layer before" }]);
}
