import { element } from "../dom.js";
import { type ChannelChoice, renderConvolution } from "./convolution-view.js";
import { renderDense } from "./dense-view.js";
import type { Explanation, FormulaExplanation, PoolExplanation } from "./explanation.js";
import { formatNumber } from "./format-number.js";
import { renderGrid } from "./grid-view.js";
import { renderResult } from "./result-view.js";

/** How the number in a cell came about, for the eye; `output` is what the library has there. */
export function renderExplanation(
  explanation: Explanation,
  output: number,
  choice: ChannelChoice,
): readonly Node[] {
  const { text, result } = explanation;
  return [renderResult(text, result, output), ...renderDetails(explanation, choice)];
}

function renderDetails(explanation: Explanation, choice: ChannelChoice): readonly Node[] {
  switch (explanation.kind) {
    case "convolution":
      return renderConvolution(explanation, choice);
    case "dense":
      return renderDense(explanation);
    case "pool":
      return [renderPool(explanation)];
    case "formula":
      return [renderSymbols(explanation)];
  }
}

function renderPool({ cells, windowWidth }: PoolExplanation): HTMLElement {
  const nodes = cells.map(({ value, winner }) => {
    const text = value === undefined ? "edge" : formatNumber(value);
    if (winner) return element("td", { class: "winner" }, text, element("span", { text: "winner" }));
    return element("td", { class: value === undefined ? "outside" : "plain", text });
  });
  return renderGrid("The cells under the window", nodes, windowWidth);
}

function renderSymbols({ symbols }: FormulaExplanation): HTMLElement {
  return element(
    "dl",
    { class: "look-symbols" },
    ...symbols.flatMap(({ symbol, value, words }) => [
      element("dt", { text: `${symbol} = ${formatNumber(value)}` }),
      element("dd", { text: words }),
    ]),
  );
}
