import { DIGIT_PIXELS, DIGIT_SIDE } from "../digit-size.js";
import type { DigitSet } from "../digits.js";
import { element } from "../dom.js";
import { paint } from "../draw/answer.js";
import { percent } from "../percent.js";
import type { Misread } from "./protocol.js";

/** The digits that were read wrong, as buttons that `choose` their pixels. */
export function mistakeButtons(
  mistakes: readonly Misread[],
  test: DigitSet,
  choose: (pixels: Uint8Array) => void,
): HTMLElement {
  const buttons = mistakes.map(({ index, wanted, got, probability }) => {
    const pixels = test.images.data.subarray(index * DIGIT_PIXELS, (index + 1) * DIGIT_PIXELS);
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
  const canvas = element("canvas", { width: DIGIT_SIDE, height: DIGIT_SIDE, "aria-hidden": "true" });
  paint(canvas, pixels);
  return canvas;
}
