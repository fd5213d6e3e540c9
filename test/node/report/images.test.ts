import { describe, expect, test } from "vitest";
import { imageUri, rasterize } from "../../../src/node/report/images.js";
import { loadLibraries } from "../../../src/node/report/libraries.js";

const libraries = await loadLibraries();
const { sharp } = libraries;

describe("imageUri", () => {
  // two images of 2 x 3
  const images = {
    data: Uint8Array.of(9, 9, 9, 9, 9, 9, 0, 50, 100, 150, 200, 255),
    shape: [2, 2, 3, 1] as const,
  };

  test("makes a PNG whose pixels are those of the image, each in three rows and columns", async () => {
    const uri = await imageUri(libraries, images, 1);
    expect(uri).toMatch(/^data:image\/png;base64,[\w+/]+=*$/);
    const png = Buffer.from(uri.split(",")[1]!, "base64");
    const { data, info } = await sharp(png).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 9, height: 6, channels: 1 });
    const row = (...values: number[]): number[] => values.flatMap((value) => [value, value, value]);
    const [top, bottom] = [row(0, 50, 100), row(150, 200, 255)];
    expect([...data]).toEqual([top, top, top, bottom, bottom, bottom].flat());
  });

  test("is small for a digit", async () => {
    const digit = { data: new Uint8Array(28 * 28), shape: [1, 28, 28, 1] as const };
    expect((await imageUri(libraries, digit, 0)).length).toBeLessThan(300);
  });
});

describe("rasterize", () => {
  test("makes a PNG of twice the size", async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20" fill="#f00"/></svg>';
    const png = await rasterize(libraries, svg);
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect(await sharp(png).metadata()).toMatchObject({ width: 60, height: 40 });
  });
});
