/** The bytes of an IDX file: the magic number and the lengths as big-endian 32-bit numbers, then the elements. */
export function idxBytes(magic: number, lengths: readonly number[], elements: ArrayLike<number>): Uint8Array {
  const headerBytes = 4 + 4 * lengths.length;
  const bytes = new Uint8Array(headerBytes + elements.length);
  const view = new DataView(bytes.buffer);
  for (const [i, number] of [magic, ...lengths].entries()) view.setUint32(4 * i, number);
  bytes.set(elements, headerBytes);
  return bytes;
}

/** An IDX images file of n images of height x width, with the given pixels (0, 1, 2, ... where none are given). */
export function idxImages(n: number, height: number, width: number, pixels?: ArrayLike<number>): Uint8Array {
  const elements = pixels ?? Uint8Array.from({ length: n * height * width }, (_, i) => i);
  return idxBytes(2051, [n, height, width], elements);
}

/** An IDX labels file. */
export function idxLabels(labels: ArrayLike<number>): Uint8Array {
  return idxBytes(2049, [labels.length], labels);
}
