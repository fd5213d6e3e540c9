import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { avgPool, avgPoolGradient } from "../../../src/tensor/avg-pool.js";
import { maxPool, maxPoolGradient } from "../../../src/tensor/max-pool.js";
import { allocateInMemory, openMemory } from "../../../src/tensor/simd/memory.js";
import {
  simdAvgPool,
  simdAvgPoolGradient,
  simdMaxPool,
  simdMaxPoolGradient,
} from "../../../src/tensor/simd/pooling.js";
import { Tensor } from "../../../src/tensor/tensor.js";
import { slidingWindow, type Window } from "../../../src/tensor/window.js";
import { wholeTensor } from "../../helpers/random-tensor.js";
import { expectSameBits } from "../../helpers/simd.js";
import { type Fill, wildFills } from "../../helpers/wild-tensor.js";
import { windowCases } from "../../helpers/windows.js";

vi.mock("../../../src/tensor/simd/pooling.js", { spy: true });

type Dispatch = (...args: never[]) => boolean;

/** Images [N, H, W, C] under a window. */
interface Case {
  readonly window: Window;
  readonly N: number;
  readonly fill: Fill;
}

/** Wild numbers, or few different whole ones, so that there are ties. */
const fills = fc.oneof(
  wildFills(),
  fc.nat(1e6).map(
    (seed): Fill =>
      (shape, salt = 0) =>
        wholeTensor(shape, seed + salt),
  ),
);

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });

/** Windows inside the image that do not overlap, some of which leave pixels out: the kernels are for these. */
const apart: fc.Arbitrary<Case> = fc
  .record({
    N: upTo(3),
    C: fc.oneof(upTo(9), upTo(70)), // a kernel takes 32 channels at a time
    pool: fc.tuple(upTo(4), upTo(4)),
    places: fc.tuple(upTo(4), upTo(4)),
    gap: fc.tuple(upTo(2, 0), upTo(2, 0)),
    rest: fc.tuple(upTo(3, 0), upTo(3, 0)),
    fill: fills,
  })
  .map(({ N, C, pool, places, gap, rest, fill }) => {
    const strides = [pool[0] + gap[0], pool[1] + gap[1]] as const;
    const along = (axis: 0 | 1): number => (places[axis] - 1) * strides[axis] + pool[axis] + rest[axis];
    const image = [along(0), along(1), C];
    return { N, fill, window: slidingWindow("test", image, { kernelSize: pool, strides, padding: "valid" }) };
  });

/** Windows of any kind, most of which overlap or lie over the edge: the plain code computes with these. */
const anyWindow: fc.Arbitrary<Case> = fc
  .tuple(windowCases({ maxDilation: 1 }), fills)
  .map(([{ shape, window }, fill]) => ({
    N: shape[0],
    fill,
    window: slidingWindow("test", shape.slice(1), window),
  }));

const imagesOf = ({ N, window: { H, W, C } }: Case) => [N, H, W, C];
const outputsOf = ({ N, window: { OH, OW, C } }: Case) => [N, OH, OW, C];

function expectSameMaxPool(given: Case, dispatch?: Dispatch): void {
  const { window, fill } = given;
  expectSameBits((place) => {
    const out = place(fill(outputsOf(given), 1));
    maxPool(place(fill(imagesOf(given))), window, { out, winners: place(new Tensor(outputsOf(given))) });
  }, dispatch);
}

function expectSameMaxPoolGradient(given: Case, dispatch?: Dispatch): void {
  const { window, fill } = given;
  const winners = new Tensor(outputsOf(given));
  maxPool(fill(imagesOf(given)), window, { out: new Tensor(outputsOf(given)), winners });
  expectSameBits((place) => {
    const out = place(fill(imagesOf(given), 2));
    maxPoolGradient(place(fill(outputsOf(given), 1)), window, { out, winners: place(winners) });
  }, dispatch);
}

function expectSameAvgPool(given: Case, dispatch?: Dispatch): void {
  const { window, fill } = given;
  expectSameBits((place) => {
    avgPool(place(fill(imagesOf(given))), window, { out: place(fill(outputsOf(given), 1)) });
  }, dispatch);
}

function expectSameAvgPoolGradient(given: Case, dispatch?: Dispatch): void {
  const { window, fill } = given;
  expectSameBits((place) => {
    avgPoolGradient(place(fill(outputsOf(given))), window, { out: place(fill(imagesOf(given), 1)) });
  }, dispatch);
}

const operations = [
  { name: "maxPool", expectSame: expectSameMaxPool, dispatch: simdMaxPool },
  { name: "maxPoolGradient", expectSame: expectSameMaxPoolGradient, dispatch: simdMaxPoolGradient },
  { name: "avgPool", expectSame: expectSameAvgPool, dispatch: simdAvgPool },
  { name: "avgPoolGradient", expectSame: expectSameAvgPoolGradient, dispatch: simdAvgPoolGradient },
];

test.each(operations)(
  "$name gives the plain code's bits where windows lie apart",
  ({ expectSame, dispatch }) => {
    fc.assert(
      fc.property(apart, (given) => expectSame(given, dispatch)),
      { numRuns: 100 },
    );
  },
);

test.each(operations)("$name is right in the memory under every other window too", ({ expectSame }) => {
  fc.assert(
    fc.property(anyWindow, (given) => expectSame(given)),
    { numRuns: 100 },
  );
});

test.each([
  { why: "overlap", image: [5, 5, 2], options: { kernelSize: 3, strides: 2, padding: "valid" } },
  { why: "lie over the edge", image: [3, 3, 2], options: { kernelSize: 2, strides: 2, padding: "same" } },
  {
    why: "have more than 32 taps",
    image: [6, 6, 2],
    options: { kernelSize: 6, strides: 6, padding: "valid" },
  },
] as const)("windows that $why are left to the plain code", ({ image, options }) => {
  openMemory();
  const window = slidingWindow("test", image, options);
  const x = new Tensor([1, ...image], allocateInMemory(image[0] * image[1] * image[2]));
  const shape = [1, window.OH, window.OW, window.C];
  const size = window.OH * window.OW * window.C;
  const y = new Tensor(shape, allocateInMemory(size));
  const winners = new Tensor(shape, allocateInMemory(size));
  maxPool(x, window, { out: y, winners });
  maxPoolGradient(y, window, { out: x, winners });
  avgPool(x, window, { out: y });
  avgPoolGradient(y, window, { out: x });
  for (const { dispatch } of operations) expect(dispatch).toHaveLastReturnedWith(false);
});
