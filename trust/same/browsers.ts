import { existsSync } from "node:fs";
import { join } from "node:path";
import { FIREFOX_REMEDY, findBrowser, findFirefox, REMEDY } from "../../test/browser/find-browser.js";
import { launch } from "../../test/browser/launch.js";

const PUPPETEER = join(import.meta.dirname, "..", "node_modules", "puppeteer-core");

/** What is used of a browser, by playwright-core or by puppeteer-core. */
export interface DrivenBrowser {
  /** Its version, with or without its name in front. */
  version(): string | Promise<string>;
  newPage(): Promise<DrivenPage>;
  close(): Promise<void>;
}

/** What is used of a page. */
export interface DrivenPage {
  goto(url: string): Promise<unknown>;
  readonly mouse: {
    move(x: number, y: number): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
  };
  on(event: "console", listener: (message: { type(): string; text(): string }) => void): unknown;
  on(event: "pageerror", listener: (error: unknown) => void): unknown;
  /** Calls the function in the page; it can see nothing but its argument. */
  evaluate<A, R>(inPage: (argument: A) => Promise<R>, argument: A): Promise<R>;
}

/** Starts Chromium or Chrome, without a window. */
export async function launchChromium(): Promise<DrivenBrowser> {
  const path = findBrowser(process.env, process.platform);
  if (path === undefined) throw new Error(`launchChromium: expected Chromium or Chrome, got none. ${REMEDY}`);
  return launch(path);
}

/** What is used of puppeteer-core, which drives Firefox as it is, by WebDriver BiDi. */
interface Puppeteer {
  launch(options: {
    readonly browser: "firefox";
    readonly executablePath: string;
    readonly headless: boolean;
    readonly defaultViewport: { readonly width: number; readonly height: number };
    readonly protocolTimeout: number;
  }): Promise<DrivenBrowser>;
}

/** Why Firefox cannot be driven here, and the remedy; undefined if it can. */
export function firefoxObstacle(): string | undefined {
  if (findFirefox(process.env, process.platform) === undefined) return `there is none. ${FIREFOX_REMEDY}`;
  if (existsSync(PUPPETEER)) return undefined;
  return 'the package puppeteer-core is missing. Install it with "npm ci --ignore-scripts --prefix trust".';
}

/** Starts Firefox, without a window, on a new profile. */
export async function launchFirefox(): Promise<DrivenBrowser> {
  const executablePath = findFirefox(process.env, process.platform);
  const obstacle = firefoxObstacle();
  if (executablePath === undefined || obstacle !== undefined) {
    throw new Error(`launchFirefox: expected a Firefox that can be driven, but ${obstacle}`);
  }
  const { default: puppeteer } = (await load("puppeteer-core")) as { default: Puppeteer };
  return puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    defaultViewport: { width: 1280, height: 900 },
    protocolTimeout: 3_600_000, // milliseconds, for a training in plain TypeScript on a busy machine
  });
}

/** A package of `trust`. It is not imported by name, so that types are checked where it is not installed. */
async function load(name: string): Promise<unknown> {
  return import(name);
}
