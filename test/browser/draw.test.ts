import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { drawDigit } from "../helpers/draw-digit.js";
import { answered, drawSeven, MODEL, preparedPixels, probabilities, written } from "./drawn.js";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";
import { drawWithFinger, drawWithMouse, STROKES } from "./strokes.js";

/** A picture of a four as a file. */
async function pictureOfFour(): Promise<Buffer> {
  const size = { width: 120, height: 160 };
  const pixels = await drawDigit(4, { ...size, pen: 10, ink: "#223", paper: "#eee" });
  return sharp(pixels, { raw: { ...size, channels: 4 } })
    .png()
    .toBuffer();
}

describe.skipIf(BROWSER === undefined)("drawing", () => {
  const openPage = useBrowser();

  test.each([
    ["0", STROKES.zero],
    ["1", STROKES.one],
    ["7", STROKES.seven],
  ])("a %s with the mouse is recognised", async (digit, stroke) => {
    const { page } = await openPage();
    await drawWithMouse(page, stroke);
    await answered(page, digit);
  });

  test("with a finger draws, and does not scroll", async () => {
    const { page } = await openPage({ width: 390, height: 844, touch: true });
    await page.locator("canvas#pad").scrollIntoViewIfNeeded();
    const top = () => page.evaluate(() => scrollY);
    const before = await top();
    await drawWithFinger(page, STROKES.one.toReversed()); // upwards, as one scrolls down
    await answered(page, "1");
    expect(await top()).toBe(before);
  });

  test("by the keyboard: the space bar puts the pen down and lifts it, arrow keys move it", async () => {
    const { page } = await openPage();
    await page.locator("canvas#pad").focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Space");
    for (let i = 0; i < 16; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await answered(page, "1");
    const pixels = await preparedPixels(page);
    await page.keyboard.press("ArrowLeft"); // the pen is up
    await page.keyboard.press("Control+z");
    await answered(page, "");
    expect(pixels.some((value) => value > 0)).toBe(true);
  });

  test("gives the probabilities that the library gives in Node for the same pixels", async () => {
    const { page } = await openPage();
    const images = await drawSeven(page);
    expect(await probabilities(page)).toEqual(written(MODEL.predict(images).data));
  });

  test("can be taken back, a stroke at a time, and cleared", async () => {
    const { page } = await openPage();
    await drawWithMouse(page, STROKES.one);
    await answered(page, "1");
    const one = await probabilities(page);
    const before = await preparedPixels(page);
    await drawWithMouse(page, STROKES.zero);
    await expect.poll(() => preparedPixels(page)).not.toEqual(before);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => preparedPixels(page)).toEqual(before);
    await answered(page, "1");
    expect(await probabilities(page)).toEqual(one);

    await drawWithMouse(page, STROKES.zero);
    await page.getByRole("button", { name: "Clear" }).click();
    await answered(page, "");
    expect(await probabilities(page)).toEqual(written(new Float32Array(10)));
    expect(await preparedPixels(page)).toEqual(new Uint8Array(28 * 28));
    await drawWithMouse(page, STROKES.one); // on an empty pad
    await expect.poll(() => preparedPixels(page)).toEqual(before);
  });

  test("a picture that is uploaded is recognised, and so is one that is pasted", async () => {
    const { page } = await openPage();
    const picture = await pictureOfFour();
    await page
      .locator("input[type=file]#picture")
      .setInputFiles({ name: "four.png", mimeType: "image/png", buffer: picture });
    await answered(page, "4");
    const uploaded = await probabilities(page);

    await page.getByRole("button", { name: "Clear" }).click();
    await answered(page, "");
    await page.evaluate((bytes) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([Uint8Array.from(bytes)], "four.png", { type: "image/png" }));
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }, Array.from(picture));
    await answered(page, "4");
    expect(await probabilities(page)).toEqual(uploaded);
  });

  test("a file that is no picture is refused with a message, and the drawing stays", async () => {
    const { page } = await openPage();
    await drawWithMouse(page, STROKES.one);
    await answered(page, "1");
    await page
      .locator("input[type=file]#picture")
      .setInputFiles({ name: "four.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await expect
      .poll(() => page.locator("#draw").getByRole("alert").innerText())
      .toBe("expected a picture, got a file that the browser cannot show.");
    await answered(page, "1");
  });

  test("fills a picture for each layer of the network, of the shape the library says", async () => {
    const { page } = await openPage();
    MODEL.forward(await drawSeven(page));
    for (const [i, { name, value }] of MODEL.outputs.entries()) {
      const { type } = MODEL.layers[i]!;
      const card = page.locator(`#draw [data-layer="${name}"]`).filter({ hasText: `${type} [` });
      expect(await card.getByRole("heading").innerText(), name).toContain(
        `[${value.shape.slice(1).join(", ")}]`,
      );
      const colours = await card.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
      expect(colours, name).toBeGreaterThan(2);
    }
  });

  test("takes a test digit, and answers with its label", async () => {
    const { page } = await openPage();
    await page.getByRole("button", { name: "Digits to pick" }).click();
    const first = page.getByRole("button", { name: "Test digit 1, a " });
    const label = /a (\d)$/.exec((await first.getAttribute("aria-label")) ?? "")?.[1];
    await first.click();
    await answered(page, label!);
  });
});
