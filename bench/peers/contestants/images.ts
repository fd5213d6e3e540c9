import { randomDigits } from "../../digits.js";

/** A batch of random digits, as floats 0 to 255 [N, 28, 28, 1], and their labels. */
export function randomBatch(count: number): { readonly pixels: Float32Array; readonly labels: Uint8Array } {
  const { images, labels } = randomDigits(count);
  return { pixels: Float32Array.from(images.data), labels };
}
