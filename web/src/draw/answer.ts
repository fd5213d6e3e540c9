import { DIGIT_SIDE } from "../digit-size.js";
import { contextOf, element } from "../dom.js";
import { percent } from "../percent.js";
import type { Playground } from "../playground.js";

/** The prepared digit, the answer, and the ten probabilities. */
export function mountAnswer(root: HTMLElement, playground: Playground): void {
  const prepared = element("canvas", {
    class: "prepared",
    width: DIGIT_SIDE,
    height: DIGIT_SIDE,
    role: "img",
  });
  prepared.setAttribute("aria-label", "What the network is given: the digit in 28 by 28 pixels");
  const digit = element("output", { class: "digit", "data-testid": "answer", "aria-live": "polite" });
  const sure = element("span", { class: "muted" });
  const rows = Array.from({ length: 10 }, (_, k) => createRow(k));
  const list = element(
    "ol",
    { class: "probabilities", "aria-label": "Probabilities" },
    ...rows.map(({ node }) => node),
  );
  root.replaceChildren(element("div", { class: "answer" }, element("div", {}, prepared, digit, sure), list));

  const update = (): void => {
    const { pixels, probabilities } = playground;
    paint(prepared, pixels);
    const isEmpty = pixels.every((value) => value === 0);
    const best = probabilities.indexOf(Math.max(...probabilities));
    digit.textContent = isEmpty ? "" : String(best);
    sure.textContent = isEmpty ? "nothing drawn yet" : percent(probabilities[best]!, 1);
    for (const [k, row] of rows.entries()) row.show(isEmpty ? 0 : probabilities[k]!, !isEmpty && k === best);
  };
  playground.on("pixels", update);
  update();
}

function createRow(k: number) {
  const bar = element("div", { class: "bar" });
  const share = element("span", { class: "share", "data-testid": `probability-${k}` });
  const node = element(
    "li",
    {},
    element("span", { text: k }),
    element("div", { class: "track" }, bar),
    share,
  );
  return {
    node,
    show(probability: number, isBest: boolean): void {
      bar.style.width = `${100 * probability}%`;
      share.textContent = percent(probability, 1);
      node.classList.toggle("best", isBest);
    },
  };
}

/** Paints a digit, light on dark as in MNIST. */
export function paint(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  const image = new ImageData(DIGIT_SIDE, DIGIT_SIDE);
  for (const [i, value] of pixels.entries()) image.data.set([value, value, value, 255], 4 * i);
  contextOf(canvas).putImageData(image, 0, 0);
}
