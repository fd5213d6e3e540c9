import { describe, expect, test } from "vitest";
import { SoftmaxCrossEntropy } from "../../src/index.js";
import { drawSeven, MODEL } from "./drawn.js";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";

describe.skipIf(BROWSER === undefined)("going backward", () => {
  const openPage = useBrowser();

  test.each([7, 3])("gives the library's loss for a seven that should be a %i", async (label) => {
    const { page } = await openPage();
    const images = await drawSeven(page);
    const loss = new SoftmaxCrossEntropy().forward(MODEL.logits(images), [label]);
    const backward = page.locator("#backward");
    await backward.locator("label", { hasText: String(label) }).click();
    await expect.poll(() => backward.innerText()).toContain(`Loss ${loss.toFixed(3)} for a ${label}:`);
  });

  test("checks the gradient of every layer, and finds it right", async () => {
    const { page } = await openPage();
    await drawSeven(page);
    for (const i of MODEL.layers.keys()) {
      await page.getByRole("button", { name: `Check the gradient of layer ${i + 1}`, exact: true }).click();
      const result = page.getByTestId(`check-${i}`);
      await expect.poll(() => result.innerText()).toContain("They agree: the largest error is ");
      expect(await result.locator("tbody tr").count()).toBeGreaterThan(0);
    }
  }, 120_000);
});
