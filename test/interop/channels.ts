import { Tensor } from "../../src/index.js";

/*
 * The order of the axes, by the plainest loops: the tests shall not use what they test.
 */

/** A batch [N, ..., C] as [N, C, ...]. */
export function toChannelsFirst(x: Tensor): Tensor {
  const [N, ...sample] = x.shape;
  const C = sample.pop()!;
  return new Tensor([N!, C, ...sample], swap(x.data, N!, x.size / (N! * C), C));
}

/** A batch [N, C, ...] as [N, ..., C]. */
export function toChannelsLast(x: Tensor): Tensor {
  const [N, C, ...rest] = x.shape;
  return new Tensor([N!, ...rest, C!], swap(x.data, N!, C!, x.size / (N! * C!)));
}

/** [N, A, B] as [N, B, A]. */
function swap(data: Float32Array, N: number, A: number, B: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let n = 0; n < N; n++) {
    for (let a = 0; a < A; a++) {
      for (let b = 0; b < B; b++) result[(n * B + b) * A + a] = data[(n * A + a) * B + b]!;
    }
  }
  return result;
}
