import { type DrivenBrowser, launchChromium, launchFirefox } from "./browsers.js";
import { installBun, installNode } from "./install.js";
import type { Prepared } from "./prepare.js";
import { runInPage } from "./run-in-page.js";
import { type Command, runInProcess, versionsOf } from "./run-in-process.js";
import { serveSite } from "./serve-site.js";
import type { Trained, Training } from "./training.js";

/** What runs JavaScript. */
export interface Engine {
  readonly name: string;
  /** Whether threads may share memory in it, so that there can be more than one. */
  readonly sharesMemory: boolean;
  /** @throws Error if it is not to be had on this machine. */
  open(prepared: Prepared): Promise<OpenEngine>;
}

/** One that was started, or can be. */
export interface OpenEngine {
  readonly version: string;
  train(training: Training): Promise<Trained>;
  close(): Promise<void>;
}

/** Node of a version, or of the tag `latest`, for this machine; installed where it is not yet. */
export function node(version: string, name = `Node ${version}`): Engine {
  return processEngine(name, () => [installNode(version)]);
}

/** The Node that runs this. */
export const NODE_AT_HAND = processEngine("Node", () => [process.execPath]);

/** Node for another processor, which QEMU emulates; the libraries of that processor are those of Debian's cross compiler. */
export function nodeOnArm64(version: string): Engine {
  return processEngine(`Node ${version} for ARM64, emulated`, () => [
    "qemu-aarch64",
    "-L",
    "/usr/aarch64-linux-gnu",
    installNode(version, "arm64"),
  ]);
}

/** Bun, whose engine is that of Safari. */
export const BUN = processEngine("Bun", () => [installBun()]);

export const CHROMIUM = browserEngine("Chromium", launchChromium, { isolated: true });
export const CHROMIUM_ALONE = browserEngine("Chromium, not isolated", launchChromium, { isolated: false });
export const FIREFOX = browserEngine("Firefox", launchFirefox, { isolated: true });
export const FIREFOX_ALONE = browserEngine("Firefox, not isolated", launchFirefox, { isolated: false });

function processEngine(name: string, find: () => Command): Engine {
  return {
    name,
    sharesMemory: true,
    open: async (prepared) => {
      const command = find();
      const { bun, node, v8 } = await versionsOf(command);
      return {
        version: bun === undefined ? `${node}, V8 ${v8?.replace(/-.*/, "")}` : `${bun}, JavaScriptCore`,
        train: (training) => runInProcess(command, prepared, training),
        close: async () => {},
      };
    },
  };
}

function browserEngine(
  name: string,
  launch: () => Promise<DrivenBrowser>,
  { isolated }: { readonly isolated: boolean },
): Engine {
  return {
    name,
    sharesMemory: isolated,
    open: async ({ site }) => {
      const browser = await launch();
      const { url, close } = await serveSite(site, isolated);
      return {
        version: (await browser.version()).replace(/^\w+\//, ""),
        train: (training) => runInPage(browser, url, training),
        close: async () => {
          await browser.close();
          await close();
        },
      };
    },
  };
}
