import type { Shape } from "../../tensor/shape.js";
import { Tensor } from "../../tensor/tensor.js";

/**
 * The tensor with its axes in another order: axis i of the result is axis `axes[i]` of x, as in NumPy's `transpose`.
 */
export function permute(x: Tensor, axes: readonly number[]): Tensor {
  const result = new Tensor(axes.map((axis) => x.shape[axis]!));
  const strides = x.shape.map((_, axis) => x.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const steps = axes.map((axis) => strides[axis]!); // in x, for one step along each axis of the result
  const place = axes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.size; to++) {
    result.data[to] = x.data[from]!;
    // the next place: one step along the last axis, with a carry into the one before where that is at its end
    for (let axis = place.length - 1; axis >= 0; axis--) {
      place[axis]!++;
      from += steps[axis]!;
      if (place[axis]! < result.shape[axis]!) break;
      from -= steps[axis]! * place[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}

/*
 * tinyconv has the channels last, [N, H, W, C], and ONNX has them first, [N, C, H, W]; so it is with any number of axes.
 */

/** The order of axes that takes a batch of samples with `rank` axes from channels last to channels first. */
export function channelsFirst(rank: number): number[] {
  return [0, rank, ...Array.from({ length: rank - 1 }, (_, i) => i + 1)];
}

/** The order of axes that takes a batch of samples with `rank` axes from channels first to channels last. */
export function channelsLast(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 1 }, (_, i) => i + 2), 1];
}

/** A kernel [KH, KW, C, F] as [F, C, KH, KW]. */
export function filtersFirst(kernel: Tensor): Tensor {
  return permute(kernel, [3, 2, 0, 1]);
}

/** A kernel [F, C, KH, KW] as [KH, KW, C, F]. */
export function filtersLast(kernel: Tensor): Tensor {
  return permute(kernel, [2, 3, 1, 0]);
}

/**
 * Rows [I, J], one for each element of a flattened sample [H, W, C], in the order in which the elements come when the
 * sample is flattened as [C, H, W].
 */
export function rowsToChannelsFirst(rows: Tensor, sampleShape: Shape): Tensor {
  return permuteRows(rows, sampleShape, channelsFirst(sampleShape.length));
}

/** The inverse: rows for the elements of [C, H, W], in the order of [H, W, C], which is `sampleShape`. */
export function rowsToChannelsLast(rows: Tensor, sampleShape: Shape): Tensor {
  const shapeInFile = [sampleShape.at(-1)!, ...sampleShape.slice(0, -1)];
  return permuteRows(rows, shapeInFile, channelsLast(sampleShape.length));
}

/** `batchAxes` counts the batch as axis 0, in the place of which the rows have their J numbers, at the end. */
function permuteRows(rows: Tensor, sampleShape: Shape, batchAxes: readonly number[]): Tensor {
  const J = rows.size / rows.shape[0]!;
  const axes = batchAxes.slice(1).map((axis) => axis - 1);
  return permute(rows.reshape([...sampleShape, J]), [...axes, sampleShape.length]).reshape(rows.shape);
}
