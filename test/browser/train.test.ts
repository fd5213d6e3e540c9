import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { saveModel } from "../../src/formats/model-file.js";
import { importOnnx } from "../../src/formats/onnx/import-onnx.js";
import { Adam, Dense, Flatten, loadModel, Sequential } from "../../src/index.js";
import { createNetwork } from "../../src/mnist/index.js";
import { type Digits, unpackDigits } from "../../web/src/digits.js";
import { checksumOf } from "../../web/src/train/training.js";
import { drawSeven, probabilities, written } from "./drawn.js";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";
import { BUILT } from "./serve-page.js";

const TIMEOUT = 120_000; // milliseconds, for a test that trains

const section = (page: Page) => page.locator("#train");
const status = (page: Page) => section(page).getByRole("status").first();
const button = (page: Page, name: string) => section(page).getByRole("button", { name });

/** Trains by the form as it is, but for the epochs. */
async function start(page: Page, epochs: number): Promise<void> {
  await section(page).getByLabel("Epochs").fill(String(epochs));
  await button(page, "Start").click();
}

/** Waits until training has ended, and gives the checksum of the weights. */
async function checksumAtEnd(page: Page): Promise<string> {
  await expect.poll(() => status(page).innerText(), { timeout: TIMEOUT / 2 }).toMatch(/^Trained\./);
  return page.getByTestId("checksum").innerText();
}

describe.skipIf(BROWSER === undefined)("training in the page", () => {
  const openPage = useBrowser();
  let digits: Digits;

  beforeAll(async () => {
    if (BROWSER !== undefined) digits = await unpackDigits(readFileSync(join(BUILT, "digits.bin")));
  });

  /** What the form says, as a plain `fit` in Node. */
  async function trainInNode(epochs: number): Promise<Sequential> {
    const model = createNetwork("lenet", { seed: 1 });
    const optimizer = new Adam({ learningRate: 0.002 });
    await model.fit(digits.train, { batchSize: 50, epochs, optimizer });
    return model;
  }

  test.each([
    ["with", true],
    ["without", false],
  ])(
    "%s isolation headers, reaches 95 % and the weights of Node",
    { timeout: TIMEOUT },
    async (_, isolated) => {
      const { page } = await openPage({ isolated });
      await start(page, 3);
      const checksum = await checksumAtEnd(page);
      const tested = await page.getByTestId("test-accuracy").innerText();
      expect(Number.parseFloat(tested)).toBeGreaterThan(95);
      expect(checksum).toBe(await checksumOf(await trainInNode(3)));
    },
  );

  test("can pause and go on, which changes no bit", { timeout: TIMEOUT }, async () => {
    const { page } = await openPage();
    await start(page, 6);
    await expect.poll(() => page.getByTestId("epoch").innerText()).toMatch(/^\d+, \d+$/);
    await button(page, "Pause").click();
    await expect.poll(() => status(page).innerText()).toMatch(/^Paused\./);
    await expect.poll(() => page.getByTestId("checksum").innerText()).toMatch(/^[0-9a-f]{64}$/);
    const paused = await page.getByTestId("checksum").innerText();
    await button(page, "Go on").click();
    const checksum = await checksumAtEnd(page);
    expect(checksum).not.toBe(paused);
    expect(checksum).toBe(await checksumOf(await trainInNode(6)));
  });

  test("can be reset", { timeout: TIMEOUT }, async () => {
    const { page } = await openPage();
    await start(page, 50);
    await expect.poll(() => page.getByTestId("epoch").innerText()).toMatch(/^\d+, \d+$/);
    await button(page, "Reset").click();
    await expect.poll(() => status(page).innerText()).toBe("Nothing trained yet.");
    expect(await page.getByTestId("epoch").innerText()).toBe("–");
    expect(await button(page, "Start").isEnabled()).toBe(true);
  });

  test("gives the model as a file, and to the other sections", { timeout: TIMEOUT }, async () => {
    const { page } = await openPage();
    const images = await drawSeven(page);
    await start(page, 1);
    const checksum = await checksumAtEnd(page);

    const download = async (name: string): Promise<Uint8Array> => {
      const waiting = page.waitForEvent("download");
      await button(page, name).click();
      return readFileSync(await (await waiting).path());
    };
    const saved = loadModel(await download("Download safetensors"));
    expect(await checksumOf(saved)).toBe(checksum);
    const expected = written(saved.predict(images).data);
    expect(written(importOnnx(await download("Download ONNX")).predict(images).data)).toEqual(expected);

    expect(await probabilities(page)).not.toEqual(expected);
    await button(page, "Use this model").click();
    await expect.poll(() => probabilities(page)).toEqual(expected);
    await page.locator('#draw [data-layer="conv2d_2"]').first().waitFor();
    expect(await page.locator('#draw [data-layer="conv2d_3"]').count()).toBe(0); // of the model before
  });

  describe("a model file", () => {
    const choose = (page: Page, name: string, bytes: Uint8Array) =>
      page
        .locator("#train-model-file")
        .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
    const said = (page: Page) => section(page).getByRole("alert").filter({ visible: true }).innerText();

    test.each([
      ["broken.safetensors", loadModel],
      ["broken.onnx", importOnnx],
    ])("that is broken is refused with the library's message: %s", async (name, read) => {
      const bytes = saveModel(createNetwork("lenet")).subarray(0, 1000);
      let message: string | undefined;
      try {
        read(bytes);
      } catch (error) {
        if (error instanceof Error) message = error.message;
      }
      const { page } = await openPage();
      await drawSeven(page);
      const before = await probabilities(page);
      await choose(page, name, bytes);
      await expect.poll(() => said(page)).toBe(message);
      expect(await probabilities(page)).toEqual(before);
    });

    test("that is not for digits is refused", async () => {
      const model = new Sequential({ inputShape: [8, 8, 1] }, [new Flatten(), new Dense({ units: 10 })]);
      const { page } = await openPage();
      await choose(page, "eight.safetensors", saveModel(model));
      await expect
        .poll(() => said(page))
        .toBe(
          "eight.safetensors: expected a model from [28, 28, 1] to [10], as for digits, got one from [8, 8, 1] to [10].",
        );
    });

    test("that is whole becomes the model of the page", async () => {
      const model = createNetwork("lenet", { seed: 3 });
      const { page } = await openPage();
      const images = await drawSeven(page);
      await choose(page, "lenet.safetensors", saveModel(model));
      await expect.poll(() => probabilities(page)).toEqual(written(model.predict(images).data));
    });
  });
});
