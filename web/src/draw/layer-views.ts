import { MaxPool2D } from "tinyconv";
import { element } from "../dom.js";
import { LAYER_NOTES } from "../look/layer-notes.js";
import { receptiveField } from "../look/receptive-field.js";
import type { Playground } from "../playground.js";
import { PALETTES } from "./colours.js";
import { LayerView, type Lit } from "./layer-view.js";
import { poolWinners } from "./winners.js";

/** All activations of the model, one card a layer; before a max-pool one more, in which only the winners keep their colour. */
export function mountLayerViews(root: HTMLElement, playground: Playground): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let updates: (() => void)[] = [];
  const update = (): void => {
    for (const each of updates) each();
  };
  const build = (): void => {
    const cards = playground.outputs.flatMap((_, layer) => createViews(playground, layer, dark));
    updates = cards.map((card) => card.update);
    root.replaceChildren(element("div", { class: "layers" }, ...cards.map((card) => card.node)));
    update();
  };
  playground.on("model", build);
  playground.on("pixels", update);
  playground.on("cell", update);
  dark.addEventListener("change", update);
  build();
}

/** The cells of a layer that the chosen one depends on, or is. */
function litIn({ model, cell }: Playground, layer: number): Lit | undefined {
  if (!cell || layer > cell.layer) return undefined;
  if (layer === cell.layer) return { rows: [cell.h], columns: [cell.w], channels: [cell.c] };
  return receptiveField(model, cell).find((field) => field.layer === layer);
}

function createViews(playground: Playground, layer: number, dark: MediaQueryList) {
  const { type, name } = playground.outputs[layer]!;
  const palette = () => PALETTES[dark.matches ? "dark" : "light"];
  const title = `${layer + 1}. ${type}`;
  const view = new LayerView(
    playground.outputs[layer]!,
    { layer, title, note: LAYER_NOTES.get(type)?.short ?? name },
    playground,
  );
  const own = {
    node: view.node,
    update: () => {
      view.light(litIn(playground, layer));
      view.show(playground.outputs[layer]!.data, { palette: palette() });
    },
  };
  const pool = playground.model.layers[layer];
  const before = playground.outputs[layer - 1];
  if (!(pool instanceof MaxPool2D) || !before) return [own];
  const winners = new LayerView(
    before,
    { layer: layer - 1, title: `What wins in ${title}`, note: "faded: not the largest of its square" },
    playground,
  );
  const { poolSize: kernelSize, strides, padding } = pool;
  const update = () => {
    const { data, shape } = playground.outputs[layer - 1]!;
    const kept = poolWinners(data, shape, { kernelSize, strides, padding });
    winners.show(data, { palette: palette(), kept });
  };
  return [{ node: winners.node, update }, own];
}
