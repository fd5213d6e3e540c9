/** A picture of 28 x 28 with each pixel made a square of `factor` x `factor`. */
export function enlarged(digit: Uint8Array, factor: number): Uint8Array {
  const side = 28 * factor;
  return Uint8Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return digit[28 * Math.floor(y / factor) + Math.floor(x / factor)]!;
  });
}
