import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { im2col } from "../../../src/tensor/im2col.js";
import { matmul } from "../../../src/tensor/matmul.js";
import { allocateInMemory, openMemory } from "../../../src/tensor/simd/memory.js";
import { simdIntoPatches, simdKernelGradient, simdPatches } from "../../../src/tensor/simd/patches.js";
import { Tensor } from "../../../src/tensor/tensor.js";
import { slidingWindow, type Window, type WindowOptions } from "../../../src/tensor/window.js";
import { expectSameBits } from "../../helpers/simd.js";
import { type Fill, wildFills } from "../../helpers/wild-tensor.js";

vi.mock("../../../src/tensor/simd/patches.js", { spy: true });

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
const pairUpTo = (max: number) => fc.tuple(upTo(max), upTo(max));

/** Images [N, H, W, C] under a window, and F filters. */
interface Case {
  readonly window: Window;
  readonly N: number;
  readonly F: number;
  readonly fill: Fill;
  readonly accumulate: boolean;
}

// a few channels up to a vector, or more; padding may be asymmetric, and larger than the kernel
const cases: fc.Arbitrary<Case> = fc
  .record({
    N: upTo(3),
    C: fc.oneof(upTo(5), upTo(26)),
    F: fc.oneof(upTo(9), upTo(50)),
    size: pairUpTo(9),
    kernelSize: pairUpTo(4),
    strides: pairUpTo(3),
    dilationRate: pairUpTo(3),
    padding: fc.oneof(
      fc.constantFrom("valid" as const, "same" as const),
      fc.tuple(fc.tuple(upTo(5, 0), upTo(5, 0)), fc.tuple(upTo(5, 0), upTo(5, 0))),
    ),
    fill: wildFills(),
    accumulate: fc.boolean(),
  })
  .map(({ size, C, kernelSize, strides, dilationRate, padding, ...given }) => ({
    ...given,
    window: windowOf([...size, C], { kernelSize, strides, dilationRate, padding }),
  }))
  .filter((given): given is Case => given.window !== undefined);

/** Undefined where the kernel is larger than the padded image. */
function windowOf(image: readonly number[], options: WindowOptions): Window | undefined {
  try {
    return slidingWindow("test", image, options);
  } catch {
    return undefined;
  }
}

const imagesOf = ({ window: { H, W, C }, N }: Case) => [N, H, W, C];
const outputsOf = ({ window: { OH, OW }, N, F }: Case) => [N, OH, OW, F];
const tapsOf = ({ window: { KH, KW, C } }: Case): number => KH * KW * C;

/** The forward pass: y = im2col(x)·W. */
function expectSameForward(given: Case): void {
  const { window, F, fill, accumulate } = given;
  expectSameBits((place) => {
    const out = place(fill(outputsOf(given), 2));
    matmul(im2col(place(fill(imagesOf(given))), window), place(fill([tapsOf(given), F], 1)), {
      out,
      accumulate,
    });
  }, simdPatches);
}

/** The kernel's gradient: dW = im2col(x)ᵀ·dy. */
function expectSameKernelGradient(given: Case): void {
  const { window, F, fill, accumulate } = given;
  expectSameBits((place) => {
    const out = place(fill([tapsOf(given), F], 2));
    const x = im2col(place(fill(imagesOf(given))), window);
    matmul(x, place(fill(outputsOf(given), 1)), { transposeA: true, out, accumulate });
  }, simdKernelGradient);
}

/** The gradient of the images: dx = col2im(dy·Wᵀ), or with a kernel that is transposed already. */
function expectSameImageGradient(given: Case, transposeB: boolean): void {
  const { window, F, fill, accumulate } = given;
  const kernel = transposeB ? [tapsOf(given), F] : [F, tapsOf(given)];
  expectSameBits((place) => {
    const out = im2col(place(fill(imagesOf(given), 2)), window);
    matmul(place(fill(outputsOf(given))), place(fill(kernel, 1)), { transposeB, out, accumulate });
  }, simdIntoPatches);
}

test("a product with patches gives the plain code's bits", () => {
  fc.assert(fc.property(cases, expectSameForward), { numRuns: 150 });
});

test("a product with patches transposed gives the plain code's bits", () => {
  fc.assert(fc.property(cases, expectSameKernelGradient), { numRuns: 150 });
});

test("a product into patches gives the plain code's bits", () => {
  fc.assert(fc.property(cases, fc.boolean(), expectSameImageGradient), { numRuns: 150 });
});

// the convolutions of the networks, and the widest patches that a segment of the kernel's gradient is cut from
test.each([
  { size: [12, 12], C: 1, F: 20, k: 3, padding: "valid" },
  { size: [10, 10], C: 20, F: 20, k: 3, padding: "valid" },
  { size: [9, 9], C: 8, F: 16, k: 5, padding: "same" },
  { size: [7, 7], C: 32, F: 48, k: 3, padding: "valid" },
  { size: [4, 30], C: 7, F: 13, k: 4, padding: "same" },
] as const)(
  "a convolution of $size with $C channels, $F filters of $k x $k",
  ({ size, C, F, k, padding }) => {
    const window = slidingWindow("test", [...size, C], { kernelSize: k, strides: 1, padding });
    for (const fill of fc.sample(wildFills(), { seed: 3, numRuns: 4 })) {
      for (const accumulate of [false, true]) {
        const given = { window, N: 2, F, fill, accumulate };
        expectSameForward(given);
        expectSameKernelGradient(given);
        expectSameImageGradient(given, true);
      }
    }
  },
);

test("no images give no outputs, and a gradient of zeros", () => {
  const window = slidingWindow("test", [3, 3, 2], { kernelSize: 2, strides: 1, padding: "valid" });
  for (const accumulate of [false, true]) {
    const none = {
      window,
      N: 0,
      F: 3,
      accumulate,
      fill: fc.sample(wildFills(), { seed: 4, numRuns: 1 })[0]!,
    };
    expectSameBits((place) => {
      const x = im2col(place(new Tensor(imagesOf(none))), window);
      const dy = place(new Tensor(outputsOf(none)));
      const kernel = place(none.fill([8, 3]));
      matmul(x, kernel, { out: dy });
      matmul(x, dy, { transposeA: true, out: kernel, accumulate });
      matmul(dy, kernel, { transposeB: true, out: x, accumulate });
    });
  }
});

test("an operand on the heap is left to the plain code, whichever it is", () => {
  openMemory();
  const window = slidingWindow("test", [2, 2, 1], { kernelSize: 2, strides: 1, padding: "valid" });
  for (const outside of [0, 1, 2]) {
    const tensor = (k: number, shape: readonly number[], size: number): Tensor =>
      new Tensor(shape, (k === outside ? new Float32Array(size) : allocateInMemory(size)!).fill(k + 1));
    const x = im2col(tensor(0, [1, 2, 2, 1], 4), window);
    const kernel = tensor(1, [4, 1], 4);
    const y = tensor(2, [1, 1, 1, 1], 1);
    matmul(x, kernel, { out: y });
    expect(simdPatches).toHaveLastReturnedWith(false);
    expect([...y.data]).toEqual([8]); // four taps of 1·2
    matmul(x, y, { transposeA: true, out: kernel });
    expect(simdKernelGradient).toHaveLastReturnedWith(false);
    expect([...kernel.data]).toEqual([8, 8, 8, 8]);
    matmul(y, kernel, { transposeB: true, out: x });
    expect(simdIntoPatches).toHaveLastReturnedWith(false);
    expect([...x.images.data]).toEqual([64, 64, 64, 64]);
  }
});
