import { element } from "../dom.js";
import { formatNumber } from "./format-number.js";

/** The end of an explanation: the computation in one line, and beside it what the library gave. */
export function renderResult(text: string, result: number, output: number): HTMLElement {
  return element(
    "p",
    { class: "look-result" },
    element("strong", { "data-testid": "look-sum", "data-value": result, text }),
    element("br"),
    element("span", {
      class: "muted",
      "data-testid": "look-output",
      "data-value": output,
      text: `The library, which rounds each step to 32 bits, has ${formatNumber(output)}.`,
    }),
  );
}

/** Colours a node by a number: by its sign, and the stronger, the larger a share it is of `largest`. */
export function tint(node: HTMLElement, value: number, largest: number): void {
  node.classList.add("look-tint", value < 0 ? "negative" : "positive");
  const share = largest > 0 && Number.isFinite(value) ? Math.abs(value) / largest : 0;
  node.style.setProperty("--share", `${Math.round(45 * share)}%`);
}

/** The largest of some numbers, whatever their signs. */
export function largestSize(numbers: readonly number[]): number {
  return numbers.reduce((largest, number) => Math.max(largest, Math.abs(number)), 0);
}
