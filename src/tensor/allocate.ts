import { formatShape, type Shape, sizeOf } from "./shape.js";

/**
 * Zeros for a tensor of that shape.
 *
 * @throws RangeError `Tensor: expected a shape that fits into memory, got [100000, 1000000] (400 GB).`
 */
export function allocate(where: string, shape: Shape, remedy = ""): Float32Array {
  const size = sizeOf(shape);
  try {
    return new Float32Array(size);
  } catch (cause) {
    // the engine's own message tells neither the shape nor what to do
    const gigabytes = Number(((size * Float32Array.BYTES_PER_ELEMENT) / 1e9).toPrecision(2));
    const hint = remedy && ` ${remedy}`;
    throw new RangeError(
      `${where}: expected a shape that fits into memory, got ${formatShape(shape)} (${gigabytes} GB).${hint}`,
      { cause },
    );
  }
}
