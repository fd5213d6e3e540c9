import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { drawSeven } from "./drawn.js";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";

const MIN_TARGET = 40; // CSS pixels, of what a finger has to hit

/** What makes the page wider than the window, innermost first. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((node) => {
      const spills = node.scrollWidth > node.clientWidth && getComputedStyle(node).overflowX === "visible";
      return node.getBoundingClientRect().right > clientWidth || spills;
    });
    const nodes = wide.map((node) => node.outerHTML.slice(0, 100)).reverse();
    return [`the page is ${scrollWidth} wide`, ...nodes.slice(0, 10)];
  });
}

/** The background of the page as red, green and blue. */
function background(page: Page): Promise<number[]> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.map(Number));
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe.skipIf(BROWSER === undefined)("the page", () => {
  const openPage = useBrowser();

  describe.each([
    { width: 390, height: 844 },
    { width: 1280, height: 900 },
  ])("$width x $height", (size) => {
    test.each(["light", "dark"] as const)("recognises a digit, %s", async (colorScheme) => {
      const { page } = await openPage({ ...size, colorScheme });
      await drawSeven(page);
      await page.getByRole("button", { name: "Show me one" }).click();
      expect(await tooWide(page)).toEqual([]);
      const brightness = sum(await background(page)) / 3;
      if (colorScheme === "light") expect(brightness).toBeGreaterThan(200);
      else expect(brightness).toBeLessThan(60);
    });
  });

  test("does not scroll sideways on the narrowest of phones", async () => {
    const { page } = await openPage({ width: 360, height: 740 });
    await page.getByRole("button", { name: "Show me one" }).click();
    expect(await tooWide(page)).toEqual([]);
  });

  test("has room for a finger on whatever is to be touched", async () => {
    const { page } = await openPage({ width: 390, height: 844, touch: true });
    const targets = page.locator("button, .button, nav a, select").filter({ visible: true });
    const heights = await targets.evaluateAll((nodes) =>
      nodes.map((node) => ({ text: node.textContent, height: node.getBoundingClientRect().height })),
    );
    expect(heights.length).toBeGreaterThan(5);
    expect(heights.filter(({ height }) => height < MIN_TARGET)).toEqual([]);
  });

  test("moves nothing for people who have asked for less motion", async () => {
    const { page } = await openPage({ reducedMotion: true });
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll("*")]
        .filter((node) => {
          const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(node);
          const changes = transitionDuration.split(",").some((duration) => Number.parseFloat(duration) > 0);
          return animationName !== "none" || changes || scrollBehavior === "smooth";
        })
        .map((node) => node.outerHTML.slice(0, 100)),
    );
    expect(moving).toEqual([]);
  });
});
