import type { Dense } from "tinyconv";
import type { Cell } from "../playground.js";
import { type DenseExplanation, sumOf } from "./explanation.js";
import { formatNumber, formatOperand } from "./format-number.js";
import { type Pass, valuesAt } from "./pass.js";

const SHOWN = 10;

/** Writes the sum of a dense layer's output out: the ten largest terms, the others together, and the bias. */
export function explainDense(layer: Dense, pass: Pass, { layer: index, c: output }: Cell): DenseExplanation {
  const x = valuesAt(pass, index - 1);
  const W = layer.parameters.find(({ name }) => name === "kernel")!.value.data; // [I, O]
  const bias = layer.parameters.find(({ name }) => name === "bias")?.value.data[output];
  const terms = Array.from(x, (value, input) => {
    const weight = W[input * layer.units + output]!;
    return { input, value, weight, product: weight * value };
  });
  terms.sort((a, b) => Math.abs(b.product) - Math.abs(a.product));

  const others = terms.slice(SHOWN);
  const sum = sumOf(terms.map(({ product }) => product));
  const result = sum + (bias ?? 0);
  const products = `sum of ${terms.length} products`;
  return {
    kind: "dense",
    largest: terms.slice(0, SHOWN),
    rest: { count: others.length, sum: sumOf(others.map(({ product }) => product)) },
    bias,
    text:
      bias === undefined
        ? `${products} = ${formatNumber(sum)}`
        : `${products} ${formatNumber(sum)} + bias ${formatOperand(bias)} = ${formatNumber(result)}`,
    result,
  };
}
