import { addressOf, allocateInMemory, openMemory } from "../src/tensor/simd/memory.js";
import { nest, stripKernel } from "../src/tensor/simd/strip-kernel.js";

/** Steps of the sum: 4 to 8 kB of each operand, which stay in the first-level cache. */
const STEPS = 256;
const STRIPS = 200;

/** The shapes of tiles that the products use: rows by columns. */
const TILES = [
  [4, 8],
  [4, 12],
  [2, 16],
  [8, 4],
] as const;

/**
 * GFLOP/s of the bare register tile of the SIMD products on packed data in the first-level cache, on one thread: what
 * the generated code could reach if memory cost nothing. The best of the tile shapes, each the median of its runs.
 */
export function peakTileGflops(seconds = 0.25): number {
  openMemory();
  const operands = [STEPS * 8, STEPS * 16, 8 * 16].map((length) => allocateInMemory(length)?.fill(0.5));
  const addresses = operands.map((array) => {
    if (!array) throw new Error("peakTileGflops: expected room for three small arrays, got none.");
    return addressOf(array);
  });
  return Math.max(...TILES.map((tile) => gflops(tile, addresses, seconds)));
}

function gflops(
  [rows, columns]: readonly [number, number],
  [a, b, c]: readonly number[],
  seconds: number,
): number {
  const tile = stripKernel({
    rows,
    columns,
    rowA: 4,
    rowC: columns * 4,
    sum: nest({ count: 0, a: rows * 4, b: columns * 4 }),
    next: { a: 0, b: 0, c: 0 }, // the same tile again and again
    start: "zero",
    finish: "write",
  });
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    tile(a!, b!, c!, STEPS, STRIPS);
    times.push(performance.now() - start);
  } while (performance.now() < end);
  times.sort((x, y) => x - y);
  const milliseconds = times[Math.floor(times.length / 2)]!;
  return (2 * rows * columns * STEPS * STRIPS) / (milliseconds * 1e6);
}
