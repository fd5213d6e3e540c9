import { ShapeError } from "../../tensor/errors.js";
import { describe, expectInteger } from "../../tensor/expect.js";
import type { Box } from "./plane.js";

/**
 * A picture as it comes from a file or a canvas: bytes, pixel by pixel, row by row from the top. An `ImageData` is
 * one.
 */
export interface SourceImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. @default 4 */
  readonly channels?: 1 | 2 | 3 | 4;
}

/** A picture of red, green and blue, and perhaps a fourth channel that says nothing. */
export interface RgbImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/**
 * Checks a picture that somebody handed in.
 *
 * @throws TypeError if it is no picture, RangeError if a side or the channels cannot be, ShapeError if there are more
 * or fewer bytes than it says.
 */
export function expectImage(where: string, image: SourceImage): Required<SourceImage> {
  if (typeof image !== "object" || image === null) {
    throw new TypeError(
      `${where}: expected an image { data, width, height, channels }, got ${describe(image)}.`,
    );
  }
  const { data, width, height, channels = 4 } = image;
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    throw new TypeError(
      `${where}: expected image.data to be a Uint8Array or a Uint8ClampedArray, got ${describe(data)}.`,
    );
  }
  expectInteger(where, "image.width", width, { min: 1 });
  expectInteger(where, "image.height", height, { min: 1 });
  expectInteger(where, "image.channels", channels, { min: 1, max: 4 });
  if (data.length !== width * height * channels) {
    throw new ShapeError(
      `${where}: expected ${width * height * channels} bytes for ${width} x ${height} pixels of ${channels} channels, got ${data.length}.`,
    );
  }
  return { data, width, height, channels };
}

/**
 * The picture in red, green and blue. What is transparent lies over white, like ink on paper; if that leaves one
 * colour, as of white ink, over black.
 */
export function toRgb(image: Required<SourceImage>): RgbImage {
  const { data, width, height, channels } = image;
  // large photos are not copied
  if (channels === 3 || (channels === 4 && isOpaque(data))) return { data, width, height, channels };
  const overWhite: RgbImage = { data: overPaper(image, 255), width, height, channels: 3 };
  return channels !== 1 && isPlain(overWhite)
    ? { data: overPaper(image, 0), width, height, channels: 3 }
    : overWhite;
}

/** Whether all of an RGBA picture is opaque. */
function isOpaque(rgba: Uint8Array | Uint8ClampedArray): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

/** The colours of the picture over paper of one grey level, `a·colour + (1 − a)·paper` for the alpha a, 0 to 1. */
function overPaper({ data, channels }: Required<SourceImage>, paper: number): Uint8Array {
  const pixels = data.length / channels;
  const rgb = new Uint8Array(3 * pixels);
  const hasAlpha = channels === 2 || channels === 4;
  // grey is its own red, green and blue
  const step = channels > 2 ? 1 : 0;
  for (let i = 0, o = 0; i < data.length; i += channels, o += 3) {
    const alpha = hasAlpha ? data[i + channels - 1]! : 255;
    const rest = paper * (255 - alpha) + 127; // 127 rounds to the nearest
    for (let c = 0; c < 3; c++) rgb[o + c] = (data[i + c * step]! * alpha + rest) / 255;
  }
  return rgb;
}

/** Whether all pixels have one colour. */
export function isPlain({ data, channels }: RgbImage): boolean {
  for (let i = channels; i < data.length; i++) if (data[i] !== data[i - channels]) return false;
  return true;
}

/** The part of a picture within a box. */
export function cropImage(image: RgbImage, box: Box): RgbImage {
  const { data, width, channels } = image;
  if (box.width === width && box.height === image.height) return image;
  const length = channels * box.width;
  const part = new Uint8Array(length * box.height);
  for (let y = 0; y < box.height; y++) {
    const start = channels * ((box.y + y) * width + box.x);
    part.set(data.subarray(start, start + length), y * length);
  }
  return { data: part, width: box.width, height: box.height, channels };
}
