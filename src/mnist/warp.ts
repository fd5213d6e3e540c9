import { cos, sin } from "../tensor/cos.js";

/** What is done to an image: it is sheared, scaled, turned and shifted, in this order, about its centre. */
export interface Warp {
  /** The angle, in degrees, clockwise. */
  readonly rotation: number;
  /** Pixels to the right. */
  readonly shiftX: number;
  /** Pixels down. */
  readonly shiftY: number;
  /** The size of the result, 1 for the same. */
  readonly scale: number;
  /** The angle, in degrees, by which vertical lines lean over: to the right at the bottom. */
  readonly shear: number;
}

/** The longest side of an image, so that no coordinate leaves the 32 bits it has. */
export const LONGEST_SIDE = 1024;

/** A pixel in the fixed-point numbers of coordinates, which have 16 bits after the point. */
const ONE = 65536;
/** The way from one pixel to the next in the numbers of weights, which have 11. */
const WHOLE = 2048;
/** Half a grey level in the weighted sum, which has 22, so that cutting them off rounds to the nearest. */
const HALF = 1 << 21;

/**
 * Warps images of bytes, of one shape [H, W, C], in place.
 *
 * With the centre c = ((W − 1)/2, (H − 1)/2), the shift t, the scale s, the angle θ and T = tan(shear), the warp moves
 * what is at (x, y) = p to
 *
 *     q = c + t + s·R·S·(p − c)        R = [[cos θ, −sin θ], [sin θ, cos θ]]        S = [[1, T], [0, 1]]
 *
 * Each pixel q of the result asks where it comes from,
 *
 *     p = c + (1/s)·S⁻¹·R⁻¹·(q − c − t)        S⁻¹·R⁻¹ = [[cos θ + T·sin θ, sin θ − T·cos θ], [−sin θ, cos θ]]
 *
 * and takes the mean of the four pixels about p, weighed by how near they are (bilinear interpolation); outside the
 * image everything is 0. A warp that moves pixels onto pixels moves them exactly.
 *
 * The six numbers of the map p(q) are computed in float64 and rounded once, to multiples of 2^-16 pixels. All that
 * follows is arithmetic with whole numbers of 32 bits, which is exact, and so the same in every engine: coordinates are
 * sums of the six, weights are the upper 11 of the 16 bits after the point, and their sum is rounded once, to
 * the nearest byte. In an image of 28 x 28 pixels a coordinate is off by less than 1/1000 of a pixel.
 */
export class ImageWarper {
  readonly #height: number;
  readonly #width: number;
  readonly #channels: number;
  readonly #source: Uint8Array; // [H + 2, W + 2, C], the image with a border of 0 about it

  /** @param shape [H, W, C], H and W at most `LONGEST_SIDE`. */
  constructor([height, width, channels]: readonly [number, number, number]) {
    this.#height = height;
    this.#width = width;
    this.#channels = channels;
    this.#source = new Uint8Array((height + 2) * (width + 2) * channels);
  }

  /** Warps the image that begins at `pixels[start]`. */
  warp(pixels: Uint8Array, start: number, warp: Warp): void {
    const W = this.#width;
    const H = this.#height;
    const C = this.#channels;
    const source = this.#source;
    const row = (W + 2) * C;
    this.#take(pixels, start);

    // where the result's pixel (column, row) comes from: x = x0 + xx·column + xy·row, y = y0 + yx·column + yy·row
    const radians = Math.PI / 180;
    const cosine = cos(warp.rotation * radians);
    const sine = sin(warp.rotation * radians);
    const slope = sin(warp.shear * radians) / cos(warp.shear * radians);
    const { scale, shiftX, shiftY } = warp;
    const a = (cosine + slope * sine) / scale;
    const b = (sine - slope * cosine) / scale;
    const c = -sine / scale;
    const d = cosine / scale;
    const centreX = (W - 1) / 2;
    const centreY = (H - 1) / 2;
    // the source has a border, so its centre lies one further on
    const x0 = toFixed(centreX + 1 - a * (centreX + shiftX) - b * (centreY + shiftY));
    const y0 = toFixed(centreY + 1 - c * (centreX + shiftX) - d * (centreY + shiftY));
    const [xx, xy, yx, yy] = [toFixed(a), toFixed(b), toFixed(c), toFixed(d)];

    // >>> 0 makes them, and below the coordinates, unsigned: a negative coordinate is then beyond the end too
    const endX = ((W + 1) * ONE) >>> 0;
    const endY = ((H + 1) * ONE) >>> 0;
    for (let channel = 0; channel < C; channel++) {
      let o = start + channel;
      for (let h = 0; h < H; h++) {
        let x = (x0 + h * xy) | 0;
        let y = (y0 + h * yy) | 0;
        for (let w = 0; w < W; w++, o += C) {
          let value = 0;
          if (x >>> 0 < endX && y >>> 0 < endY) {
            const i = (Math.imul(y >> 16, row) + Math.imul(x >> 16, C) + channel) | 0;
            const right = (x >> 5) & (WHOLE - 1);
            const left = WHOLE - right;
            const below = (y >> 5) & (WHOLE - 1);
            const above = WHOLE - below;
            // 8 + 11 bits, then 8 + 11 + 11
            const upper = (Math.imul(source[i]!, left) + Math.imul(source[i + C]!, right)) | 0;
            const lower = (Math.imul(source[i + row]!, left) + Math.imul(source[i + row + C]!, right)) | 0;
            value = (Math.imul(upper, above) + Math.imul(lower, below) + HALF) >> 22;
          }
          pixels[o] = value;
          x = (x + xx) | 0;
          y = (y + yx) | 0;
        }
      }
    }
  }

  /** Copies the image into the middle of the source. The border is never written, and stays 0. */
  #take(pixels: Uint8Array, start: number): void {
    const source = this.#source;
    const length = this.#width * this.#channels; // of a row
    const border = this.#channels;
    let o = length + 2 * border;
    for (let i = start, h = 0; h < this.#height; h++) {
      o += border;
      for (const end = i + length; i < end; i++, o++) source[o] = pixels[i]!;
      o += border;
    }
  }
}

/** The nearest fixed-point number. */
function toFixed(value: number): number {
  return Math.floor(value * ONE + 0.5);
}
