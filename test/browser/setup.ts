import type { TestProject } from "vitest/node";
import { browserNotice } from "./find-browser.js";
import { BROWSER } from "./launch.js";
import { buildPage, servePage } from "./serve-page.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of the built page. */
    pageUrl: string;
  }
}

/** Builds and serves the page, before the first test; or says that tests are skipped, see `browserNotice`. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const notice = browserNotice(BROWSER, process.env.TINYCONV_BROWSER);
  if (notice !== undefined) {
    console.warn(`\n${notice}\n`);
    return undefined;
  }
  buildPage();
  const { url, close } = await servePage();
  project.provide("pageUrl", url);
  return close;
}
