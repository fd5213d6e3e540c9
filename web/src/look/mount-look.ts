import "./look.css";
import { element } from "../dom.js";
import type { Playground } from "../playground.js";
import { createControls, followKey } from "./cell-controls.js";
import type { ChannelChoice } from "./convolution-view.js";
import { explainCell } from "./explain-cell.js";
import { renderExplanation } from "./explanation-view.js";
import { renderFields } from "./field-view.js";
import { renderLayer } from "./layer-card.js";
import { strongestCell, valueAt } from "./pass.js";
import { cellWords } from "./words.js";

const INVITATION =
  "Choose a cell of any picture above, by a click or a tap: here you will see what it depends on, the sum that made its number, and the lines of code that computed it.";

/** What is inside the chosen cell: its place, the sum that made it, its receptive field, and its layer with the source. */
export function mountLook(root: HTMLElement, playground: Playground): void {
  const words = element("p", { "aria-live": "polite", "data-testid": "look-words" });
  const start = element("button", { type: "button", class: "primary", text: "Show me one" });
  const controls = createControls(playground);
  const back = element("p", {}, element("a", { href: "#draw", text: "See it lit in the pictures" }));
  const sum = element("div", { "data-testid": "look-explanation" });
  const fields = element("div");
  const cellCard = element("div", { class: "card look-cell", tabindex: 0, role: "group" });
  cellCard.setAttribute("aria-label", "The chosen cell. Arrow keys, [ ], page up and page down move it.");
  cellCard.append(words, start, controls, sum, fields, back);
  const layerCard = element("div", { class: "card look-layer" });
  const look = element("div", { class: "look" }, cellCard, layerCard);
  root.replaceChildren(look);

  const choice: ChannelChoice = { channel: undefined };
  let shown: { model: object; layer: number } | undefined; // what is on the layer's card
  const update = (): void => {
    const { cell, model } = playground;
    start.hidden = cell !== undefined;
    for (const node of [controls, sum, fields, back, layerCard]) node.hidden = cell === undefined;
    words.classList.toggle("look-words", cell !== undefined);
    words.textContent = cell ? cellWords(playground, cell) : INVITATION;
    if (!cell) return;
    if (shown?.layer !== cell.layer || shown.model !== model) {
      shown = { model, layer: cell.layer };
      choice.channel = undefined;
      layerCard.replaceChildren(...renderLayer(playground, cell.layer));
    }
    // what is drawn anew cannot keep the focus
    if (sum.contains(document.activeElement) || fields.contains(document.activeElement)) {
      cellCard.focus({ preventScroll: true });
    }
    const explanation = explainCell(playground, cell);
    sum.replaceChildren(
      ...(explanation ? renderExplanation(explanation, valueAt(playground, cell), choice) : []),
    );
    fields.replaceChildren(...renderFields(playground, cell));
  };

  start.addEventListener("click", () => {
    const convolution = playground.outputs.findIndex(({ type }) => type === "Conv2D");
    playground.choose(strongestCell(playground, Math.max(convolution, 0)));
    cellCard.focus({ preventScroll: true });
  });
  cellCard.addEventListener("keydown", (event) => {
    if (event.target instanceof Element && event.target.closest(".look-scroll")) return; // its keys scroll
    if (followKey(playground, event) && !playground.cell) start.focus(); // what had the focus is gone
  });
  controls.addEventListener("click", () => {
    if (!playground.cell) start.focus();
  });
  playground.on("pixels", update);
  playground.on("cell", update);
  update();
}
