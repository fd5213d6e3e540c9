import type { Outcome } from "./run-setup.js";

const WIDTH = 320;
const HEIGHT = 164;
const TOP = 18; // for the names of the axis
const LEFT = 30;
const BOTTOM = 18;
const MOST = 6; // losses beyond are at the upper edge: one that explodes would flatten the other

const SVG = "http://www.w3.org/2000/svg";

/** Two loss curves in one picture: as it should be, and dashed what is broken. */
export function drawLosses(right: Outcome, broken: Outcome): SVGSVGElement {
  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  svg.setAttribute(
    "aria-label",
    `Loss by step. ${describe("As it should be", right)} ${describe("Broken", broken)}`,
  );
  const all = [...right.losses, ...broken.losses].filter(Number.isFinite);
  const top = Math.min(MOST, Math.max(...all) * 1.05);
  const y = (loss: number): number =>
    TOP + (HEIGHT - BOTTOM - TOP) * (1 - Math.min(Number.isFinite(loss) ? loss : top, top) / top);
  const x = (step: number): number =>
    LEFT + ((WIDTH - LEFT - 4) * step) / Math.max(1, right.losses.length - 1);
  const line = ({ losses }: Outcome, name: string): SVGElement =>
    node("polyline", {
      class: name,
      points: losses.map((loss, i) => `${x(i).toFixed(1)},${y(loss).toFixed(1)}`).join(" "),
    });
  const label = (text: string, attributes: Readonly<Record<string, number>>): SVGElement => {
    const made = node("text", attributes);
    made.textContent = text;
    return made;
  };
  svg.append(
    node("line", { class: "axis", x1: LEFT, x2: WIDTH, y1: y(0), y2: y(0) }),
    node("line", { class: "axis", x1: LEFT, x2: LEFT, y1: TOP, y2: y(0) }),
    label(`${top === MOST ? "≥ " : ""}${top.toFixed(1)}`, { x: 2, y: 12 }),
    label("loss", { x: LEFT + 14, y: 12 }),
    label("0", { x: 14, y: y(0) }),
    label(`step ${right.losses.length}`, { x: WIDTH - 62, y: HEIGHT - 4 }),
    line(right, "right"),
    line(broken, "broken"),
  );
  return svg;
}

function describe(what: string, { losses }: Outcome): string {
  const last = losses.at(-1) ?? Number.NaN;
  const end = Number.isFinite(last) ? last.toFixed(2) : "what is no number any more";
  return `${what}: from ${losses[0]?.toFixed(2)} to ${end}.`;
}

function node<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
