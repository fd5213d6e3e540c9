import {
  type Code,
  doWhile,
  f32x4,
  i32,
  type Local,
  type Locals,
  load,
  repeat,
  store,
  VECTOR_BYTES,
  v128,
} from "./assembler.js";
import { type Kernel, kernel } from "./kernel.js";

/** A loop of a sum: how often, and how many bytes the operands a and b move on each time. */
export interface SumLoop {
  readonly count: number;
  readonly a: number;
  readonly b: number;
}

/** What a strip kernel computes; all distances in bytes. */
export interface Strip {
  /** Rows of the strip. */
  readonly rows: number;
  /** Columns of the strip, of which there are at most `WIDEST`. */
  readonly columns: number;
  /** From a row of the strip to the next, in a and in c. */
  readonly rowA: number;
  readonly rowC: number;
  /** The loops of the sum, the outermost first, which takes its count from a parameter. */
  readonly sum: readonly SumLoop[];
  /** From a strip to the next one that the same call computes. */
  readonly next: { readonly a: number; readonly b: number; readonly c: number };
  /** What a running sum starts from: zero, or what c holds. */
  readonly start: "zero" | "c";
  /** What becomes of a finished sum: it is written to c, or added to what c holds. */
  readonly finish: "write" | "add";
}

/** The most columns that a strip can have. */
export const WIDEST = 16;

/**
 * A kernel for a strip of a matrix product: c[r, j] = Σ a[r, s]·b[s, j] for a few columns j, where s runs over the
 * loops of the sum, in their order. Called with the addresses of a, b and c, the count of the outermost loop of the
 * sum, and how many strips to compute.
 *
 * The lanes of a vector are columns, so each lane is a running sum of its own, taken in order, each product and each
 * sum rounded: the bits are those of the plain loop. A tile of a few rows and vectors keeps all its sums in registers,
 * so that a step of the sum loads two vectors of b and four numbers of a, say, for eight products. Nothing is unrolled
 * along the sum: the loop is short enough for the processor to look ahead into its next rounds.
 */
export function stripKernel(strip: Strip): Kernel {
  const parameters = ["i32", "i32", "i32", "i32", "i32"] as const;
  return kernel(`strip ${JSON.stringify(strip)}`, parameters, (locals, a, b, c, count, strips) => {
    const { rowA, rowC, next } = strip;
    const tileA = locals.local("i32");
    const tileC = locals.local("i32");
    const tiles = locals.local("i32");
    const assembler = new TileAssembler(strip, locals, { a: tileA, b, c: tileC, count });
    const { tileHeight, full, last } = tileRows(strip);
    const moveOn = (rows: number): Code => [...tileA.add(rows * rowA), ...tileC.add(rows * rowC)];
    return repeat(strips, [
      ...tileA.set(a.get),
      ...tileC.set(c.get),
      ...(full > 0
        ? [
            ...tiles.set(i32.const(full)),
            ...repeat(tiles, [...assembler.tile(tileHeight), ...moveOn(tileHeight)]),
          ]
        : []),
      ...(last > 0 ? assembler.tile(last) : []),
      ...a.add(next.a),
      ...b.add(next.b),
      ...c.add(next.c),
    ]);
  });
}

/** Rows of a tile by its vectors, so that there are about eight sums: fewer would wait for each other's additions. */
const TILE_HEIGHTS = [8, 4, 4, 2];

/** How many tiles of the best height, and the rows of the tile behind them, which may be half as high again. */
function tileRows({ rows, columns }: Strip): { tileHeight: number; full: number; last: number } {
  const tileHeight = TILE_HEIGHTS[Math.ceil(columns / 4) - 1]!;
  const full = Math.floor(rows / tileHeight);
  const rest = rows % tileHeight;
  const joins = full > 0 && rest > 0 && rest <= tileHeight / 2;
  return joins ? { tileHeight, full: full - 1, last: tileHeight + rest } : { tileHeight, full, last: rest };
}

/** Where a tile is: the addresses of its parts of a, b and c, and the count of the outermost loop of its sums. */
interface TilePlace {
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
  readonly count: Local;
}

/** Writes the code of tiles of one strip. */
class TileAssembler {
  readonly #strip: Strip;
  readonly #vectors: number;
  readonly #lastLanes: number;
  readonly #at: TilePlace;
  readonly #a: Local; // walks along the sum
  readonly #b: Local;
  readonly #ends: readonly Local[];
  readonly #number: Local; // of a, in all lanes
  readonly #row: readonly Local[]; // of b
  readonly #locals: Locals;
  readonly #sums: Local[] = []; // as many as the largest tile so far needs

  constructor(strip: Strip, locals: Locals, at: TilePlace) {
    this.#strip = strip;
    this.#vectors = Math.ceil(strip.columns / 4);
    this.#lastLanes = strip.columns - 4 * (this.#vectors - 1);
    this.#at = at;
    this.#locals = locals;
    this.#a = locals.local("i32");
    this.#b = locals.local("i32");
    this.#ends = locals.locals(strip.sum.length, "i32");
    this.#number = locals.local("v128");
    this.#row = locals.locals(this.#vectors, "v128");
  }

  /** The code of a tile: start the sums, run the loops, put the sums where they belong. */
  tile(rows: number): Code {
    const { rowC, start, finish } = this.#strip;
    const vectors = this.#vectors;
    while (this.#sums.length < rows * vectors) this.#sums.push(this.#locals.local("v128"));
    const sums = this.#sums.slice(0, rows * vectors);
    const { a, b, c } = this.#at;
    const place = (i: number): number => Math.floor(i / vectors) * rowC + (i % vectors) * VECTOR_BYTES;
    const held = (i: number): Code => load.vector(c.get, place(i));
    const lanes = (i: number): number => (i % vectors === vectors - 1 ? this.#lastLanes : 4);
    return [
      ...this.#a.set(a.get),
      ...this.#b.set(b.get),
      ...sums.flatMap((sum, i) => sum.set(start === "zero" ? v128.const(0) : held(i))),
      ...this.#sumLoop(0, sums),
      ...sums.flatMap((sum, i) => [
        ...(finish === "add" ? sum.set(f32x4.add(held(i), sum.get)) : []),
        ...store(c.get, sum, lanes(i), place(i)),
      ]),
    ];
  }

  /** The code of the loop at some depth, with the loops inside it. */
  #sumLoop(depth: number, sums: readonly Local[]): Code {
    const loop = this.#strip.sum[depth]!;
    const inner = this.#strip.sum[depth + 1];
    const a = this.#a;
    const end = this.#ends[depth]!;
    const length =
      depth === 0 ? i32.mul(this.#at.count.get, i32.const(loop.a)) : i32.const(loop.count * loop.a);
    // the inner loop has moved a and b on by its whole length
    const restA = loop.a - (inner ? inner.count * inner.a : 0);
    const restB = loop.b - (inner ? inner.count * inner.b : 0);
    return [
      ...end.set(i32.add(a.get, length)),
      ...doWhile(
        [...(inner ? this.#sumLoop(depth + 1, sums) : this.#step(sums)), ...this.#b.add(restB)],
        i32.notEqual(a.tee(i32.add(a.get, i32.const(restA))), end.get),
      ),
    ];
  }

  /** The code of a step of the sum: each number of a column of a, times a row of b. */
  #step(sums: readonly Local[]): Code {
    const number = this.#number;
    const vectors = this.#vectors;
    const code: number[] = [];
    for (const [v, vector] of this.#row.entries()) {
      code.push(...vector.set(load.vector(this.#b.get, v * VECTOR_BYTES)));
    }
    for (const [i, sum] of sums.entries()) {
      if (i % vectors === 0) {
        code.push(...number.set(load.splat(this.#a.get, (i / vectors) * this.#strip.rowA)));
      }
      code.push(...sum.set(f32x4.add(sum.get, f32x4.mul(number.get, this.#row[i % vectors]!.get))));
    }
    return code;
  }
}

/** A number of columns that strips next to each other have, and the first of them. */
export interface Block {
  readonly first: number;
  readonly columns: number;
}

/** The columns in blocks of `width`, of which the last has what is left, up to four columns more. */
export function columnBlocks(columns: number, width = 8): readonly Block[] {
  const blocks: Block[] = [];
  for (let first = 0; first < columns; ) {
    const left = columns - first;
    const isLast = left <= Math.min(width + 4, WIDEST);
    blocks.push({ first, columns: isLast ? left : width });
    first += isLast ? left : width;
  }
  return blocks;
}

/** The loops of a sum: the outermost one, and of those inside it the ones that run more than once. */
export function nest(outer: SumLoop, ...inner: readonly SumLoop[]): readonly SumLoop[] {
  return [outer, ...inner.filter(({ count }) => count > 1)];
}
