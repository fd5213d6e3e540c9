import { contextOf, element } from "../dom.js";
import type { Cell } from "../playground.js";
import { fieldColours } from "./field-colours.js";
import { extentOf, type Pass, shapeAt } from "./pass.js";
import { type Field, receptiveField } from "./receptive-field.js";
import { layerName, placesWords } from "./words.js";

/** What a cell depends on: its part of the digit as a picture, and of each layer before in words. */
export function renderFields(pass: Pass, cell: Cell): readonly Node[] {
  const fields = receptiveField(pass.model, cell);
  const input = fields.at(-1);
  if (!input) return [];
  const head = ["layer", "rows", "columns", "channels"].map((text) => element("th", { scope: "col", text }));
  return [
    element("h3", { text: "What it can see" }),
    element("p", {
      class: "muted",
      text: "Its receptive field: the cells of the layers before that can change it. No other cell can.",
    }),
    renderPicture(pass, input),
    element(
      "div",
      { class: "look-scroll", tabindex: 0, role: "group", "aria-label": "Receptive field in each layer" },
      element(
        "table",
        { class: "look-terms" },
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...fields.map((field) => renderField(pass, field))),
      ),
    ),
  ];
}

function renderField(pass: Pass, { layer, rows, columns, channels }: Field): HTMLElement {
  const shape = shapeAt(pass, layer);
  const { H, W, C } = extentOf(shape);
  const isVector = shape.length === 1;
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, ...breakable(layerName(pass, layer))),
    element("td", { text: isVector ? "–" : placesWords(rows, H) }),
    element("td", { text: isVector ? "–" : placesWords(columns, W) }),
    element("td", { text: placesWords(channels, C) }),
  );
}

/** A name that may be broken behind each of its underscores, for narrow screens. */
function breakable(name: string): readonly (Node | string)[] {
  return name.split(/(?<=_)/).flatMap((part, i) => (i === 0 ? [part] : [element("wbr"), part]));
}

function renderPicture({ pixels, model }: Pass, field: Field): HTMLElement {
  const { H, W } = extentOf(model.inputShape);
  const canvas = element("canvas", { class: "look-input", width: W, height: H, role: "img" });
  canvas.setAttribute(
    "aria-label",
    `The digit; the cell sees rows ${placesWords(field.rows, H)}, columns ${placesWords(field.columns, W)}`,
  );
  contextOf(canvas).putImageData(new ImageData(fieldColours(pixels, W, field), W, H), 0, 0);
  return canvas;
}
