import type { Sequential } from "tinyconv";

/** What has numbers to compare, such as a tensor. */
interface Numbers {
  readonly data: Float32Array;
}

/** Where two arrays differ in a bit first: −1 if they do not. */
export function firstDifference(a: Float32Array, b: Float32Array): number {
  const bits = (array: Float32Array) => new Uint32Array(array.buffer, array.byteOffset, array.length);
  if (a.length !== b.length) return Math.min(a.length, b.length);
  const [x, y] = [bits(a), bits(b)];
  return x.findIndex((word, i) => word !== y[i]);
}

/** @throws Error that says where, if two lists of tensors differ in a bit. */
export function expectSameBits(what: string, got: readonly Numbers[], wanted: readonly Numbers[]): void {
  if (got.length !== wanted.length) {
    throw new Error(`${what}: expected ${wanted.length} tensors, got ${got.length}.`);
  }
  for (const [i, tensor] of wanted.entries()) {
    const at = firstDifference(got[i]!.data, tensor.data);
    if (at === -1) continue;
    throw new Error(`${what}: expected ${tensor.data[at]} at ${at} of tensor ${i}, got ${got[i]!.data[at]}.`);
  }
}

/** @throws Error if two models differ in a bit of a weight. */
export function expectSameWeights(what: string, got: Sequential, wanted: Sequential): void {
  expectSameBits(what, got.getWeights(), wanted.getWeights());
}
