import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";

const MAX_STOPS = 500;

/** Numbers whatever can be used, in the order of the page, and describes it. */
function numberControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>(
      "a[href], button, input, select, textarea, summary, [tabindex]",
    );
    // of a group of radio buttons, the tabulator leads to the chosen one; arrow keys to the others
    const passed = ":disabled, [tabindex='-1'], [type=radio]:not(:checked)";
    const usable = [...all].filter((node) => !node.matches(passed) && node.checkVisibility());
    return usable.map((node, i) => {
      node.dataset.control = String(i);
      return node.outerHTML.slice(0, 120);
    });
  });
}

interface Stop {
  /** The number of the control that has the focus, if one has. */
  readonly control: number | undefined;
  /** Whether one sees that it has. */
  readonly isSeen: boolean;
}

/** Presses the tabulator once. */
async function nextStop(page: Page): Promise<Stop> {
  await page.keyboard.press("Tab");
  return page.evaluate(() => {
    const focused = document.activeElement as HTMLElement;
    const { control } = focused.dataset;
    // an input that is hidden has what stands for it show the focus
    const isHidden = focused.getBoundingClientRect().width <= 1;
    const shown = isHidden ? [focused.closest("label"), focused.nextElementSibling] : [focused];
    const isSeen = shown.some((node) => {
      if (!node) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      const { top, bottom, left, right } = node.getBoundingClientRect();
      const isInside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
      return isInside && outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    });
    return { control: control === undefined ? undefined : Number(control), isSeen };
  });
}

describe.skipIf(BROWSER === undefined)("the tabulator", () => {
  const openPage = useBrowser();

  test("leads to everything that can be used, in the order of the page, and one sees where it is", async () => {
    const { page } = await openPage({ reducedMotion: true });
    await page.getByRole("button", { name: "Show me one" }).click(); // more to use, for the cell
    await page.evaluate(() => scrollTo(0, 0));
    await page.mouse.click(1, 1); // from where the tabulator begins at the beginning
    const controls = await numberControls(page);
    expect(controls.length).toBeGreaterThan(10);

    const reached: number[] = [];
    const unseen: (string | undefined)[] = [];
    for (let i = 0; i < MAX_STOPS; i++) {
      const { control, isSeen } = await nextStop(page);
      if (control === undefined) break; // past the last one
      reached.push(control);
      if (!isSeen) unseen.push(controls[control]);
    }
    expect(reached).toEqual(controls.map((_, i) => i));
    expect(unseen).toEqual([]);
  });

  test("leads first to a link that skips the navigation", async () => {
    const { page } = await openPage();
    await page.locator("canvas#pad").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("pad");
  });
});
