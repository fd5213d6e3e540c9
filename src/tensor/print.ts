import { formatShape, type Shape } from "./shape.js";

// an axis longer than this is cut: its first and last EDGE entries are shown
const LONGEST = 10;
const EDGE = 3;

// numbers of this size and more, or below the other, are shown with a power of ten
const LARGE = 1e5;
const SMALL = 1e-3;

/**
 * A tensor as text: its shape, then its elements in nested brackets, columns aligned.
 *
 * ```
 * Tensor [2, 3]
 * [[1, 2, 3],
 *  [4, 5, 6]]
 * ```
 */
export function printTensor(shape: Shape, data: Float32Array): string {
  const integers = data.every((value) => Number.isInteger(value) && Math.abs(value) < LARGE);
  let width = 0;
  const cell = (value: number): string => {
    const text = integers ? String(value) : formatNumber(value);
    width = Math.max(width, text.length);
    return text.padStart(width);
  };

  const render = (axis: number, offset: number, size: number): string => {
    if (axis === shape.length) return cell(data[offset]!);
    const length = shape[axis]!;
    const step = size / length;
    const shown =
      length <= LONGEST
        ? Array.from({ length }, (_, i) => i)
        : [...Array(EDGE).keys(), -1, ...Array.from({ length: EDGE }, (_, i) => length - EDGE + i)];
    const parts = shown.map((i) => (i === -1 ? "..." : render(axis + 1, offset + i * step, step)));
    // rows go one below the other, blocks of rows with a blank line between them
    const isRow = axis === shape.length - 1;
    const separator = isRow ? ", " : `,${"\n".repeat(shape.length - 1 - axis)}${" ".repeat(axis + 1)}`;
    return `[${parts.join(separator)}]`;
  };
  // the first time finds the widest of the numbers that are shown, the second pads all to its width
  render(0, 0, data.length);
  return `Tensor ${formatShape(shape)}\n${render(0, 0, data.length)}`;
}

function formatNumber(value: number): string {
  const magnitude = Math.abs(value);
  const plain = value === 0 || !Number.isFinite(value) || (magnitude >= SMALL && magnitude < LARGE);
  return plain ? value.toFixed(4) : value.toExponential(3);
}
