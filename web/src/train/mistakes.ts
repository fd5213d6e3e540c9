import type { DigitSet } from "../digits.js";
import { contextOf, element } from "../dom.js";
import { percent } from "./percent.js";
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

/** A digit as it lies in the data: light ink on dark paper becomes dark on light. */
function picture(pixels: Uint8Array): HTMLCanvasElement {
  const canvas = element("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  const image = new ImageData(SIDE, SIDE);
  for (const [i, ink] of pixels.entries()) image.data.set([255 - ink, 255 - ink, 255 - ink, 255], 4 * i);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}
