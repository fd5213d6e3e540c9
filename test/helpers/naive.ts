/**
 * The layers once more, as direct loops over their definitions: the oracle that the library is compared with.
 *
 * Nothing is shared with the library but the Tensor that holds the input. Images are padded by looking outside, and
 * each gradient is gathered: written as the sum that the chain rule gives for one element, where the library adds up
 * what it meets on its way.
 *
 * `round` is applied to every product, sum and quotient. Without it the loops compute in float64. With `Math.fround`
 * they compute in float32, in the order of summation that the library promises, and have to give the same bits.
 */
import type { NestedNumbers, Tensor } from "../../src/tensor/tensor.js";

/** What is done to every intermediate result. */
export type Rounding = (value: number) => number;

const exact: Rounding = (value) => value;

/** The options of a window, pairs written out. */
export interface NaiveWindow {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same" | readonly [readonly [number, number], readonly [number, number]];
  readonly dilationRate: readonly [number, number];
}

/** The numbers value(i, j, ...) for all indices of a shape, as nested arrays. */
export function tabulate(shape: readonly number[], value: (...index: number[]) => number): NestedNumbers {
  const [length, ...inner] = shape;
  if (length === undefined) return value();
  return Array.from({ length }, (_, i) => tabulate(inner, (...rest) => value(i, ...rest)));
}

/** f of each element of x, given its place in x.data too. */
export function naiveMap(x: Tensor, f: (value: number, i: number) => number): NestedNumbers {
  let i = 0;
  return tabulate(x.shape, () => f(x.data[i]!, i++));
}

/** The sum of terms, in the order they come in, from 0. */
function sum(terms: Iterable<number>, round: Rounding): number {
  let total = 0;
  for (const term of terms) total = round(total + term);
  return total;
}

/** 0, 1, ..., length - 1. */
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** One axis of a window: how many places it has, and which cell of the image each tap lies on. */
export interface NaiveAxis {
  readonly places: number;
  readonly taps: number;
  /** The cell under a tap at a place, undefined in the padding. */
  cell(place: number, tap: number): number | undefined;
  /** The place at which a tap lies on a cell, undefined if there is none. */
  place(cell: number, tap: number): number | undefined;
}

/** Slides a window along one axis of the image, place by place. */
export function naiveAxis(length: number, axis: 0 | 1, window: NaiveWindow): NaiveAxis {
  const taps = window.kernelSize[axis];
  const stride = window.strides[axis];
  const dilation = window.dilationRate[axis];
  const reach = (taps - 1) * dilation + 1;

  let before = 0;
  let after = 0;
  if (window.padding === "same") {
    // as TensorFlow's guide to padding has it
    const padding = Math.max(length % stride === 0 ? reach - stride : reach - (length % stride), 0);
    before = Math.floor(padding / 2);
    after = padding - before;
  } else if (window.padding !== "valid") {
    [before, after] = window.padding[axis];
  }

  const starts: number[] = []; // the first cell of the window at each place
  for (let start = -before; start + reach <= length + after; start += stride) starts.push(start);
  const inside = (cell: number): boolean => cell >= 0 && cell < length;
  return {
    places: starts.length,
    taps,
    cell: (place, tap) => [starts[place]! + tap * dilation].find(inside),
    place: (cell, tap) => range(starts.length).find((place) => starts[place]! + tap * dilation === cell),
  };
}

/** Both axes of a window over images [N, H, W, C]. */
function naiveAxes(images: readonly number[], window: NaiveWindow): [NaiveAxis, NaiveAxis] {
  return [naiveAxis(images[1]!, 0, window), naiveAxis(images[2]!, 1, window)];
}

/** The taps (ky, kx) of a window in ascending order. */
function* taps(vertical: NaiveAxis, horizontal: NaiveAxis): Generator<[ky: number, kx: number]> {
  for (let ky = 0; ky < vertical.taps; ky++) {
    for (let kx = 0; kx < horizontal.taps; kx++) yield [ky, kx];
  }
}

/** y = x·W + b. Shapes: x [N, I] · W [I, O] · b [O] · y [N, O]. */
export function naiveDense(x: Tensor, W: Tensor, b: Tensor, round = exact): NestedNumbers {
  const [I, O] = W.shape as [number, number];
  return tabulate([x.shape[0]!, O], (n, o) => {
    const terms = range(I).map((i) => round(x.at(n, i) * W.at(i, o)));
    return round(sum(terms, round) + b.at(o));
  });
}

/** dx, dW and db of `naiveDense`, from dy [N, O]. */
export function naiveDenseGradients(x: Tensor, W: Tensor, dy: Tensor, round = exact) {
  const O = W.shape[1]!;
  const samples = range(x.shape[0]!);
  return {
    dx: tabulate(x.shape, (n, i) =>
      sum(
        range(O).map((o) => round(dy.at(n, o) * W.at(i, o))),
        round,
      ),
    ),
    dW: tabulate(W.shape, (i, o) =>
      sum(
        samples.map((n) => round(x.at(n, i) * dy.at(n, o))),
        round,
      ),
    ),
    db: tabulate([O], (o) =>
      sum(
        samples.map((n) => dy.at(n, o)),
        round,
      ),
    ),
  };
}

/** y = x ∗ W + b. Shapes: x [N, H, W, C] · W [KH, KW, C, F] · b [F] · y [N, OH, OW, F]. */
export function naiveConv2D(
  x: Tensor,
  W: Tensor,
  b: Tensor,
  window: NaiveWindow,
  round = exact,
): NestedNumbers {
  const [vertical, horizontal] = naiveAxes(x.shape, window);
  const [C, F] = W.shape.slice(2) as [number, number];
  return tabulate([x.shape[0]!, vertical.places, horizontal.places, F], (n, oh, ow, f) => {
    const terms: number[] = [];
    for (const [ky, kx] of taps(vertical, horizontal)) {
      const h = vertical.cell(oh, ky);
      const w = horizontal.cell(ow, kx);
      if (h === undefined || w === undefined) continue; // x is 0 in the padding
      for (const c of range(C)) terms.push(round(x.at(n, h, w, c) * W.at(ky, kx, c, f)));
    }
    return round(sum(terms, round) + b.at(f));
  });
}

/** dx, dW and db of `naiveConv2D`, from dy [N, OH, OW, F]. Sums over the batch are sums of the images' sums. */
export function naiveConv2DGradients(x: Tensor, W: Tensor, dy: Tensor, window: NaiveWindow, round = exact) {
  const [vertical, horizontal] = naiveAxes(x.shape, window);
  const filters = range(W.shape[3]!);
  const images = range(x.shape[0]!);
  const places = range(vertical.places).flatMap((oh) =>
    range(horizontal.places).map((ow) => [oh, ow] as const),
  );
  return {
    dx: tabulate(x.shape, (n, h, w, c) => {
      const terms: number[] = []; // one for each tap that comes to lie on the pixel
      for (const [ky, kx] of taps(vertical, horizontal)) {
        const oh = vertical.place(h, ky);
        const ow = horizontal.place(w, kx);
        if (oh === undefined || ow === undefined) continue;
        terms.push(
          sum(
            filters.map((f) => round(dy.at(n, oh, ow, f) * W.at(ky, kx, c, f))),
            round,
          ),
        );
      }
      return sum(terms, round);
    }),
    dW: tabulate(W.shape, (ky, kx, c, f) => {
      const imageSum = (n: number): number => {
        const terms = places.map(([oh, ow]) => {
          const h = vertical.cell(oh, ky);
          const w = horizontal.cell(ow, kx);
          return h === undefined || w === undefined ? 0 : round(x.at(n, h, w, c) * dy.at(n, oh, ow, f));
        });
        return sum(terms, round);
      };
      return sum(images.map(imageSum), round);
    }),
    db: tabulate([filters.length], (f) =>
      sum(
        images.map((n) =>
          sum(
            places.map(([oh, ow]) => dy.at(n, oh, ow, f)),
            round,
          ),
        ),
        round,
      ),
    ),
  };
}

/** The pixels of channel c under the window at (oh, ow), each with its place, in ascending (ky, kx). */
function pixelsUnder(x: Tensor, window: NaiveWindow, n: number, oh: number, ow: number, c: number) {
  const [vertical, horizontal] = naiveAxes(x.shape, window);
  const pixels: { h: number; w: number; value: number }[] = [];
  for (const [ky, kx] of taps(vertical, horizontal)) {
    const h = vertical.cell(oh, ky);
    const w = horizontal.cell(ow, kx);
    if (h !== undefined && w !== undefined) pixels.push({ h, w, value: x.at(n, h, w, c) });
  }
  return pixels;
}

/** The first of the largest pixels; the first NaN, if there is one. */
function winnerOf<Pixel extends { value: number }>(pixels: readonly Pixel[]): Pixel {
  const largest = Math.max(...pixels.map(({ value }) => value)); // NaN if one is NaN
  return pixels.find(({ value }) => value === largest || Number.isNaN(value))!;
}

/** y = the largest pixel under the window. Shapes: x [N, H, W, C] · y [N, OH, OW, C]. */
export function naiveMaxPool(x: Tensor, window: NaiveWindow): NestedNumbers {
  const [vertical, horizontal] = naiveAxes(x.shape, window);
  return tabulate(
    [x.shape[0]!, vertical.places, horizontal.places, x.shape[3]!],
    (n, oh, ow, c) => winnerOf(pixelsUnder(x, window, n, oh, ow, c)).value,
  );
}

/** dx of `naiveMaxPool`, from dy [N, OH, OW, C]. */
export function naiveMaxPoolGradient(
  x: Tensor,
  dy: Tensor,
  window: NaiveWindow,
  round = exact,
): NestedNumbers {
  return gatherPooled(x, window, round, (n, h, w, c, oh, ow) => {
    const winner = winnerOf(pixelsUnder(x, window, n, oh, ow, c));
    return winner.h === h && winner.w === w ? dy.at(n, oh, ow, c) : 0;
  });
}

/** y = the mean of the pixels under the window. Shapes: x [N, H, W, C] · y [N, OH, OW, C]. */
export function naiveAvgPool(x: Tensor, window: NaiveWindow, round = exact): NestedNumbers {
  const [vertical, horizontal] = naiveAxes(x.shape, window);
  return tabulate([x.shape[0]!, vertical.places, horizontal.places, x.shape[3]!], (n, oh, ow, c) => {
    const values = pixelsUnder(x, window, n, oh, ow, c).map(({ value }) => value);
    return round(sum(values, round) / values.length);
  });
}

/** dx of `naiveAvgPool`, from dy [N, OH, OW, C]. */
export function naiveAvgPoolGradient(
  x: Tensor,
  dy: Tensor,
  window: NaiveWindow,
  round = exact,
): NestedNumbers {
  return gatherPooled(x, window, round, (n, _h, _w, c, oh, ow) =>
    round(dy.at(n, oh, ow, c) / pixelsUnder(x, window, n, oh, ow, c).length),
  );
}

/** dx of a pool: what each pixel receives from the windows it lies under, by the tap that lies on it, ascending. */
function gatherPooled(
  x: Tensor,
  window: NaiveWindow,
  round: Rounding,
  received: (n: number, h: number, w: number, c: number, oh: number, ow: number) => number,
): NestedNumbers {
  const [vertical, horizontal] = naiveAxes(x.shape, window);
  return tabulate(x.shape, (n, h, w, c) => {
    const terms: number[] = [];
    for (const [ky, kx] of taps(vertical, horizontal)) {
      const oh = vertical.place(h, ky);
      const ow = horizontal.place(w, kx);
      if (oh !== undefined && ow !== undefined) terms.push(received(n, h, w, c, oh, ow));
    }
    return sum(terms, round);
  });
}
