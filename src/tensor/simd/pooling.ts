import type { Window } from "../window.js";
import { type Code, FLOAT, f32x4, type Local, type Locals, load, repeat, store, v128 } from "./assembler.js";
import { defineJob, type Job } from "./job.js";
import { type Kernel, kernel } from "./kernel.js";
import { addressOf, inMemory } from "./memory.js";
import { run, type Share } from "./threads.js";

/*
 * Pooling of windows that lie inside the image and do not overlap, as nearly all do. The lanes are channels. Every
 * other window is left to the plain code.
 */

/** The most taps of a window that are written out one after the other. */
const MOST_TAPS = 32;

/** The most channels that a kernel takes. */
const MOST_CHANNELS = 32;

const windowArguments = ["H", "W", "C", "KH", "KW", "OH", "OW", "strideH", "strideW"] as const;
type PoolWindow = Readonly<Record<(typeof windowArguments)[number], number>>;

/** What the jobs need to know of a window; undefined for one that is not theirs. */
function poolWindow(window: Window): PoolWindow | undefined {
  const { H, W, C, KH, KW, OH, OW, strideH, strideW, dilationH, dilationW, padTop, padLeft } = window;
  const isInside =
    padTop === 0 && padLeft === 0 && (OH - 1) * strideH + KH <= H && (OW - 1) * strideW + KW <= W;
  const isApart = strideH >= KH && strideW >= KW && dilationH === 1 && dilationW === 1;
  if (!isInside || !isApart || KH * KW > MOST_TAPS) return undefined;
  return { H, W, C, KH, KW, OH, OW, strideH, strideW };
}

/** What a pooling kernel does at one vector of channels of one output cell. */
interface Cell {
  /** Bytes from the first pixel of the window to each of its taps, in order. */
  readonly taps: readonly number[];
  readonly image: Local;
  readonly outputs: readonly Local[];
  /** Bytes to the vector of channels, in the image as in the outputs. */
  readonly offset: number;
  readonly lanes: number;
}

/**
 * A kernel for a row of output cells and some channels of them, called with the address in the image, the addresses in
 * `outputs` tensors of the outputs' shape, and the number of cells.
 */
function poolKernel(
  name: string,
  { W, C, KH, KW, strideW }: PoolWindow,
  channels: number,
  outputs: number,
  body: (locals: Locals) => (cell: Cell) => Code,
): Kernel {
  const parameters = new Array<"i32">(outputs + 2).fill("i32");
  const key = `${name} ${[W, C, KH, KW, strideW, channels].join(" ")}`;
  return kernel(key, parameters, (locals, image, ...rest) => {
    const places = rest.slice(0, outputs);
    const cells = rest.at(-1)!;
    const taps = Array.from(
      { length: KH * KW },
      (_, tap) => (Math.floor(tap / KW) * W + (tap % KW)) * C * FLOAT,
    );
    const cell = body(locals);
    const code: number[] = [];
    for (let c = 0; c < channels; c += 4) {
      const lanes = Math.min(4, channels - c);
      code.push(...cell({ taps, image: image!, outputs: places, offset: c * FLOAT, lanes }));
    }
    return repeat(cells, [
      ...code,
      ...image!.add(strideW * C * FLOAT),
      ...places.flatMap((place) => place.add(C * FLOAT)),
    ]);
  });
}

/** Calls a kernel for the rows of output cells from `begin` to `end`. */
function eachRow(
  window: PoolWindow,
  begin: number,
  end: number,
  {
    image,
    outputs,
    kernelOf,
  }: {
    image: number;
    outputs: readonly number[];
    kernelOf: (channels: number) => Kernel;
  },
): void {
  const { H, W, C, OH, OW, strideH } = window;
  for (let first = 0; first < C; first += MOST_CHANNELS) {
    const pool = kernelOf(Math.min(MOST_CHANNELS, C - first));
    for (let row = begin; row < end; row++) {
      const n = Math.floor(row / OH);
      const pixel = (n * H + (row - n * OH) * strideH) * W * C + first;
      const cell = row * OW * C + first;
      pool(image + pixel * FLOAT, ...outputs.map((address) => address + cell * FLOAT), OW);
    }
  }
}

const { add, div, eq, le } = f32x4;

const maxPoolJob = defineJob("maxPool", [...windowArguments, "x", "y", "winners"], (args, begin, end) => {
  const kernelOf = (channels: number): Kernel =>
    poolKernel("maxPool", args, channels, 2, (locals) => {
      const [best, winner, value, wins] = locals.locals(4, "v128") as [Local, Local, Local, Local];
      return ({ taps, image, outputs: [y, winners], offset, lanes }) => [
        ...best.set(load.vector(image.get, offset + taps[0]!)),
        ...winner.set(v128.const(0)),
        ...taps.slice(1).flatMap((tap, i) => [
          ...value.set(load.vector(image.get, offset + tap)),
          // not <=, which is true of a larger value and of NaN, and the best so far is not NaN
          ...wins.set(v128.andNot(eq(best.get, best.get), le(value.get, best.get))),
          ...best.set(v128.select(value.get, best.get, wins.get)),
          ...winner.set(v128.select(v128.const(i + 1), winner.get, wins.get)),
        ]),
        ...store(y!.get, best, lanes, offset),
        ...store(winners!.get, winner, lanes, offset),
      ];
    });
  eachRow(args, begin, end, { image: args.x, outputs: [args.y, args.winners], kernelOf });
});

const maxPoolGradientJob = defineJob(
  "maxPoolGradient",
  [...windowArguments, "dy", "dx", "winners"],
  (args, begin, end) => {
    const kernelOf = (channels: number): Kernel =>
      poolKernel("maxPoolGradient", args, channels, 2, (locals) => {
        const [gradient, winner, share] = locals.locals(3, "v128") as [Local, Local, Local];
        return ({ taps, image, outputs: [dy, winners], offset, lanes }) => [
          ...gradient.set(load.vector(dy!.get, offset)),
          ...winner.set(load.vector(winners!.get, offset)),
          ...taps.flatMap((tap, i) => [
            // a sum that begins with zero is never -0
            ...share.set(add(v128.const(0), v128.and(gradient.get, eq(winner.get, v128.const(i))))),
            ...store(image.get, share, lanes, offset + tap),
          ]),
        ];
      });
    eachRow(args, begin, end, { image: args.dx, outputs: [args.dy, args.winners], kernelOf });
  },
);

const avgPoolJob = defineJob("avgPool", [...windowArguments, "x", "y"], (args, begin, end) => {
  const kernelOf = (channels: number): Kernel =>
    poolKernel("avgPool", args, channels, 1, (locals) => {
      const sum = locals.local("v128");
      return ({ taps, image, outputs: [y], offset, lanes }) => [
        ...sum.set(v128.const(0)),
        ...taps.flatMap((tap) => sum.set(add(sum.get, load.vector(image.get, offset + tap)))),
        ...sum.set(div(sum.get, v128.const(taps.length))),
        ...store(y!.get, sum, lanes, offset),
      ];
    });
  eachRow(args, begin, end, { image: args.x, outputs: [args.y], kernelOf });
});

const avgPoolGradientJob = defineJob(
  "avgPoolGradient",
  [...windowArguments, "dy", "dx"],
  (args, begin, end) => {
    const kernelOf = (channels: number): Kernel =>
      poolKernel("avgPoolGradient", args, channels, 1, (locals) => {
        const share = locals.local("v128");
        return ({ taps, image, outputs: [dy], offset, lanes }) => [
          ...share.set(div(load.vector(dy!.get, offset), v128.const(taps.length))),
          ...share.set(add(v128.const(0), share.get)), // as above
          ...taps.flatMap((tap) => store(image.get, share, lanes, offset + tap)),
        ];
      });
    eachRow(args, begin, end, { image: args.dx, outputs: [args.dy], kernelOf });
  },
);

/** A unit is a row of cells of y [N, OH, OW, C]. */
function shareRows({ KH, KW, C, OW }: PoolWindow, y: Float32Array): Share {
  return { units: y.length / (OW * C), work: KH * KW * C * OW };
}

/** See `maxPool`; false where an array is elsewhere, or the window is not for these kernels. */
export function simdMaxPool(
  x: Float32Array,
  window: Window,
  y: Float32Array,
  winners: Float32Array,
): boolean {
  const pool = poolWindow(window);
  if (!pool || y.length === 0 || !inMemory(x, y, winners)) return false;
  const args = { x: addressOf(x), y: addressOf(y), winners: addressOf(winners), ...pool };
  run(maxPoolJob, args, shareRows(pool, y));
  return true;
}

/** See `maxPoolGradient`. */
export function simdMaxPoolGradient(
  dy: Float32Array,
  window: Window,
  dx: Float32Array,
  winners: Float32Array,
): boolean {
  const pool = poolWindow(window);
  if (!pool || dy.length === 0 || !inMemory(dy, dx, winners)) return false;
  clearUncovered(dx, pool);
  const args = { dy: addressOf(dy), dx: addressOf(dx), winners: addressOf(winners), ...pool };
  run(maxPoolGradientJob, args, shareRows(pool, dy));
  return true;
}

/** See `avgPool`. */
export function simdAvgPool(x: Float32Array, window: Window, y: Float32Array): boolean {
  const pool = poolWindow(window);
  if (!pool || y.length === 0 || !inMemory(x, y)) return false;
  const args = { x: addressOf(x), y: addressOf(y), ...pool };
  run(avgPoolJob, args, shareRows(pool, y));
  return true;
}

/** See `avgPoolGradient`. */
export function simdAvgPoolGradient(dy: Float32Array, window: Window, dx: Float32Array): boolean {
  const pool = poolWindow(window);
  if (!pool || dy.length === 0 || !inMemory(dy, dx)) return false;
  clearUncovered(dx, pool);
  const args = { dy: addressOf(dy), dx: addressOf(dx), ...pool };
  run(avgPoolGradientJob, args, shareRows(pool, dy));
  return true;
}

/** Zeros for the pixels that lie under no window; the others are written by the kernels. */
function clearUncovered(dx: Float32Array, { H, W, KH, KW, OH, OW, strideH, strideW }: PoolWindow): void {
  const isCovered = strideH === KH && strideW === KW && OH * KH === H && OW * KW === W;
  if (!isCovered) dx.fill(0);
}

/** The jobs of this file, for the threads. */
export const POOLING_JOBS: readonly Job[] = [maxPoolJob, maxPoolGradientJob, avgPoolJob, avgPoolGradientJob];
