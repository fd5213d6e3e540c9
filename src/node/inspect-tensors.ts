import { createHash } from "node:crypto";
import { type Shape, sizeOf } from "../tensor/shape.js";

/** A tensor in a file. */
export interface TensorInfo {
  readonly name: string;
  /** As the file calls it: `F32` in safetensors, `FLOAT` in ONNX. */
  readonly type: string;
  readonly shape: Shape;
  readonly elements: number;
  /** Of its bytes; undefined if they are not in the file. */
  readonly sha256: string | undefined;
  /** How many of its numbers are NaN or infinite; of float32 only. */
  readonly notFinite: number;
}

/** What is to be told of a tensor, without its numbers. */
export function describeTensor({
  name,
  type,
  shape,
  data,
}: {
  readonly name: string;
  readonly type: string;
  readonly shape: Shape;
  readonly data: Uint8Array | undefined;
}): TensorInfo {
  const isFloat = type === "F32" || type === "FLOAT";
  return {
    name,
    type,
    shape,
    elements: sizeOf(shape),
    sha256: data && sha256([data]),
    notFinite: data && isFloat ? countNotFinite(data) : 0,
  };
}

/** The SHA-256 of bytes, in hexadecimal. Several pieces count as one behind the other. */
export function sha256(pieces: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

function countNotFinite(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let count = 0;
  for (let i = 0; i + 4 <= data.length; i += 4) if (!Number.isFinite(view.getFloat32(i, true))) count++;
  return count;
}
