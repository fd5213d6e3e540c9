import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawInField } from "../../../src/mnist/prepare/field.js";
import type { Plane } from "../../../src/mnist/prepare/plane.js";
import { readMnistFolder } from "../../../src/node/mnist-folder.js";
import { findMnistData } from "../../../src/node/mnist-package.js";
import { Random } from "../../../src/tensor/random.js";
import { planeOf } from "../../helpers/plane.js";

/** The box of all that has ink, and the centre of mass. */
function measure(pixels: Uint8Array) {
  let [mass, massX, massY] = [0, 0, 0];
  let [left, right, top, bottom] = [28, -1, 28, -1];
  pixels.forEach((ink, i) => {
    if (ink === 0) return;
    const [x, y] = [i % 28, Math.floor(i / 28)];
    [mass, massX, massY] = [mass + ink, massX + ink * x, massY + ink * y];
    [left, right, top, bottom] = [
      Math.min(left, x),
      Math.max(right, x),
      Math.min(top, y),
      Math.max(bottom, y),
    ];
  });
  return { width: right - left + 1, height: bottom - top + 1, x: massX / mass, y: massY / mass };
}

/** A thick cross, on which nothing is thickened. */
const cross = (width: number, height: number): Plane =>
  planeOf(width, height, (x, y) =>
    Math.abs((x + 0.5) / width - 0.5) < 0.15 || Math.abs((y + 0.5) / height - 0.5) < 0.15 ? 1 : 0,
  );

describe("drawInField", () => {
  test("fits the longer side to 20 pixels, and keeps the aspect", () => {
    expect(measure(drawInField(cross(40, 40)).pixels)).toMatchObject({ width: 20, height: 20 });
    expect(measure(drawInField(cross(100, 200)).pixels)).toMatchObject({ width: 10, height: 20 });
    expect(measure(drawInField(cross(7, 5)).pixels)).toMatchObject({ width: 20, height: 15 });
  });

  test("brings the centre of mass to the pixel (14, 14)", () => {
    // of 20 pixels, the middle is between the 10th and 11th; either may come to lie on 14
    const { x, y } = measure(drawInField(cross(20, 20)).pixels);
    expect([x, y]).toEqual([14.5, 14.5].map((v) => (Math.abs(x - 13.5) < 0.01 ? 13.5 : v)));
    // an L, heavy at the left and the bottom
    const heavy = measure(drawInField(planeOf(20, 20, (u, v) => (u < 4 || v > 15 ? 1 : 0))).pixels);
    expect(Math.abs(heavy.x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(heavy.y - 14)).toBeLessThanOrEqual(0.5);
  });

  test("keeps the whole of a digit in the field, wherever its mass is", () => {
    const club = planeOf(20, 20, (u, v) =>
      v > 16 || (u === 10 && v % 2 === 0) ? 1 : 0.3 * Number(u === 10),
    );
    const { height } = measure(drawInField(club).pixels);
    expect(height).toBe(20);
  });

  test("leaves a digit of MNIST that fits its box as it is", async () => {
    const { test: data } = await readMnistFolder(findMnistData());
    const image = data.images.data.subarray(0, 784); // a 7, with strokes of 2.3 pixels
    const [box, pixel] = [measure(image), (x: number, y: number) => image[28 * y + x]! / 255];
    const left = Math.min(...Array.from(image, (ink, i) => (ink > 0 ? i % 28 : 28)));
    const top = Math.floor(image.findIndex((ink) => ink > 0) / 28);
    const { pixels } = drawInField(planeOf(box.width, box.height, (x, y) => pixel(left + x, top + y)));
    expect([...pixels]).toEqual([...image].map((ink) => Math.round((ink * 255) / Math.max(...image))));
  });

  test("gives the edge of a stroke the grey of the share it covers", () => {
    // a bar of 30 x 60 is 10 x 20 in the field; one of 31 x 60 is 10 1/3 wide
    const bar = drawInField(planeOf(31, 60, () => 1)).pixels;
    const middle = Array.from(bar.subarray(14 * 28, 15 * 28)).filter((ink) => ink > 0);
    expect(middle.slice(0, -1)).toEqual(Array(10).fill(255));
    expect(middle.at(-1)! / 255).toBeCloseTo(1 / 3, 1);
  });

  test("makes the strongest ink 255", () => {
    const faint = cross(40, 40);
    const { pixels } = drawInField({ ...faint, data: faint.data.map((ink) => 0.6 * ink) });
    expect(Math.max(...pixels)).toBe(255);
  });

  test("thickens thin strokes, and says how wide they were", () => {
    for (const pen of [1, 3, 6, 12]) {
      // a ring 200 pixels wide, drawn with a pen of some pixels
      const ring = planeOf(200, 200, (x, y) =>
        Math.min(1, Math.max(0, pen / 2 + 0.5 - Math.abs(Math.hypot(x - 99.5, y - 99.5) - 100 + pen / 2))),
      );
      const { pixels, strokeWidth } = drawInField(ring);
      expect(strokeWidth).toBeCloseTo(pen / 10, 1);
      expect(measure(pixels)).toMatchObject({ width: 20, height: 20 });
      // a ring of width 2.2 and radius 8.9
      const area = pixels.reduce((sum, ink) => sum + ink / 255, 0);
      expect(area / (2 * Math.PI * 8.9)).toBeCloseTo(2.2, 0);
      expect(Math.abs(area / (2 * Math.PI * 8.9) - 2.2)).toBeLessThan(0.2);
    }
  });

  test("leaves thicker strokes as they are", () => {
    const disc = planeOf(20, 20, (x, y) => (Math.hypot(x - 9.5, y - 9.5) < 9.7 ? 1 : 0));
    const { pixels, strokeWidth } = drawInField(disc);
    expect(strokeWidth).toBeGreaterThan(8);
    expect(pixels.reduce((sum, ink) => sum + ink, 0)).toBe(
      255 * disc.data.reduce((sum, ink) => sum + ink, 0),
    );
  });

  test("draws whatever it is given within the field", () => {
    const side = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(side, side, fc.nat(100), (width, height, seed) => {
        const random = new Random(seed);
        // ink in each corner, so that the box is the whole
        const ink = planeOf(width, height, (x, y) =>
          (x === 0 || x === width - 1) && (y === 0 || y === height - 1) ? 1 : random.uniform(),
        );
        const { pixels } = drawInField(ink);
        expect(pixels).toHaveLength(784);
        expect(Math.max(...pixels)).toBe(255);
        const box = measure(pixels);
        expect(Math.max(box.width, box.height)).toBe(20);
      }),
      { numRuns: 60 },
    );
  });
});
