import type { Layer } from "tinyconv";
import { element } from "../dom.js";
import { LAYER_NOTES } from "./layer-notes.js";
import { LAYER_SOURCES } from "./layer-sources.js";
import type { Pass } from "./pass.js";
import { renderSource } from "./source-view.js";
import { shapeWords } from "./words.js";

/** What there is to know of a layer: what it does, its formula, its shapes, its parameters, its source. */
export function renderLayer(pass: Pass, index: number): readonly Node[] {
  const layer = pass.model.layers[index];
  if (!layer) {
    return [
      element("h3", { text: "The input" }),
      element("p", { text: "The digit in 28 by 28 pixels, from 0, the ground, to 255, the ink." }),
    ];
  }
  const note = LAYER_NOTES.get(layer.type);
  const source = LAYER_SOURCES.get(layer.type);
  const parameters = layer.parameters.reduce((count, { value }) => count + value.size, 0);
  const facts: readonly (readonly [string, string])[] = [
    ["in", shapeWords(pass, index - 1)],
    ["out", shapeWords(pass, index)],
    ["parameters", parameters.toLocaleString("en")],
  ];
  return [
    element("h3", {}, `${pass.outputs[index]!.name}: `, element("code", { text: layer.type })),
    element("p", { text: note?.words ?? "A layer that does not belong to the library." }),
    ...(note ? [element("p", { class: "look-formula", text: formulaOf(note.formula, layer) })] : []),
    element(
      "dl",
      { class: "look-facts" },
      ...facts.map(([name, value]) =>
        element("div", {}, element("dt", { text: name }), element("dd", { text: value })),
      ),
    ),
    ...(source ? [renderSource(source)] : []),
  ];
}

/** The formula as the layer has it: one without a bias adds none. */
function formulaOf(formula: string, { parameters }: Layer): string {
  return parameters.some(({ name }) => name === "bias") ? formula : formula.replace(/ \+ b\[\w\]$/, "");
}
