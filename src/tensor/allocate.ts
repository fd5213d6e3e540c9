import { formatShape, type Shape, sizeOf } from "./shape.js";

/**
 * Zeros for a tensor of that shape.
 *
 * @throws RangeError `Tensor: expected a shape that fits into memory, got [100000, 1000000] (400 GB).`
 */
export function allocate(where: string, shape: Shape, remedy = ""): Float32Array {
  return allocateArray(Float32Array, where, shape, remedy);
}

/** Bytes for pixels of that shape; throws as `allocate`. */
export function allocateBytes(where: string, shape: Shape, remedy = ""): Uint8Array {
  return allocateArray(Uint8Array, where, shape, remedy);
}

/** A copy of an array, to keep what is in it; throws as `allocate`. */
export function copyArray(where: string, data: Float32Array): Float32Array {
  const copy = allocate(where, [data.length]);
  copy.set(data);
  return copy;
}

/** Zeros of another type than float32; throws as `allocate`. */
export function allocateArray<Data>(
  Type: { new (size: number): Data; readonly BYTES_PER_ELEMENT: number },
  where: string,
  shape: Shape,
  remedy = "",
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
