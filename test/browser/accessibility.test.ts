import axe from "axe-core";
import { describe, expect, test } from "vitest";
import { drawSeven } from "./drawn.js";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";

describe.skipIf(BROWSER === undefined)("axe finds nothing that shuts people out", () => {
  const openPage = useBrowser();

  test.each(["light", "dark"] as const)("labels, roles and contrast, %s", async (colorScheme) => {
    const { page } = await openPage({ colorScheme, reducedMotion: true });
    await drawSeven(page);
    await page.getByRole("button", { name: "Show me one" }).click();
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { axe: checker } = globalThis as typeof globalThis & { readonly axe: typeof axe };
      const result = await checker.run();
      return result.violations.map(({ id, help, nodes }) => ({
        id,
        help,
        html: nodes.map(({ html }) => html),
      }));
    });
    expect(violations).toEqual([]);
  });
});
