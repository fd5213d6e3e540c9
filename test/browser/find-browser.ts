import { existsSync } from "node:fs";

type Environment = Readonly<Record<string, string | undefined>>;

/** A browser, the variable of the environment that says where it lies, and where it usually does in each system. */
interface Kind {
  readonly name: string;
  readonly variable: string;
  readonly usual: Readonly<Record<string, readonly string[]>>;
}

const CHROMIUM: Kind = {
  name: "Chromium or Chrome",
  variable: "CHROME_PATH",
  usual: {
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
  },
};

const FIREFOX: Kind = {
  name: "Firefox",
  variable: "FIREFOX_PATH",
  usual: {
    linux: ["/usr/bin/firefox-esr", "/usr/bin/firefox"],
    darwin: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
    win32: ["C:\\Program Files\\Mozilla Firefox\\firefox.exe"],
  },
};

/**
 * The path of a Chromium or Chrome: CHROME_PATH if it is set, otherwise the first that is in one of the usual places.
 *
 * @throws Error if CHROME_PATH leads nowhere.
 */
export function findBrowser(
  environment: Environment,
  platform: string,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  return find(CHROMIUM, environment, platform, exists);
}

/**
 * The path of a Firefox: FIREFOX_PATH if it is set, otherwise the first that is in one of the usual places.
 *
 * @throws Error if FIREFOX_PATH leads nowhere.
 */
export function findFirefox(
  environment: Environment,
  platform: string,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  return find(FIREFOX, environment, platform, exists);
}

function find(
  { name, variable, usual }: Kind,
  environment: Environment,
  platform: string,
  exists: (path: string) => boolean,
): string | undefined {
  const path = environment[variable];
  if (!path) return usual[platform]?.find(exists);
  if (exists(path)) return path;
  throw new Error(
    `${variable}: expected the path of ${name}, got ${JSON.stringify(path)}, which does not exist.`,
  );
}

/** How one gets a browser. */
export const REMEDY = 'Install Chrome, or the package "chromium", or give the path of one in CHROME_PATH.';

/** How one gets a Firefox. */
export const FIREFOX_REMEDY =
  'Install Firefox, or the package "firefox-esr", or give the path of one in FIREFOX_PATH.';

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
