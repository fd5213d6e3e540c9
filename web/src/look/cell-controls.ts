import { element } from "../dom.js";
import type { Playground } from "../playground.js";
import { type Move, moveCell, moveOfKey } from "./moves.js";

/** A button: what it shows, what it does, and the key that does the same. */
type Button = readonly [label: string, move: Move, key: string];

const ARROWS: readonly Button[] = [
  ["←", "left", "arrow left"],
  ["↑", "up", "arrow up"],
  ["↓", "down", "arrow down"],
  ["→", "right", "arrow right"],
];
const CHANNEL: readonly [Button, Button] = [
  ["−", "previous channel", "["],
  ["+", "next channel", "]"],
];
const LAYER: readonly [Button, Button] = [
  ["−", "previous layer", "page up"],
  ["+", "next layer", "page down"],
];

/**
 * Moves the chosen cell of the playground as a key says: arrows, [ and ] for the channel, page up and down for the layer,
 * Escape to leave. True if the key meant something, and the page has no other use for it.
 */
export function followKey(playground: Playground, event: KeyboardEvent): boolean {
  const { cell } = playground;
  if (!cell || event.altKey || event.metaKey) return false;
  const move = moveOfKey(event.key);
  if (!move && event.key !== "Escape") return false;
  event.preventDefault();
  playground.choose(move ? moveCell(playground, cell, move) : undefined);
  return true;
}

/** A button for each move of the chosen cell, and one to leave. */
export function createControls(playground: Playground): HTMLElement {
  const button = ([text, move, key]: Button): HTMLElement => {
    const node = element("button", {
      type: "button",
      text,
      title: `${move} (key: ${key})`,
      "aria-label": move,
    });
    node.addEventListener("click", () => {
      if (playground.cell) playground.choose(moveCell(playground, playground.cell, move));
    });
    return node;
  };
  const steps = (name: string, [back, forth]: readonly [Button, Button]): HTMLElement =>
    element("div", {}, button(back), element("span", { text: name }), button(forth));
  const leave = element("button", { type: "button", text: "Leave", title: "leave (key: escape)" });
  leave.addEventListener("click", () => playground.choose(undefined));
  return element(
    "div",
    { class: "look-controls", role: "group", "aria-label": "Move the chosen cell" },
    element("div", {}, ...ARROWS.map(button)),
    steps("channel", CHANNEL),
    steps("layer", LAYER),
    leave,
  );
}
