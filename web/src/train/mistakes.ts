import type { DigitSet } from "../digits.js";
import { element } from "../dom.js";
import { paint } from "../draw/answer.js";
import { percent } from "../percent.js";
import type { Misread } from "./protocol.js";

const SIDE = 28;

/** The digits that were read wrong, as buttons that `choose` their pixels. */
export function mistakeButtons(
  mistakes: readonly Misread[],
  test: DigitSet,
  choose: (pixels: Uint8Array) => void,
): HTMLElement {
  const buttons = mistakes.map(({ index, wanted, got, probability }) => {
    const pixels = test.images.data.subarray(index * SIDE * SIDE, (index + 1) * SIDE * SIDE);
    const text = `${wanted} read as ${got}, ${percent(probability)} sure`;
    const button = element(
      "button",
      { type: "button", class: "train-mistake", "aria-label": `A ${text}. Show it in the sections above.` },
      picture(pixels),
      element("span", { text }),
    );
    button.addEventListener("click", () => choose(pixels));
    return button;
  });
  return element("div", { class: "train-mistakes" }, ...buttons);
}

/** A digit as the network sees it, light on dark. */
function picture(pixels: Uint8Array): HTMLCanvasElement {
  const canvas = element("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  paint(canvas, pixels);
  return canvas;
}
