import { element } from "../dom.js";
import type { LayerSource } from "./layer-sources.js";
import { classComment, type Lines, markedLines } from "./marked-lines.js";

/** The source of a layer with the numbers of its lines, forward and backward marked, and buttons to go there. */
export function renderSource({ path, text }: LayerSource): HTMLElement {
  const comment = classComment(text);
  const forward = markedLines(text, "forward");
  const backward = markedLines(text, "backward");
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line, i) => renderLine(line, i + 1, forward, backward));
  const pre = element(
    "pre",
    { class: "look-source", tabindex: 0, role: "region", "aria-label": `Source of ${path}` },
    element("code", {}, ...lines),
  );
  const goTo = ([from]: Lines): void => {
    pre.scrollTop = lines[from - 1]!.offsetTop - lines[0]!.offsetTop;
  };
  const button = (name: string, to: Lines): HTMLElement => {
    const node = element("button", { type: "button", class: `look-${name}`, text: `${name}, line ${to[0]}` });
    node.addEventListener("click", () => goTo(to));
    return node;
  };
  requestAnimationFrame(() => goTo(comment)); // once it is on the page, where lines have places
  return element(
    "div",
    {},
    element("h4", {}, "Its source: ", element("code", { text: path })),
    element("p", {
      class: "muted",
      text: "As it is in the library, and as it runs here. Begin with the comment above the class.",
    }),
    element(
      "div",
      { class: "row" },
      button("comment", comment),
      button("forward", forward),
      button("backward", backward),
    ),
    pre,
  );
}

function renderLine(line: string, number: number, forward: Lines, backward: Lines): HTMLElement {
  const within = ([from, to]: Lines): boolean => number >= from && number <= to;
  const classes = ["look-line"];
  if (within(forward)) classes.push("forward");
  if (within(backward)) classes.push("backward");
  if (/^\s*(\/\*|\*|\/\/)/.test(line)) classes.push("comment");
  return element("span", { class: classes.join(" "), "data-line": number, text: `${line}\n` });
}
