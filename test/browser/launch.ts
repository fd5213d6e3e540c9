import { type Browser, chromium } from "playwright-core";
import { findBrowser } from "./find-browser.js";

/** The browser that the tests run in, if there is one. */
export const BROWSER = findBrowser(process.env, process.platform);

/** Starts it without a window, on a new profile, and without what it would otherwise fetch for itself. */
export async function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    chromiumSandbox: false, // root of a container has none
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
