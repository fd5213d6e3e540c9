import { Tensor } from "../../tensor/tensor.js";
import type { NodeQueue } from "./node-queue.js";

/**
 * The bias that the next node adds to each channel, in a result of `rank` axes: some exporters write it behind the
 * convolution or product in place of into it. The node is taken then.
 */
export function takeBias(rest: NodeQueue, channels: number, rank: 2 | 4): Tensor | undefined {
  const node = rest.peek();
  if (node?.opType !== "Add") return undefined;
  const bias = perChannel(node.floats(node.constantInput), channels, rank);
  if (bias) rest.take();
  return bias;
}

/**
 * A number for each channel out of constants that are broadcast over [N, C] or [N, C, H, W]; undefined if they differ
 * along another axis.
 *
 * Shapes: constants [C], [1, C], [1] or [] for rank 2, [C, 1, 1], [1, C, 1, 1], [1] or [] for rank 4 · result [C].
 */
export function perChannel({ shape, data }: Tensor, channels: number, rank: 2 | 4): Tensor | undefined {
  const channelAxis = shape.length - (rank - 1); // axes are matched from the last one on
  const fits = shape.every((length, axis) => length === 1 || (axis === channelAxis && length === channels));
  if (!fits || shape.length > rank) return undefined;
  return new Tensor([channels], data.length === 1 ? new Float32Array(channels).fill(data[0]!) : data);
}
