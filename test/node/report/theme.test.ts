import { describe, expect, test } from "vitest";
import { LIGHT, PAGE, THEME_CSS } from "../../../src/node/report/theme.js";

/** The variables of the light and of the dark colours, in the order of the style sheet. */
const [light, dark] = THEME_CSS.split("@media").map(
  (part) => new Map([...part.matchAll(/--([\w-]+): (#\w{6});/g)].map(([, name, colour]) => [name!, colour!])),
) as [Map<string, string>, Map<string, string>];

/** The luminance of a colour, 0 to 1. Source: WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [dim, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

describe("THEME_CSS", () => {
  test("says what each colour of the page is, in light and in dark", () => {
    const names = Object.values(PAGE).flatMap((value) => value.match(/^var\(--(.+)\)$/)?.[1] ?? []);
    expect(names).toHaveLength(Object.keys(PAGE).length - 2); // all but paper, which the page has, and the font
    for (const name of [...names, "paper"]) {
      expect(light.get(name), name).toBeDefined();
      expect(dark.get(name), name).toBeDefined();
      expect(dark.get(name), name).not.toBe(light.get(name));
    }
    expect(light.get("ink")).toBe(LIGHT.ink);
  });

  test.each([
    ["light", light],
    ["dark", dark],
  ])("has texts in %s that stand out from what is behind them, as WCAG AA asks", (_, colours) => {
    const pairs = [
      ["ink", "paper"],
      ["muted", "paper"],
      ["wrong", "paper"],
      ["ink", "wrong-area"],
      ["ink", "right-area"],
    ] as const;
    for (const [text, behind] of pairs) {
      expect(contrast(colours.get(text)!, colours.get(behind)!), `${text} on ${behind}`).toBeGreaterThan(4.5);
    }
  });

  test.each([
    ["light", light],
    ["dark", dark],
  ])("has lines and bars in %s that stand out from the paper", (_, colours) => {
    for (const name of ["first", "second"]) {
      expect(contrast(colours.get(name)!, colours.get("paper")!), name).toBeGreaterThan(3);
    }
  });
});
