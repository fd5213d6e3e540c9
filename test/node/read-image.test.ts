import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readImage } from "../../src/node/read-image.js";
import { greyPng, PNG_START, pngChunk, pngHeader } from "../helpers/png.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyconv-image-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

/** Red, green and blue for each pixel of a small picture: a gradient, so that no two rows are alike. */
const WIDTH = 6;
const HEIGHT = 4;
const gradient = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => 3 * i));
const picture = () => sharp(gradient, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

describe("readImage", () => {
  test.each<[string, () => Promise<Buffer>]>([
    ["8 bits", () => picture().png().toBuffer()],
    ["interlacing", () => picture().png({ progressive: true }).toBuffer()],
    ["16 bits", () => picture().toColourspace("rgb16").png().toBuffer()],
    ["the name of another format", () => picture().webp({ lossless: true }).toBuffer()],
  ])("reads a picture with %s", async (_, encode) => {
    const image = await readImage(write("picture.png", await encode()));
    expect({ ...image, data: [...image.data] }).toEqual({
      data: [...gradient],
      width: WIDTH,
      height: HEIGHT,
      channels: 3,
    });
  });

  test("reads a palette, grey, and alpha", async () => {
    const few = { raw: { width: 2, height: 1, channels: 3 as const } };
    const palette = await sharp(Buffer.of(255, 0, 0, 0, 0, 255), few)
      .png({ palette: true })
      .toBuffer();
    expect([...(await readImage(write("palette.png", palette))).data].slice(0, 6)).toEqual([
      255, 0, 0, 0, 0, 255,
    ]);
    const alpha = { raw: { width: 1, height: 1, channels: 4 as const } };
    const clear = await readImage(
      write(
        "alpha.png",
        await sharp(Buffer.of(9, 8, 7, 6), alpha)
          .png()
          .toBuffer(),
      ),
    );
    expect({ channels: clear.channels, data: [...clear.data] }).toEqual({ channels: 4, data: [9, 8, 7, 6] });
    const { data, channels } = await readImage(write("grey.png", greyPng(2, 1, Buffer.of(0, 7, 9))));
    expect(Array.from({ length: 2 }, (_, i) => data[i * channels])).toEqual([7, 9]);
  });

  test("reads a JPEG, turned as the camera was held", async () => {
    const { width, height, data } = await readImage(
      write("turned.jpg", await picture().withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer()),
    );
    expect({ width, height }).toEqual({ width: HEIGHT, height: WIDTH });
    expect(data[0]!).toBeGreaterThan(gradient[0]! + 100); // what was at the bottom left
  });

  test("reduces a large picture", async () => {
    const large = sharp({ create: { width: 3000, height: 1500, channels: 3, background: "#808080" } });
    const { width, height, data } = await readImage(write("large.jpg", await large.jpeg().toBuffer()));
    expect({ width, height, length: data.length }).toEqual({
      width: 1024,
      height: 512,
      length: 1024 * 512 * 3,
    });
  });

  test("refuses a header of 60,000 x 60,000 pixels before it decodes anything", async () => {
    const forged = Buffer.concat([PNG_START, pngHeader(60_000, 60_000), pngChunk("IDAT", Buffer.alloc(10))]);
    const path = write("forged.png", forged);
    const before = process.memoryUsage().rss;
    await expect(readImage(path)).rejects.toThrow(
      new Error(
        `${path}: expected an image of at most 256,000,000 pixels, got 60000 x 60000. Make it smaller.`,
      ),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  test("unpacks no more of a bomb than the pixels there are", async () => {
    // 1 GB of zeros in 1 MB, for a picture of 100 x 100
    const bomb = greyPng(100, 100, Buffer.alloc(1_000_000_000));
    expect(bomb.length).toBeLessThan(1_100_000);
    const path = write("bomb.png", bomb);
    const before = process.memoryUsage().rss;
    await readImage(path).catch((error: Error) => {
      expect(error.message).toMatch(/^.*bomb\.png: expected a whole image, got one that is damaged /);
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  const rows = Buffer.concat(
    Array.from({ length: 8 }, (_, y) => Buffer.from([0, ...new Array(8).fill(9 * y)])),
  );
  const good = greyPng(8, 8, rows);
  const withByte = (bytes: Buffer, place: number, xor: number): Buffer => {
    const changed = Buffer.from(bytes);
    changed[place]! ^= xor;
    return changed;
  };

  test.each<[string, Buffer]>([
    ["with a wrong checksum in its header", withByte(good, 30, 1)],
    ["with a wrong checksum of its pixels", withByte(good, good.length - 14, 1)],
    ["that is cut short in its pixels", good.subarray(0, 50)],
    ["that is cut short in its header", good.subarray(0, 20)],
    ["without pixels", Buffer.concat([PNG_START, pngHeader(8, 8), pngChunk("IEND")])],
    [
      "of no width",
      Buffer.concat([PNG_START, pngHeader(0, 8), pngChunk("IDAT", deflateSync(rows)), pngChunk("IEND")]),
    ],
    ["with a filter that there is not", greyPng(8, 8, Buffer.alloc(72, 9))],
    ["with fewer rows than it says", greyPng(8, 80, rows)],
    ["that is a start alone", PNG_START],
    ["that is a JPEG cut short", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])],
  ])("refuses a picture %s", async (_, bytes) => {
    const path = write("damaged", bytes);
    await expect(readImage(path)).rejects.toThrow(
      /^.*damaged: expected a whole image, got one that is damaged \(.+\)\.$/,
    );
  });

  test.each<[string, string | Uint8Array, string]>([
    ["an empty file", "", "an empty file"],
    ["text", "seven", "the bytes 73 65 76 65"],
    ["an SVG", "<svg/>", "an SVG or another XML file"],
    ["a GIF", "GIF89a", "a GIF"],
    ["a PDF", "%PDF-1.7", "a PDF"],
    ["a HEIC", "\0\0\0\x18ftypheic", "a HEIC or AVIF"],
    ["gzip data", gzipSync("x"), "the bytes 1f 8b 08 00"],
  ])("refuses %s", async (_, bytes, what) => {
    const path = write("other", bytes);
    await expect(readImage(path)).rejects.toThrow(
      new Error(`${path}: expected a PNG, JPEG or WebP image, got ${what}. Convert it to one of these.`),
    );
  });

  test("refuses what is no file, or not to be read, or too large", async () => {
    const missing = join(folder, "missing.png");
    await expect(readImage(missing)).rejects.toThrow(`Cannot read ${missing}: no such file or folder.`);
    mkdirSync(join(folder, "folder.png"));
    const inPlace = join(folder, "folder.png");
    await expect(readImage(inPlace)).rejects.toThrow(`Cannot read ${inPlace}: it is a folder, not a file.`);
    const huge = write("huge.png", good);
    truncateSync(huge, 100_000_001); // holes, which take no room on the disk
    await expect(readImage(huge)).rejects.toThrow(`Cannot read ${huge}: it has more than 100,000,000 bytes.`);
  });

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "refuses a file without permission",
    async () => {
      const path = write("secret.png", good);
      chmodSync(path, 0);
      await expect(readImage(path)).rejects.toThrow(`Cannot read ${path}: permission denied.`);
    },
  );
});
