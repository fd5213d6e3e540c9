import { closing } from "./closing.js";
import type { Plane } from "./plane.js";
import { resamplePlane, sizeWithin } from "./resample.js";

/** The longer side of the picture that paper is looked for in: so coarse that noise is averaged away. */
const COARSE_SIDE = 40;
/** The widest stroke, as a share of the longer side. */
const WIDEST_STROKE = 1 / 3;

/** How strong the ink is at each pixel, and whether it is lighter than the paper. */
export interface Ink {
  /** About 0 on paper, up to 1 where no light comes back (or, of light ink, all of it). */
  readonly strength: Plane;
  readonly inverted: boolean;
}

/**
 * Tells ink from paper in a grey picture, 0 to 255, whose light may be uneven and have shadows.
 *
 * A closing, by a square wider than the strokes, fills dark ink with the paper about it, and keeps the edges of shadows.
 * Of light ink the negative of the picture is closed. One of the two leaves bare paper; the other fills the loops and
 * the gaps between the strokes with ink, or does nothing. Bare paper is the plainer, with the smaller Σ|∇g|².
 *
 * The light falls on ink and paper alike and cancels in their ratio: the strength of the ink is 1 − g/paper, with the
 * negatives of both for light ink.
 */
export function separateInk(grey: Plane): Ink {
  const negative = map(grey, (level) => 255 - level);
  const paper = fillStrokes(grey);
  const negativePaper = fillStrokes(negative);
  return roughness(negativePaper) < roughness(paper)
    ? { strength: strengthOn(negativePaper, negative), inverted: true }
    : { strength: strengthOn(paper, grey), inverted: false };
}

/** The picture with its dark strokes filled, small. */
function fillStrokes(grey: Plane): Plane {
  const coarse = resamplePlane(grey, ...sizeWithin(COARSE_SIDE, grey.width, grey.height));
  const widest = Math.max(coarse.width, coarse.height) * WIDEST_STROKE;
  return closing(coarse, Math.max(1, Math.round(widest / 2)));
}

/** Σ|∇g|² over a picture. */
function roughness({ data, width, height }: Plane): number {
  let sum = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const across = x + 1 < width ? data[i + 1]! - data[i]! : 0;
      const down = y + 1 < height ? data[i + width]! - data[i]! : 0;
      sum += across * across + down * down;
    }
  }
  return sum;
}

function strengthOn(coarsePaper: Plane, grey: Plane): Plane {
  const paper = enlarged(coarsePaper, grey.width, grey.height);
  // black paper, which no dark ink could be seen on, is taken for nearly black
  return map(grey, (level, i) => 1 - level / Math.max(1, paper[i]!));
}

/** The levels of a coarse picture in a larger one, between the middles of its pixels in straight lines. */
function enlarged({ data, width, height }: Plane, newWidth: number, newHeight: number): Float32Array {
  const result = new Float32Array(newWidth * newHeight);
  for (let y = 0, o = 0; y < newHeight; y++) {
    const [top, bottom, below] = between(y, newHeight, height);
    for (let x = 0; x < newWidth; x++, o++) {
      const [left, right, beyond] = between(x, newWidth, width);
      const upper = data[top * width + left]! * (1 - beyond) + data[top * width + right]! * beyond;
      const lower = data[bottom * width + left]! * (1 - beyond) + data[bottom * width + right]! * beyond;
      result[o] = upper * (1 - below) + lower * below;
    }
  }
  return result;
}

/** The two of `coarse` cells that cell i of `fine` lies between, and how far on the way to the second. */
function between(i: number, fine: number, coarse: number): readonly [number, number, number] {
  const place = Math.min(coarse - 1, Math.max(0, ((i + 0.5) * coarse) / fine - 0.5));
  const first = Math.floor(place);
  return [first, Math.min(coarse - 1, first + 1), place - first];
}

function map({ data, width, height }: Plane, f: (value: number, i: number) => number): Plane {
  return { data: data.map(f), width, height };
}
