/** What a node is made with: `class` and `text`, and attributes; `true` is an attribute without a value, `false` none. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Makes a node: `element("button", { class: "primary", type: "button", text: "Clear" })`. Text is never taken as HTML.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { class: className, text, ...attributes }: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  if (className !== undefined) node.className = String(className);
  if (text !== undefined) node.textContent = String(text);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

/** The element of that id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`byId: expected an element called ${JSON.stringify(id)}, got none.`);
  return found;
}

/** The two-dimensional context of a canvas. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("contextOf: expected a canvas that can be drawn on, got none.");
  return context;
}
