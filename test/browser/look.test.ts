import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { drawSeven, MODEL } from "./drawn.js";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";

const MAX_DIFFERENCE = 1e-5; // of a sum in float64 from the library's, as a share of the number, or of 1

const words = (page: Page) => page.getByTestId("look-words");

/** The number that an element of the page stands for. */
async function numberOf(page: Page, name: "look-sum" | "look-output"): Promise<number> {
  return Number(await page.getByTestId(name).getAttribute("data-value"));
}

/** The number that the library gave in the cell that the page has words for, in its last forward pass in Node. */
function numberIn(text: string): number {
  const [, name] = /^(\w+), /.exec(text)!;
  const at = (pattern: RegExp, missing = "x") => Number(pattern.exec(text)?.[1] ?? missing) - 1;
  const { value } = MODEL.outputs.find((output) => output.name === name)!;
  const [, , W, C] = value.shape;
  const index =
    W === undefined || C === undefined
      ? at(/number (\d+)/)
      : (at(/row (\d+)/) * W + at(/column (\d+)/)) * C + at(/channel (\d+)/, "1");
  if (value.data[index] === undefined) throw new Error(`expected a place in ${JSON.stringify(text)}`);
  return value.data[index];
}

/** The sum that is written out, the library's number beside it, and the library's number in Node are one. */
async function expectSum(page: Page): Promise<void> {
  const text = await words(page).innerText();
  const output = numberIn(text);
  expect(await numberOf(page, "look-output"), text).toBe(output);
  const difference = Math.abs((await numberOf(page, "look-sum")) - output);
  expect(difference, text).toBeLessThan(MAX_DIFFERENCE * Math.max(1, Math.abs(output)));
}

describe.skipIf(BROWSER === undefined)("looking inside", () => {
  const openPage = useBrowser();

  test("writes out the sum of a cell that is clicked, which is the library's number", async () => {
    const { page } = await openPage();
    MODEL.forward(await drawSeven(page));
    const picture = page.locator('#draw [data-layer="conv2d_2"] canvas').first();
    const box = (await picture.boundingBox())!;
    for (const [x, y] of [
      [0.3, 0.4],
      [0.62, 0.71],
    ] as const) {
      await picture.click({ position: { x: x * box.width, y: y * box.height } });
      await expect
        .poll(() => words(page).innerText())
        .toMatch(/^conv2d_2, row \d+, column \d+, channel \d+ of 24: /);
      await expectSum(page);
    }
  });

  test("writes out the sums of all layers", async () => {
    const { page } = await openPage();
    MODEL.forward(await drawSeven(page));
    await page.locator('#draw [data-layer="rescaling_1"] canvas').press("Enter");
    for (const [i, { name }] of MODEL.outputs.entries()) {
      if (i > 0) await page.getByRole("button", { name: "next layer" }).click();
      await expect.poll(() => words(page).innerText()).toMatch(new RegExp(`^${name}, `));
      await expectSum(page);
    }
  });

  test("moves the cell by keys and by buttons, and leaves it by Escape", async () => {
    const { page } = await openPage();
    MODEL.forward(await drawSeven(page));
    await page.getByRole("button", { name: "Show me one" }).click();
    const [, name, row, column, channel] = /^(\w+), row (\d+), column (\d+), channel (\d+)/.exec(
      await words(page).innerText(),
    )!;
    // there and back again where the edge may be near
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("[");
    await page.keyboard.press("]");
    await page.keyboard.press("]");
    await page.getByRole("button", { name: "left" }).click();
    await page.getByRole("button", { name: "right" }).click();
    expect(await words(page).innerText()).toContain(
      `${name}, row ${Number(row) + 1}, column ${column}, channel ${Number(channel) + 1} of `,
    );
    await expectSum(page);
    await page.getByRole("group", { name: "The chosen cell." }).press("Escape");
    await expect.poll(() => words(page).innerText()).toMatch(/^Choose a cell/);
  });

  test("shows the lines of code that computed it", async () => {
    const { page } = await openPage();
    await page.locator('#draw [data-layer="dense_1"] canvas').press("Enter");
    const source = page.locator("#look pre");
    await expect.poll(() => source.innerText()).toContain("export class Dense");
    expect(await page.locator("#look").innerText()).toContain("src/layers/dense.ts");
  });
});
