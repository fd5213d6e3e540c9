import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { BROWSER, launch } from "./launch.js";
import { watch } from "./watch.js";

/** How a page is opened. */
export interface OpenPageOptions {
  /** Of the window, in CSS pixels. @default 1280 x 900 */
  readonly width?: number;
  readonly height?: number;
  /** @default "light" */
  readonly colorScheme?: "light" | "dark";
  /** Whether the person has asked for less motion. @default false */
  readonly reducedMotion?: boolean;
  /** Whether the screen takes fingers. @default false */
  readonly touch?: boolean;
  /** Whether the host sends the headers that let threads share memory. @default true */
  readonly isolated?: boolean;
  /** Whether the test looks at the problems itself, so that they do not fail it. @default false */
  readonly expectsProblems?: boolean;
}

/** An open page, and what has gone wrong on it so far. */
export interface OpenPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

const TIMEOUT = 10_000; // milliseconds, for whatever should be on the page
const FAILURES = join("build", "browser"); // pictures of pages on which a test failed

/**
 * Starts a browser for the tests of this file. Gives the function that opens the page of `web/` in it; after each test,
 * its pages are closed, and problems on any of them fail it.
 */
export function useBrowser(): (options?: OpenPageOptions) => Promise<OpenPage> {
  let browser: Browser | undefined;
  const opened: (OpenPage & { readonly context: BrowserContext; readonly expectsProblems: boolean })[] = [];

  beforeAll(async () => {
    if (BROWSER !== undefined) browser = await launch(BROWSER);
  });
  afterAll(() => browser?.close());

  afterEach(async ({ task }) => {
    const pages = opened.splice(0);
    const problems = pages.flatMap((page) => (page.expectsProblems ? [] : page.problems));
    if (task.result?.state === "fail" || problems.length > 0) {
      mkdirSync(FAILURES, { recursive: true });
      const name = task.name.replaceAll(/\W+/g, "-");
      for (const [i, { page }] of pages.entries()) {
        await page.screenshot({ path: join(FAILURES, `${name}-${i + 1}.png`), fullPage: true });
      }
    }
    for (const { context } of pages) await context.close();
    expect(problems).toEqual([]);
  });

  return async ({
    width = 1280,
    height = 900,
    colorScheme = "light",
    reducedMotion = false,
    touch = false,
    isolated = true,
    expectsProblems = false,
  } = {}) => {
    const context = await browser!.newContext({
      viewport: { width, height },
      colorScheme,
      reducedMotion: reducedMotion ? "reduce" : "no-preference",
      hasTouch: touch,
    });
    context.setDefaultTimeout(TIMEOUT);
    const page = await context.newPage();
    const url = inject("pageUrl");
    const problems = await watch(page, new URL(url).origin);
    opened.push({ context, page, problems, expectsProblems });
    if (!isolated) await dropIsolation(page);
    await page.goto(url);
    // the last section is there, so that all are: the model comes first, which takes its time on a busy machine
    if (!expectsProblems) await page.locator("#break article").first().waitFor();
    return { page, problems };
  };
}

/** Serves the page as a host would that knows nothing of these headers. */
async function dropIsolation(page: Page): Promise<void> {
  await page.route("**/*", async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    delete headers["cross-origin-opener-policy"];
    delete headers["cross-origin-embedder-policy"];
    await route.fulfill({ response, headers });
  });
}
