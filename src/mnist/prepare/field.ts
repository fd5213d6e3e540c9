import { at, type Plane } from "./plane.js";
import { resamplePlane } from "./resample.js";
import { strokeWidth, thicken } from "./stroke.js";

/** The side of the field of an MNIST digit, of the box it is fitted into, and the margin between them. */
const FIELD = 28;
const BOX = 20;
const MARGIN = 4;
/** How many pixels of the drawing there are to one of the field, along a side. */
const FINE = 8;

/**
 * Strokes thinner than nineteen in twenty of MNIST's, in pixels of the field, and how wide they are made: the median of
 * MNIST is 2.4.
 */
const THIN_STROKE = 1.7;
const THICKENED_STROKE = 2.2;

/** A digit as MNIST has it. */
export interface FieldDigit {
  /** 28 x 28 pixels, row by row from the top; 0 is paper and 255 full ink. */
  readonly pixels: Uint8Array;
  /** The mean width of its strokes before any thickening, in pixels of the field. */
  readonly strokeWidth: number;
}

/**
 * Draws ink, cropped to its box, as NIST's digits were made into MNIST's: the longer side is fitted to 20 pixels and the
 * aspect kept, pixels at the edge of a stroke have the grey of the share it covers, and the whole is shifted by whole
 * pixels so that the centre of mass comes to lie in the middle of a field of 28 x 28. That middle is the pixel (14, 14),
 * counted from 0: in all digits of MNIST the centre of mass is within half a pixel of it.
 *
 * Thin strokes, as a pen's of somebody who writes digits large, are thickened. With a margin of m pixels about strokes of
 * width w in a box of 20, fitted to a box of 20 − 2·m that the margin fills up again, they have the width
 *
 *     t = w·(20 − 2·m)/20 + 2·m        so        m = (t − w)/(2 − 2·w/20)
 *
 * LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998, section III.A.
 */
export function drawInField(ink: Plane): FieldDigit {
  const longer = Math.max(ink.width, ink.height);
  const width = (strokeWidth(ink) * BOX) / longer;
  const margin = width < THIN_STROKE ? (THICKENED_STROKE - width) / (2 - (2 * width) / BOX) : 0;
  // in whole fine pixels, so that the digit ends where its box does
  const fineMargin = Math.round(margin * FINE);
  const fine = fitted(ink, fineMargin);
  const drawn = resamplePlane(fineMargin > 0 ? thicken(fine, fineMargin) : fine, FIELD, FIELD);
  return { pixels: centred(drawn), strokeWidth: width };
}

/** The ink in the finely divided field, fitted to the box without a margin of some fine pixels. */
function fitted(ink: Plane, margin: number): Plane {
  const side = BOX * FINE - 2 * margin;
  const longer = Math.max(ink.width, ink.height);
  const scaled = (length: number): number => Math.max(1, Math.round((length * side) / longer));
  const digit = resamplePlane(ink, scaled(ink.width), scaled(ink.height));
  const corner = MARGIN * FINE + margin;
  const data = new Float32Array(FIELD * FINE * FIELD * FINE);
  for (let y = 0; y < digit.height; y++) {
    const row = digit.data.subarray(y * digit.width, (y + 1) * digit.width);
    data.set(row, (corner + y) * FIELD * FINE + corner);
  }
  return { data, width: FIELD * FINE, height: FIELD * FINE };
}

/** The ink as bytes, the strongest 255, with its centre of mass as near to (14, 14) as whole pixels bring it. */
function centred(field: Plane): Uint8Array {
  let [mass, massX, massY] = [0, 0, 0];
  let [strongest, lastX, lastY] = [0, 0, 0];
  for (let y = 0; y < FIELD; y++) {
    for (let x = 0; x < FIELD; x++) {
      const ink = at(field, x, y);
      mass += ink;
      massX += ink * x;
      massY += ink * y;
      strongest = Math.max(strongest, ink);
      if (ink > 0) [lastX, lastY] = [Math.max(lastX, x), y];
    }
  }
  // a digit whose ink is nearly all at one end would be pushed out of the field
  const shift = (centre: number, last: number): number =>
    Math.min(FIELD - 1 - last, Math.max(-MARGIN, Math.round(FIELD / 2 - centre)));
  const right = shift(massX / mass, lastX);
  const down = shift(massY / mass, lastY);
  const pixels = new Uint8Array(FIELD * FIELD);
  for (let y = 0; y < FIELD; y++) {
    for (let x = 0; x < FIELD; x++) {
      pixels[y * FIELD + x] = Math.round((255 * at(field, x - right, y - down)) / strongest);
    }
  }
  return pixels;
}
