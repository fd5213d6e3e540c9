import { describe, expect, test } from "vitest";
import { browserNotice, findBrowser, findFirefox } from "./find-browser.js";

const only = (path: string) => (asked: string) => asked === path;

describe("findBrowser", () => {
  test("looks in the usual places of each system", () => {
    const chrome = "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe";
    expect(findBrowser({}, "win32", only(chrome))).toBe(chrome);
    expect(findBrowser({}, "linux", only("/usr/bin/google-chrome"))).toBe("/usr/bin/google-chrome");
    expect(findBrowser({}, "darwin", () => true)).toBe(
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    );
  });

  test("takes the first that is there, and none where there is none", () => {
    expect(findBrowser({}, "linux", () => true)).toBe("/usr/bin/chromium");
    expect(findBrowser({}, "linux", () => false)).toBeUndefined();
    expect(findBrowser({}, "aix", () => true)).toBeUndefined();
  });

  test("takes CHROME_PATH before all others; an empty one says nothing", () => {
    expect(findBrowser({ CHROME_PATH: "/opt/chrome" }, "linux", () => true)).toBe("/opt/chrome");
    expect(findBrowser({ CHROME_PATH: "" }, "linux", () => true)).toBe("/usr/bin/chromium");
  });

  test("does not pass over a CHROME_PATH that leads nowhere", () => {
    expect(() => findBrowser({ CHROME_PATH: "/opt/chrome" }, "linux", only("/usr/bin/chromium"))).toThrow(
      new Error(
        'CHROME_PATH: expected the path of Chromium or Chrome, got "/opt/chrome", which does not exist.',
      ),
    );
  });
});

test("findFirefox does the same for Firefox, with FIREFOX_PATH", () => {
  const environment = { FIREFOX_PATH: "/opt/firefox", CHROME_PATH: "/opt/chrome" };
  expect(findFirefox({}, "linux", () => true)).toBe("/usr/bin/firefox-esr");
  expect(findFirefox({}, "linux", only("/usr/bin/firefox"))).toBe("/usr/bin/firefox");
  expect(findFirefox({}, "linux", () => false)).toBeUndefined();
  expect(findFirefox(environment, "linux", () => true)).toBe("/opt/firefox");
  expect(() => findFirefox(environment, "linux", only("/usr/bin/firefox"))).toThrow(
    new Error('FIREFOX_PATH: expected the path of Firefox, got "/opt/firefox", which does not exist.'),
  );
});

describe("browserNotice", () => {
  test("is silent where there is a browser", () => {
    expect(browserNotice("/usr/bin/chromium", undefined)).toBeUndefined();
    expect(browserNotice("/usr/bin/chromium", "required")).toBeUndefined();
  });

  test("says which tests are skipped, and how to get a browser", () => {
    expect(browserNotice(undefined, undefined)).toBe(
      'SKIPPED: the tests of test/browser, which use the page of web/, need Chromium or Chrome. Install Chrome, or the package "chromium", or give the path of one in CHROME_PATH.',
    );
  });

  test("is an error where a browser is required", () => {
    expect(() => browserNotice(undefined, "required")).toThrow(
      new Error(
        'test/browser: expected Chromium or Chrome, since TINYCONV_BROWSER is "required", got none. Install Chrome, or the package "chromium", or give the path of one in CHROME_PATH.',
      ),
    );
  });
});
