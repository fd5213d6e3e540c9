import { element } from "../dom.js";

/** A table without a head for what lies under a window: as many cells in a row as the window is wide. */
export function renderGrid(title: string, cells: readonly HTMLElement[], width: number): HTMLElement {
  const rows: HTMLElement[] = [];
  for (let i = 0; i < cells.length; i += width) rows.push(element("tr", {}, ...cells.slice(i, i + width)));
  const table = element("table", { class: "look-grid", "aria-label": title }, element("tbody", {}, ...rows));
  return element(
    "div",
    {},
    element("p", { class: "muted", text: title }),
    element("div", { class: "look-scroll", tabindex: 0, role: "group", "aria-label": title }, table),
  );
}
