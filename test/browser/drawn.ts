import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { loadModel, type Pixels } from "../../src/index.js";
import { drawWithMouse, STROKES } from "./strokes.js";

/** The model that the page starts with, in Node. */
export const MODEL = loadModel(readFileSync("web/public/compact.safetensors"));

/** Waits until the page answers so; with "", that nothing is drawn. */
export async function answered(page: Page, digit: string): Promise<void> {
  await expect.poll(() => page.getByTestId("answer").textContent()).toBe(digit);
}

/** Draws a seven, and gives what the network was given of it. */
export async function drawSeven(page: Page): Promise<Pixels> {
  await drawWithMouse(page, STROKES.seven);
  await answered(page, "7");
  return { data: await preparedPixels(page), shape: [1, 28, 28, 1] };
}

/** The digit that the network was given, as the page shows it. */
export async function preparedPixels(page: Page): Promise<Uint8Array> {
  const red = await page.locator("canvas.prepared").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, 28, 28);
    return Array.from({ length: 28 * 28 }, (_, i) => data[4 * i]!);
  });
  return Uint8Array.from(red);
}

/** The ten probabilities as they are written. */
export async function probabilities(page: Page): Promise<string[]> {
  return Promise.all(Array.from({ length: 10 }, (_, k) => page.getByTestId(`probability-${k}`).innerText()));
}

/** Ten probabilities as the page writes them. */
export function written(values: Float32Array): string[] {
  return Array.from(values, (value) => `${(100 * value).toFixed(1)} %`);
}
