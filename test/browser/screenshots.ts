/*
 * npm run screenshots: builds the page and takes the pictures of it that the README shows.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { REMEDY } from "./find-browser.js";
import { BROWSER, launch } from "./launch.js";
import { buildPage, servePage } from "./serve-page.js";
import { drawWithMouse, STROKES } from "./strokes.js";

interface Picture {
  readonly name: string;
  /** Of the window, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
  /** Pixels of the picture for each CSS pixel. */
  readonly scale: number;
}

const PICTURES: readonly Picture[] = [
  { name: "page-light", width: 1280, height: 900, colorScheme: "light", scale: 1 },
  { name: "page-dark", width: 1280, height: 900, colorScheme: "dark", scale: 1 },
  { name: "page-phone", width: 390, height: 844, colorScheme: "light", scale: 1.5 },
];

const FOLDER = join("docs", "images");

async function takePicture(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { name, width, height, colorScheme, scale } = picture;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    deviceScaleFactor: scale,
    reducedMotion: "reduce",
  });
  await page.goto(url);
  await drawWithMouse(page, STROKES.seven);
  await page.getByTestId("answer").filter({ hasText: "7" }).waitFor();
  await page.locator("canvas#pad").blur();
  await page.evaluate(() => scrollTo(0, 0));
  const png = await page.screenshot();
  const path = join(FOLDER, `${name}.png`);
  // a palette suits flat colours, and makes the file a third as large
  const { size } = await sharp(png).png({ palette: true, effort: 10 }).toFile(path);
  console.log(`Wrote ${path}, ${Math.ceil(size / 1000)} kB.`);
  await page.close();
}

if (BROWSER === undefined) throw new Error(`screenshots: expected Chromium or Chrome, got none. ${REMEDY}`);
mkdirSync(FOLDER, { recursive: true });
buildPage();
const { url, close } = await servePage();
const browser = await launch(BROWSER);
for (const picture of PICTURES) await takePicture(browser, url, picture);
await browser.close();
await close();
