import { existsSync } from "node:fs";

type Environment = Readonly<Record<string, string | undefined>>;

const USUAL: Readonly<Record<string, readonly string[]>> = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  ],
};

/**
 * The path of a Chromium or Chrome: CHROME_PATH if it is set, otherwise the first that is in one of the usual places.
 *
 * @throws Error if CHROME_PATH leads nowhere.
 */
export function findBrowser(
  { CHROME_PATH }: Environment,
  platform: string,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  if (!CHROME_PATH) return USUAL[platform]?.find(exists);
  if (exists(CHROME_PATH)) return CHROME_PATH;
  throw new Error(
    `CHROME_PATH: expected the path of Chromium or Chrome, got ${JSON.stringify(CHROME_PATH)}, which does not exist.`,
  );
}

/** How one gets a browser. */
export const REMEDY = 'Install Chrome, or the package "chromium", or give the path of one in CHROME_PATH.';

/**
 * What is said before the tests run: nothing if there is a browser, otherwise that tests are skipped.
 *
 * @throws Error if there is no browser and `mode`, that is TINYCONV_BROWSER, is "required".
 */
export function browserNotice(browser: string | undefined, mode: string | undefined): string | undefined {
  if (browser !== undefined) return undefined;
  if (mode === "required") {
    throw new Error(
      `test/browser: expected Chromium or Chrome, since TINYCONV_BROWSER is "required", got none. ${REMEDY}`,
    );
  }
  return `SKIPPED: the tests of test/browser, which use the page of web/, need Chromium or Chrome. ${REMEDY}`;
}
