import { isolateDigit } from "./digit-ink.js";
import { drawInField } from "./field.js";
import { principalGrey } from "./grey.js";
import { findInkLevels } from "./ink-levels.js";
import { separateInk } from "./paper.js";
import { type Box, cropPlane, type Plane } from "./plane.js";
import { resample, sizeWithin } from "./resample.js";
import { cropImage, expectImage, isPlain, type RgbImage, type SourceImage, toRgb } from "./source-image.js";
import { strokeLength } from "./stroke.js";

/** The longer side that large pictures are reduced to, and the shortest that a noisy one may be reduced to. */
const LONGEST_SIDE = 256;
const SHORTEST_SIDE = 32;
/** A digit smaller than this in the reduced picture is looked at again from near. */
const SMALL_DIGIT = 64;
/** The least difference of ink from paper, as a share of the light, and in standard deviations of the noise. */
const LEAST_CONTRAST = 0.08;
const LEAST_CONTRAST_TO_NOISE = 4;
/** The length of a digit's strokes in all, at most, in multiples of its longer side. An 8 has about 3. */
const LONGEST_STROKES = 6;

/** A digit made ready for a network that was trained on MNIST, and what was found on the way. */
export interface PreparedDigit {
  /** 28 x 28 pixels, row by row from the top, as in MNIST: 0 is paper and 255 full ink. */
  readonly pixels: Uint8Array;
  /** Whether the ink was lighter than the paper. */
  readonly inverted: boolean;
  /** Where the digit was, in pixels of the picture. */
  readonly box: Box;
  /** The mean width of its strokes, in pixels of the 28 x 28, before they were thickened. */
  readonly strokeWidth: number;
}

/**
 * Turns a picture of one digit into 28 x 28 pixels as those of MNIST: of any size, dark on light or light on dark, drawn or
 * photographed.
 *
 * 1. Reduced to at most 256 pixels a side; see `resample`.
 * 2. Made grey so that ink and paper differ most; see `principalGrey`.
 * 3. Freed of uneven light, and inverted if the ink is light; see `separateInk`.
 * 4. Freed of noise, with a threshold between paper and ink; see `findInkLevels`. A picture with more noise than a quarter
 *    of its contrast is reduced by half, which averages over the noise, and looked at again.
 * 5. Freed of specks and of what hangs in from the edge; see `isolateDigit`. A digit that is small in the picture is looked
 *    at again in a part of the original about it.
 * 6. Cropped to the ink, fitted, thickened if thin, and centred; see `drawInField`.
 *
 * ```ts
 * const { pixels } = prepareDigit(context.getImageData(0, 0, canvas.width, canvas.height));
 * const probabilities = model.predict({ data: pixels, shape: [1, 28, 28, 1] });
 * ```
 *
 * @param name The name of the picture in error messages.
 * @throws Error if the picture has one colour or no digit can be told from the paper; TypeError, RangeError or ShapeError
 * if it is no picture.
 */
export function prepareDigit(image: SourceImage, name = "prepareDigit"): PreparedDigit {
  const rgb = toRgb(expectImage(name, image));
  if (isPlain(rgb)) throw new Error(`${name}: expected a digit, got an image of one colour.`);
  const whole = { x: 0, y: 0, width: rgb.width, height: rgb.height };
  const seen = findDigit(rgb, whole);
  if (seen === undefined) {
    throw new Error(
      `${name}: expected a digit, got an image in which none stands out from the paper. Take the picture from nearer or with more light.`,
    );
  }
  const nearer = seen.isSmall ? findDigit(rgb, surroundings(seen.box, whole)) : undefined;
  const { ink, inverted, box } = nearer ?? seen;
  return { ...drawInField(ink), inverted, box };
}

interface Found {
  /** The digit's ink, 0 to 1, cropped to its box. */
  readonly ink: Plane;
  readonly inverted: boolean;
  /** Whether the original has more to show of it. */
  readonly isSmall: boolean;
  /** The box, in pixels of the original. */
  readonly box: Box;
}

/** The digit in a part of a picture, in the finest reduction of it that is not too noisy. */
function findDigit(image: RgbImage, part: Box): Found | undefined {
  const { data, channels } = cropImage(image, part);
  const longer = Math.max(part.width, part.height);
  for (let side = Math.min(LONGEST_SIDE, longer); side >= Math.min(SHORTEST_SIDE, longer); side /= 2) {
    const [width, height] = sizeWithin(side, part.width, part.height);
    const colours = resample(data, [part.height, part.width, channels], height, width);
    const { strength, inverted } = separateInk(principalGrey(colours, [height, width, channels]));
    const levels = findInkLevels(strength.data);
    const contrast = levels.full - levels.paper;
    if (contrast < Math.max(LEAST_CONTRAST, LEAST_CONTRAST_TO_NOISE * levels.noise)) continue;
    const digit = isolateDigit(strength, levels);
    if (digit === undefined) continue;
    const ink = cropPlane(digit.ink, digit.box);
    const size = Math.max(ink.width, ink.height);
    if (strokeLength(ink) > LONGEST_STROKES * size) continue;
    const isSmall = side < longer && size < SMALL_DIGIT;
    return { ink, inverted, isSmall, box: boxInOriginal(digit.box, part, width, height) };
  }
  return undefined;
}

/** A box of a part that was reduced to `width` x `height`, in the original. */
function boxInOriginal(box: Box, part: Box, width: number, height: number): Box {
  const left = Math.floor((box.x * part.width) / width);
  const right = Math.ceil(((box.x + box.width) * part.width) / width);
  const top = Math.floor((box.y * part.height) / height);
  const bottom = Math.ceil(((box.y + box.height) * part.height) / height);
  return { x: part.x + left, y: part.y + top, width: right - left, height: bottom - top };
}

/** A box with half its longer side of paper about it, as far as the picture goes. */
function surroundings({ x, y, width, height }: Box, whole: Box): Box {
  const margin = Math.ceil(Math.max(width, height) / 2);
  const left = Math.max(0, x - margin);
  const top = Math.max(0, y - margin);
  const right = Math.min(whole.width, x + width + margin);
  const bottom = Math.min(whole.height, y + height + margin);
  return { x: left, y: top, width: right - left, height: bottom - top };
}
