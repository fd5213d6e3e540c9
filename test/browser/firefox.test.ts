import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { Adam } from "../../src/index.js";
import { createNetwork } from "../../src/mnist/index.js";
import {
  type DrivenBrowser,
  type DrivenPage,
  firefoxObstacle,
  launchFirefox,
} from "../../trust/same/browsers.js";
import { unpackDigits } from "../../web/src/digits.js";
import { checksumOf } from "../../web/src/train/training.js";
import { MODEL, written } from "./drawn.js";
import { BROWSER } from "./launch.js";
import { BUILT } from "./serve-page.js";
import { STROKES } from "./strokes.js";

const TIMEOUT = 120_000; // milliseconds

const obstacle = firefoxObstacle();
if (obstacle !== undefined) console.warn(`\nSKIPPED: the page in Firefox, since ${obstacle}\n`);

describe.skipIf(BROWSER === undefined || obstacle !== undefined)("the page in Firefox", () => {
  let browser: DrivenBrowser | undefined;
  let page: DrivenPage;
  const problems: string[] = [];

  beforeAll(async () => {
    if (BROWSER === undefined || obstacle !== undefined) return;
    browser = await launchFirefox();
    page = await openPage(browser);
  }, TIMEOUT);
  afterAll(() => browser?.close());

  async function openPage(browser: DrivenBrowser): Promise<DrivenPage> {
    const page = await browser.newPage();
    page.on("console", (message) => {
      if (["error", "warn", "warning"].includes(message.type())) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(inject("pageUrl"));
    // the page's script makes it
    const hasPad = () =>
      page.evaluate(async (selector) => document.querySelector(selector) !== null, "canvas#pad");
    await vi.waitUntil(hasPad, { timeout: TIMEOUT / 2 });
    return page;
  }

  const textOf = (selector: string) =>
    page.evaluate(async (selector) => document.querySelector(selector)?.textContent ?? undefined, selector);

  test(
    "recognises a seven, with the probabilities of Node",
    async () => {
      const pad = await page.evaluate(async (selector) => {
        const canvas = document.querySelector(selector)!;
        canvas.scrollIntoView({ block: "center" });
        const { x, y, width, height } = canvas.getBoundingClientRect();
        return { x, y, width, height };
      }, "canvas#pad");
      for (const [i, [x, y]] of STROKES.seven.entries()) {
        await page.mouse.move(pad.x + x * pad.width, pad.y + y * pad.height);
        if (i === 0) await page.mouse.down();
      }
      await page.mouse.up();
      await expect.poll(() => textOf('[data-testid="answer"]')).toBe("7");

      const pixels = await page.evaluate(async (selector) => {
        const canvas = document.querySelector<HTMLCanvasElement>(selector)!;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, 28, 28);
        return Array.from({ length: 28 * 28 }, (_, i) => data[4 * i]!);
      }, "canvas.prepared");
      const images = { data: Uint8Array.from(pixels), shape: [1, 28, 28, 1] };
      const shown = await Promise.all(
        Array.from({ length: 10 }, (_, k) => textOf(`[data-testid="probability-${k}"]`)),
      );
      expect(shown).toEqual(written(MODEL.predict(images).data));
    },
    TIMEOUT,
  );

  test(
    "trains to the weights of Node",
    async () => {
      // Firefox may be stuck where a worker starts another one, as trust/same/run-in-page.ts says
      while (!(await hasTrained())) page = await openPage(browser!);

      const { train } = await unpackDigits(readFileSync(join(BUILT, "digits.bin")));
      const model = createNetwork("lenet", { seed: 1 });
      await model.fit(train, { batchSize: 50, epochs: 1, optimizer: new Adam({ learningRate: 0.002 }) });
      expect(await textOf('[data-testid="checksum"]')).toBe(await checksumOf(model));
    },
    3 * TIMEOUT,
  );

  /** Lets the page train for an epoch; false if it does not come to an end. */
  async function hasTrained(): Promise<boolean> {
    await page.evaluate(async (epochs) => {
      const field = document.querySelector<HTMLInputElement>("#train-epochs")!;
      field.value = epochs;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      const buttons = [...document.querySelectorAll<HTMLButtonElement>("#train button")];
      buttons.find(({ textContent }) => textContent === "Start")!.click();
    }, "1");
    const status = () => textOf('#train [role="status"]');
    const isOver = async () => (await status())?.startsWith("Trained. After epoch 1 of 1");
    return vi.waitUntil(isOver, { timeout: (2 / 3) * TIMEOUT }).then(
      () => true,
      () => false,
    );
  }

  test("has had no errors and no warnings", () => {
    expect(problems).toEqual([]);
  });
});
