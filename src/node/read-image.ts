import { pathToFileURL } from "node:url";
import { showStart } from "../mnist/bytes.js";
import { expectFilePath } from "./expect-path.js";
import { formatCount } from "./numbers.js";
import { readWholeFile } from "./read-file.js";
import { resolveHereOrInCurrentFolder } from "./resolve-package.js";

export type Sharp = typeof import("sharp").default;

/** A picture in memory: its pixels row by row, the channels of a pixel side by side, each a byte. */
export interface DecodedImage {
  readonly data: Uint8Array;
  /** In pixels, as `height`. */
  readonly width: number;
  readonly height: number;
  /** 1: grey, 2: grey and alpha, 3: red, green and blue, 4: these and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
}

/** Larger files are not read: a photo has a tenth of it. */
const LARGEST_FILE = 100_000_000;
/** Larger pictures are not decoded: a photo of a phone has a fifth of it, or less. */
const MOST_PIXELS = 256_000_000;
/** The longer side that a picture is reduced to while it is decoded, so that a photo takes little time and memory. */
const LONGEST_SIDE = 1024;

/** The first bytes of the formats that are read, where a dot stands for any byte. */
const FORMATS: readonly (readonly [name: string, start: string])[] = [
  ["png", "\x89PNG\r\n\x1a\n"],
  ["jpeg", "\xff\xd8\xff"],
  ["webp", "RIFF....WEBP"],
];
const OTHER_FORMATS: readonly (readonly [name: string, start: string])[] = [
  ["a GIF", "GIF8"],
  ["a BMP", "BM"],
  ["a TIFF", "II*\0"],
  ["a TIFF", "MM\0*"],
  ["a HEIC or AVIF", "....ftyp"],
  ["a PDF", "%PDF"],
  ["an SVG or another XML file", "<"],
];

/**
 * Reads a PNG, JPEG or WebP, whatever its name ends in: of 8 or 16 bits, with a palette, alpha or interlacing, turned as
 * its EXIF orientation says. A picture with a side of more than 1024 pixels is reduced to that.
 *
 * The file may come from anywhere: its size, its first bytes and its dimensions are checked before it is decoded.
 *
 * @throws Error if the file cannot be read, is of another format, is damaged, or is too large; or if the package sharp, an
 * optional peer, is not installed.
 */
export async function readImage(path: string): Promise<DecodedImage> {
  expectFilePath("readImage", path);
  return readImageBy(await findSharp(), path);
}

/** As `readImage`, by a sharp that is loaded already. Its types stay out of those of the package, which need not have them. */
export async function readImageBy(sharp: Sharp, path: string): Promise<DecodedImage> {
  const bytes = await readWholeFile(path, { limit: LARGEST_FILE });
  const [format] = FORMATS.find(([, start]) => beginsWith(bytes, start)) ?? [];
  if (format === undefined) {
    const [other] = OTHER_FORMATS.find(([, start]) => beginsWith(bytes, start)) ?? [showStart(bytes)];
    throw new Error(`${path}: expected a PNG, JPEG or WebP image, got ${other}. Convert it to one of these.`);
  }
  const damaged = (cause: unknown): Error => {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    return new Error(`${path}: expected a whole image, got one that is damaged (${reason}).`, { cause });
  };
  // our own limit is checked here, with a message of our own, before anything is decoded
  const { width, height } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw damaged(cause);
    });
  if (width * height > MOST_PIXELS) {
    throw new Error(
      `${path}: expected an image of at most ${formatCount(MOST_PIXELS)} pixels, got ${width} x ${height}. Make it smaller.`,
    );
  }
  const { data, info } = await sharp(bytes, {
    limitInputPixels: MOST_PIXELS,
    sequentialRead: true,
    failOn: "warning",
  })
    .autoOrient()
    .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damaged(cause);
    });
  return { data: new Uint8Array(data), width: info.width, height: info.height, channels: info.channels };
}

function beginsWith(bytes: Uint8Array, start: string): boolean {
  return (
    bytes.length >= start.length &&
    Array.from(start).every((character, i) => character === "." || bytes[i] === character.charCodeAt(0))
  );
}

/**
 * The package sharp, an optional peer.
 *
 * @throws Error with the command that installs it.
 */
export async function findSharp(): Promise<Sharp> {
  try {
    const { default: sharp }: typeof import("sharp") = await import(
      pathToFileURL(resolveHereOrInCurrentFolder("sharp")).href
    );
    return sharp;
  } catch (cause) {
    throw new Error(
      'Cannot read images: the package sharp is not installed, or does not load. Install it with "npm install sharp".',
      { cause },
    );
  }
}
