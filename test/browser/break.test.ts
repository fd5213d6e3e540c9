import { describe, expect, test } from "vitest";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";

describe.skipIf(BROWSER === undefined)("breaking it", () => {
  const openPage = useBrowser();

  test("trains each mistake beside what should be, and shows that it is worse", async () => {
    const { page } = await openPage();
    const experiments = page.locator("#break article");
    expect(await experiments.count()).toBe(6);
    for (const experiment of await experiments.all()) {
      await experiment.getByRole("button", { name: "Break it" }).click();
      const result = experiment.getByRole("status");
      const figures = /Right answers: ([\d.]+) % as it should be, ([\d.]+) % broken\./;
      await expect.poll(() => result.innerText()).toMatch(figures);
      const [right, broken] = figures
        .exec(await result.innerText())!
        .slice(1)
        .map(Number);
      expect(right).toBeGreaterThan(60);
      expect(broken).toBeLessThan(right!);
      expect(await result.locator("svg, canvas").count()).toBe(1);
    }
  }, 120_000);
});
