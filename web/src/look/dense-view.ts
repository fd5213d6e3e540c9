import { element } from "../dom.js";
import type { DenseExplanation } from "./explanation.js";
import { formatNumber, formatOperand } from "./format-number.js";
import { largestSize, tint } from "./result-view.js";

/** The sum of a dense layer's output: its largest terms, and the others together. */
export function renderDense({ largest, rest, bias }: DenseExplanation): readonly Node[] {
  const most = largestSize(largest.map(({ product }) => product));
  const rows = largest.map(({ input, weight, value, product }) =>
    row(`input ${input + 1}`, `${formatNumber(weight)} · ${formatOperand(value)}`, product, most),
  );
  if (rest.count > 0) rows.push(row(`the other ${rest.count}`, "", rest.sum, most));
  if (bias !== undefined) rows.push(row("bias", "", bias, most));
  const head = ["from", "weight · value", "adds"].map((text) => element("th", { scope: "col", text }));
  const title = "The largest terms of the sum";
  return [
    element("p", { class: "muted", text: title }),
    element(
      "div",
      { class: "look-scroll", tabindex: 0, role: "group", "aria-label": title },
      element(
        "table",
        { class: "look-terms", "aria-label": title },
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...rows),
      ),
    ),
  ];
}

function row(name: string, factors: string, product: number, largest: number): HTMLElement {
  const sum = element("td", { text: formatNumber(product) });
  tint(sum, Math.sign(product) * Math.min(Math.abs(product), largest), largest);
  return element(
    "tr",
    {},
    element("th", { scope: "row", text: name }),
    element("td", { text: factors }),
    sum,
  );
}
