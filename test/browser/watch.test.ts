import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";

// what would make the tests pass a page that is broken
describe.skipIf(BROWSER === undefined)("a test of the page notices", () => {
  const openPage = useBrowser();

  /** A page on which `cause` has happened, and what was noticed of it. */
  async function problemsOf(cause: (page: Page) => Promise<unknown>): Promise<readonly string[]> {
    const { page, problems } = await openPage({ expectsProblems: true });
    await page.locator("canvas#pad").waitFor();
    expect(problems).toEqual([]);
    await cause(page);
    return problems;
  }

  test("errors and warnings in the console", async () => {
    const problems = await problemsOf((page) =>
      page.evaluate(() => {
        console.error("an error");
        console.warn("a warning");
        console.log("no problem");
      }),
    );
    await expect.poll(() => problems).toEqual(["console: an error", "console: a warning"]);
  });

  test("what is thrown where nobody catches it, also in a promise", async () => {
    const problems = await problemsOf((page) =>
      page.evaluate(() => {
        void Promise.reject(new Error("refused"));
        setTimeout(() => {
          throw new Error("thrown late");
        });
      }),
    );
    await expect.poll(() => problems.toSorted()).toEqual(["thrown: refused", "thrown: thrown late"]);
  });

  test("files that are not there", async () => {
    const problems = await problemsOf((page) => page.evaluate(() => fetch("missing.bin")));
    await expect
      .poll(() => problems)
      .toContainEqual(expect.stringMatching(/^answered with 404: .*missing\.bin$/));
  });

  test("what is asked of other sites", async () => {
    const problems = await problemsOf((page) =>
      page.evaluate(() => {
        const image = new Image();
        image.src = "https://example.invalid/image.png";
        document.body.append(image);
      }),
    );
    await expect.poll(() => problems).toContain("another site: https://example.invalid/image.png");
  });
});
