import { DIGIT_SIDE } from "../digit-size.js";
import "./backward.css";
import { contextOf, element } from "../dom.js";
import { PALETTES, type Palette } from "../draw/colours.js";
import { LayerView } from "../draw/layer-view.js";
import type { Playground } from "../playground.js";
import { createCheckButton } from "./check-button.js";
import { flowBack, type GradientFlow } from "./gradient-flow.js";

/** A label to choose, the gradient over the digit, and dx from the last layer to the first. */
export function mountBackward(root: HTMLElement, playground: Playground): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen: number | undefined; // until a label is chosen, the network's own answer
  const choice = createChoice((label) => {
    chosen = label;
    update();
  });
  const blame = element("canvas", { class: "blame", width: DIGIT_SIDE, height: DIGIT_SIDE, role: "img" });
  blame.setAttribute("aria-label", "The gradient of the loss over the digit");
  const words = element("p");
  words.setAttribute("aria-live", "polite");
  const layers = element("div", { class: "layers" });
  const explanation = element("p", {
    class: "muted",
    text: "Choose what the digit should be. The loss says how surprised the network is by that, and the gradient dx says for each number on the way how the loss would grow with it. It is computed from the last layer back to the pixels: the dx of a layer is what the layer before it is given. Check compares dx and the gradients of the weights with what is measured: analytic is what backward computes; numeric is how much the result changes when that number is moved a little, on a small part of the layer's input, with some noise.",
  });
  root.replaceChildren(
    explanation,
    element("div", { class: "backward-top" }, blame, element("div", {}, choice, words)),
    layers,
  );

  const labelNow = (): number => {
    const label = chosen ?? playground.probabilities.indexOf(Math.max(...playground.probabilities));
    const input = choice.querySelectorAll("input")[label];
    if (input) input.checked = true;
    return label;
  };
  // each stroke changes the gradients; they are computed while somebody looks at them
  let isSeen = true;
  let isOld = false;
  let views: LayerView[] = [];
  const build = (): void => {
    const flow = flowBack(playground.model, playground.pixels, labelNow());
    views = flow.layers.map(({ type, name, shape }, i) => {
      const layer = flow.layers.length - 1 - i;
      const view = new LayerView(
        { name, shape },
        {
          layer: layer - 1,
          title: `dx of ${layer + 1}. ${type}`,
          note: "how the loss grows with each input",
        },
        playground,
      );
      view.node.append(createCheckButton(playground, layer));
      return view;
    });
    layers.replaceChildren(...views.map(({ node }) => node));
    show(flow);
  };
  const show = (flow: GradientFlow): void => {
    const palette = PALETTES[dark.matches ? "dark" : "light"];
    for (const [i, view] of views.entries()) view.show(flow.layers[i]!.dx, { palette });
    paintBlame(blame, playground.pixels, flow.dPixels, palette);
    const wanted = labelNow();
    const p = Math.exp(-flow.loss);
    if (playground.pixels.every((value) => value === 0)) words.textContent = "Nothing is drawn yet.";
    else
      words.textContent = `Loss ${flow.loss.toFixed(3)} for a ${wanted}: the network gives it ${(100 * p).toFixed(1)} %. Blue pixels: less ink here would make it more of a ${wanted}. Orange: more ink would.`;
  };
  const update = (): void => {
    isOld = !isSeen;
    if (isSeen) show(flowBack(playground.model, playground.pixels, labelNow()));
  };
  playground.on("model", build);
  playground.on("pixels", update);
  new IntersectionObserver(([entry]) => {
    isSeen = entry?.isIntersecting ?? true;
    if (isSeen && isOld) update();
  }).observe(root);
  dark.addEventListener("change", update);
  build();
}

/** Ten labels, of which one is chosen. */
function createChoice(onChoose: (label: number) => void): HTMLElement {
  const labels = Array.from({ length: 10 }, (_, k) => {
    const input = element("input", {
      type: "radio",
      name: "label",
      value: k,
      class: "hidden",
      checked: k === 0,
    });
    input.addEventListener("change", () => onChoose(k));
    return element("label", {}, input, element("span", { text: k }));
  });
  return element(
    "fieldset",
    { class: "labels" },
    element("legend", { class: "hidden", text: "The digit it should be" }),
    ...labels,
  );
}

/** The digit in grey, and over it the gradient in its colours, the largest in the strongest. */
function paintBlame(
  canvas: HTMLCanvasElement,
  pixels: Uint8Array,
  gradient: Float32Array,
  { positive, negative }: Palette,
): void {
  const image = new ImageData(DIGIT_SIDE, DIGIT_SIDE);
  const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  for (const [i, value] of gradient.entries()) {
    const share = Math.sqrt(Math.abs(value) / largest); // so that small ones are seen too
    const colour = value < 0 ? negative : positive;
    const grey = 40 + 0.6 * pixels[i]!;
    image.data.set([...colour.map((part) => grey + (part - grey) * share), 255], 4 * i);
  }
  contextOf(canvas).putImageData(image, 0, 0);
}
