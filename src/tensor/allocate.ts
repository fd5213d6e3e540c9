import { formatShape, type Shape, sizeOf } from "./shape.js";

/**
 * Zeros for a tensor of that shape.
 *
 * @throws RangeError `Tensor: expected a shape that fits into memory, got [100000, 1000000] (400 GB).`
 */
export function allocate(where: string, shape: Shape, remedy = ""): Float32Array {
  return make(Float32Array, where, shape, remedy);
}

/** Bytes for pixels of that shape; throws as `allocate`. */
export function allocateBytes(where: string, shape: Shape, remedy = ""): Uint8Array {
  return make(Uint8Array, where, shape, remedy);
}

function make<Data>(
  Type: { new (size: number): Data; readonly BYTES_PER_ELEMENT: number },
  where: string,
  shape: Shape,
  remedy: string,
): Data {
  const size = sizeOf(shape);
  try {
    return new Type(size);
  } catch (cause) {
    // the engine's own message tells neither the shape nor what to do
    const gigabytes = Number(((size * Type.BYTES_PER_ELEMENT) / 1e9).toPrecision(2));
    const hint = remedy && ` ${remedy}`;
    throw new RangeError(
      `${where}: expected a shape that fits into memory, got ${formatShape(shape)} (${gigabytes} GB).${hint}`,
      { cause },
    );
  }
}
