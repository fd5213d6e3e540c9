import { DIGIT_PIXELS } from "../digit-size.js";
import { messageOf } from "../message-of.js";
import "./draw.css";
import { prepareDigit } from "tinyconv/mnist";
import { element } from "../dom.js";
import type { Playground } from "../playground.js";
import { mountAnswer } from "./answer.js";
import { DrawPad } from "./draw-pad.js";
import { mountLayerViews } from "./layer-views.js";
import { readPicture } from "./picture.js";
import { createSamples } from "./samples.js";

/** The drawing pad, what the network makes of it, and all of its layers. */
export function mountDraw(root: HTMLElement, playground: Playground): void {
  const canvas = element("canvas", { id: "pad", tabindex: 0, role: "application" });
  canvas.setAttribute(
    "aria-label",
    "Drawing pad. Draw a digit with mouse, finger or pen; or move the pen by the arrow keys, and put it down and lift it by the space bar.",
  );
  const problem = element("p", { role: "alert" });
  const pen = element("span", { class: "pen", "aria-hidden": "true" });
  const invitation = element("span", { class: "invitation", text: "Draw here", "aria-hidden": "true" });
  let drawn = playground.pixels; // what came from the pad; all else is shown on it
  const setPixels = (pixels: Uint8Array): void => {
    drawn = pixels;
    playground.setPixels(pixels);
  };
  const pad = new DrawPad(
    canvas,
    () => {
      problem.textContent = "";
      try {
        setPixels(pad.isEmpty ? new Uint8Array(DIGIT_PIXELS) : prepareDigit(pad.image, "the drawing").pixels);
      } catch (error) {
        setPixels(new Uint8Array(DIGIT_PIXELS));
        problem.textContent = messageOf(error);
      }
    },
    pen,
  );
  playground.on("pixels", () => {
    const { pixels } = playground;
    if (pixels.some((value, i) => value !== drawn[i])) {
      drawn = pixels;
      pad.showDigit(pixels);
    }
    invitation.hidden = !pad.isEmpty;
  });
  const take = async (file: Blob): Promise<void> => {
    try {
      pad.show(await readPicture(file));
    } catch (error) {
      problem.textContent = messageOf(error);
    }
  };

  const input = element("input", { type: "file", accept: "image/*", id: "picture", hidden: true });
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) void take(file);
    input.value = "";
  });
  document.addEventListener("paste", ({ clipboardData }) => {
    const file = [...(clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
    if (file) void take(file);
  });

  const undo = element("button", { type: "button", text: "Undo" });
  undo.addEventListener("click", () => pad.undo());
  const clear = element("button", { type: "button", text: "Clear" });
  clear.addEventListener("click", () => pad.clear());
  const upload = element("button", { type: "button", text: "Picture…" });
  upload.addEventListener("click", () => input.click());
  const hint = element("p", {
    class: "muted",
    text: "Draw a digit, or paste a picture of one. Beside it is what each layer of the network makes of it. Each small square of a picture, a cell, is one number: blue above 0, orange below, pale near 0. [26, 26, 16] means 26 rows, 26 columns and 16 such pictures, called channels. Choose a cell to see where its number comes from.",
  });
  const samples = createSamples((pixels) => playground.setPixels(pixels));
  const answer = element("div");
  const layers = element("div");
  const tools = element("div", { class: "card draw-tools" });
  tools.append(
    element("div", { class: "pad" }, canvas, pen, invitation),
    element("div", { class: "row" }, undo, clear, input, upload),
    problem,
    answer,
    samples,
  );
  root.replaceChildren(hint, element("div", { class: "draw" }, tools, layers));
  mountAnswer(answer, playground);
  mountLayerViews(layers, playground);
}
