import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { createNetwork } from "../../../src/mnist/networks.js";
import { prepareDigit } from "../../../src/mnist/prepare/prepare-digit.js";
import { trainByRecipe } from "../../../src/mnist/recipe.js";
import type { Sequential } from "../../../src/model/sequential.js";
import { readMnistFolder } from "../../../src/node/mnist-folder.js";
import { findMnistData } from "../../../src/node/mnist-package.js";
import { Random } from "../../../src/tensor/random.js";
import { type Drawing, drawDigit } from "../../helpers/draw-digit.js";
import { enlarged } from "../../helpers/enlarged.js";
import { randomScene, renderPhoto } from "../../helpers/render-photo.js";

const PIXELS = 28 * 28;
const TRAINED = 12_000;

let model: Sequential;
let digits: Uint8Array; // the test set's
let labels: Uint8Array;

beforeAll(async () => {
  const { train, test } = await readMnistFolder(findMnistData());
  digits = test.images.data;
  labels = test.labels;
  model = createNetwork("compact", { seed: 1 });
  const some = {
    images: { data: train.images.data.subarray(0, TRAINED * PIXELS), shape: [TRAINED, 28, 28, 1] },
    labels: train.labels.subarray(0, TRAINED),
  };
  await trainByRecipe(model, some, { epochs: 1, batchSize: 32 });
});

const digitOf = (i: number): Uint8Array => digits.subarray(i * PIXELS, (i + 1) * PIXELS);

/** What the model takes 28 x 28 pixels for. */
function recognise(pixels: Uint8Array): number {
  const probabilities = model.predict({ data: pixels, shape: [1, 28, 28, 1] }).data;
  return probabilities.indexOf(Math.max(...probabilities));
}

/** How many of the first `count` digits of the test set are recognised, each brought to 28 x 28 pixels in some way. */
function countRight(count: number, pixelsOf: (i: number) => Uint8Array): number {
  let right = 0;
  for (let i = 0; i < count; i++) if (recognise(pixelsOf(i)) === labels[i]) right++;
  return right;
}

/** A photo as a camera stores it, and a program reads it. */
async function throughJpeg(rgb: Uint8Array, width: number, height: number, quality: number) {
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  return { data: new Uint8Array(await sharp(jpeg).raw().toBuffer()), width, height, channels: 3 as const };
}

describe("prepareDigit, in front of a network that knows MNIST", () => {
  const count = 1000;
  let asTheyAre: number;

  beforeAll(() => {
    asTheyAre = countRight(count, digitOf);
    expect(asTheyAre).toBeGreaterThan(0.97 * count);
  });

  test("leaves the digits of MNIST as recognisable as they were", () => {
    const prepared = countRight(
      count,
      (i) => prepareDigit({ data: digitOf(i), width: 28, height: 28, channels: 1 }).pixels,
    );
    // measured: 977 of 1000, as many
    expect(prepared).toBeGreaterThanOrEqual(asTheyAre - 5);
  });

  test("recognises them made larger as often", () => {
    const some = 200;
    for (const factor of [2, 9]) {
      const side = 28 * factor;
      const large = (i: number) =>
        ({ data: enlarged(digitOf(i), factor), width: side, height: side }) as const;
      const right = countRight(some, (i) => prepareDigit({ ...large(i), channels: 1 }).pixels);
      expect(right).toBeGreaterThanOrEqual(countRight(some, digitOf) - 2);
    }
  });

  test("recognises photos of them nearly as often", { timeout: 60_000 }, async () => {
    const random = new Random(7);
    const sides = [40, 56, 80, 120, 180, 280];
    const large = new Map([
      [30, 1000],
      [120, 1500],
    ]);
    const photos = 240;
    let right = 0;
    for (let i = 0; i < photos; i++) {
      const scene = randomScene(random, large.get(i) ?? sides[i % sides.length]!);
      const rgb = renderPhoto(digitOf(i), scene);
      const photo = await throughJpeg(rgb, scene.width, scene.height, 60 + random.integer(36));
      if (recognise(prepareDigit(photo).pixels) === labels[i]) right++;
    }
    // measured: 235 of 240, where all 240 are recognised as they are
    expect(right).toBeGreaterThanOrEqual(countRight(photos, digitOf) - 0.03 * photos);
  });

  const canvases: [string, Drawing][] = [
    ["a thin pen", { width: 300, height: 300, pen: 1.5, ink: "black", paper: "white" }],
    ["a ball pen", { width: 480, height: 640, pen: 4, ink: "navy", paper: "ivory" }],
    ["a brush, white on black", { width: 280, height: 280, pen: 11, ink: "white", paper: "black" }],
    ["a brush, of no paper", { width: 280, height: 280, pen: 10, ink: "black", paper: "none" }],
    ["a white brush, of no paper", { width: 280, height: 280, pen: 10, ink: "white", paper: "none" }],
    ["a thick marker", { width: 200, height: 200, pen: 18, ink: "crimson", paper: "#ffe" }],
  ];
  test.each(canvases)("recognises the ten digits drawn with %s", async (_, drawing) => {
    const seen: number[] = [];
    for (let digit = 0; digit < 10; digit++) {
      const data = await drawDigit(digit, drawing);
      seen.push(recognise(prepareDigit({ data, width: drawing.width, height: drawing.height }).pixels));
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  const bitmaps: [number, number, number][] = [
    [12, 16, 11],
    [18, 24, 10],
    [32, 32, 8],
    [100, 100, 7],
    [1200, 1600, 2],
  ];
  test.each(bitmaps)(
    "recognises the ten digits painted in hard pixels on %i x %i",
    async (width, height, pen) => {
      const seen: number[] = [];
      for (let digit = 0; digit < 10; digit++) {
        const rgba = await drawDigit(digit, { width, height, pen, ink: "black", paper: "white" });
        const data = Uint8Array.from({ length: width * height }, (_, i) => (rgba[4 * i]! < 160 ? 0 : 255));
        seen.push(recognise(prepareDigit({ data, width, height, channels: 1 }).pixels));
      }
      expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    },
  );
});
