import { between, type MemorySample, megabytes, range } from "./memory.js";

export interface FlatOptions {
  /** Samples before that are not looked at: code is still compiled, and the engine's heap finds its size. */
  readonly warmUp: number;
  /** What RSS may differ by, its most as a multiple of its least. */
  readonly limit: number;
}

/** What `expectFlat` has found: text for a table. */
export interface FlatFigures {
  readonly rss: string;
  readonly heap: string;
  readonly kernels: string;
}

/** What the small models take by which the memory of the kernels is measured, where no turn of the event loop frees them. */
const MEASURING = 2 ** 18;

/**
 * The memory of a process after it has warmed up: RSS has to stay within the limit, and the memory of the kernels may not
 * grow. The least of the heap, which is what is in use, may be 3 MB more in the second half than in the first: what a full
 * collection would take.
 *
 * @throws Error that says what grew.
 */
export function expectFlat(samples: readonly MemorySample[], { warmUp, limit }: FlatOptions): FlatFigures {
  const last = samples.at(-1)?.at ?? 0;
  const warm = between(samples, warmUp, last);
  const rss = range(warm, "rss");
  if (rss.most > limit * rss.least) {
    throw new Error(
      `expectFlat: expected RSS within ${percent(limit)}, got ${megabytes(rss.least)} to ${megabytes(rss.most)}.`,
    );
  }
  const kernels = range(warm, "kernels");
  if (kernels.most - kernels.least > MEASURING) {
    throw new Error(
      `expectFlat: expected the memory of the kernels to stay as it is, got ${kernels.least} to ${kernels.most} bytes.`,
    );
  }
  const half = (warmUp + last) / 2;
  const first = range(between(warm, warmUp, half), "heapUsed").least;
  const second = range(between(warm, half, last), "heapUsed").least;
  if (second - first > 3e6) {
    throw new Error(
      `expectFlat: expected as much heap in use as before, ${megabytes(first)}, got ${megabytes(second)}.`,
    );
  }
  return {
    rss: `${megabytes(rss.least)} to ${megabytes(rss.most)}, ${percent(rss.most / rss.least)}`,
    heap: `${megabytes(first)}, ${megabytes(second)}`,
    kernels: kernels.most === 0 ? "none" : megabytes(kernels.most),
  };
}

/**
 * The memory of a process that builds and drops: the most of the second half, in RSS and in the memory of the kernels, may be
 * a tenth above the most of the first, since it depends on when the collector comes.
 *
 * @throws Error that says what grew.
 */
export function expectNoGrowth(samples: readonly MemorySample[], from: number): FlatFigures {
  const last = samples.at(-1)?.at ?? 0;
  const half = Math.round((from + last) / 2);
  const [first, second] = [between(samples, from, half), between(samples, half + 1, last)];
  const text = (what: "rss" | "kernels"): string => {
    const [before, after] = [range(first, what).most, range(second, what).most];
    if (after > 1.1 * before) {
      throw new Error(
        `expectNoGrowth: expected ${what} within ${percent(1.1)}, got ${megabytes(before)}, then ${megabytes(after)}.`,
      );
    }
    return after === 0 ? "none" : `${megabytes(before)}, ${megabytes(after)}`;
  };
  const heap = [first, second].map((half) => megabytes(range(half, "heapUsed").least));
  return { rss: text("rss"), heap: heap.join(", "), kernels: text("kernels") };
}

/** 1.034 as `+3.4 %`. */
function percent(ratio: number): string {
  return `+${(100 * (ratio - 1)).toFixed(1)} %`;
}
