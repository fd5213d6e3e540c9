import type { Sequential } from "../model/sequential.js";

/** Float32 numbers as bytes, little-endian; each keeps its bits, also where it is NaN. */
export function floatBytes(data: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * data.length);
  writeFloats(new DataView(bytes.buffer), 0, data);
  return bytes;
}

/** Writes float32 numbers at a position, little-endian; each keeps its bits, also where it is NaN. */
export function writeFloats(view: DataView, position: number, data: Float32Array): void {
  // moved as integers, since a float that is NaN may lose bits on its way
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < words.length; i++) view.setUint32(position + 4 * i, words[i]!, true);
}

/**
 * All weights of a model as bytes: float32, little-endian, one tensor after the other in the order of `model.weights`. The
 * same bytes are the data of the file that `saveModel` makes, behind its header; so their SHA-256 tells whether two models
 * have the same weights, whatever else is in their files.
 */
export function weightBytes({ weights }: Pick<Sequential, "weights">): Uint8Array {
  const bytes = new Uint8Array(weights.reduce((sum, { value }) => sum + 4 * value.size, 0));
  const view = new DataView(bytes.buffer);
  let position = 0;
  for (const { value } of weights) {
    writeFloats(view, position, value.data);
    position += 4 * value.size;
  }
  return bytes;
}
