import type { Box } from "./plane.js";

/** Pixels that hang together. */
export interface Component {
  /** How many they are. */
  readonly area: number;
  readonly box: Box;
}

/** The components of a picture, and the number of its component for each pixel, -1 for none. */
export interface Components {
  readonly components: readonly Component[];
  readonly labels: Int32Array;
}

/**
 * Finds the components of the pixels that are not 0 in a picture `width` pixels wide. Pixels that touch at a corner hang
 * together. The components are in the order of their first pixels, row by row.
 */
export function findComponents(mask: Uint8Array, width: number): Components {
  const height = mask.length / width;
  const labels = new Int32Array(mask.length).fill(-1);
  const components: Component[] = [];
  const waiting: number[] = []; // pixels with a label, whose neighbours have not been looked at
  const take = (i: number): void => {
    if (mask[i] === 0 || labels[i] !== -1) return;
    labels[i] = components.length;
    waiting.push(i);
  };
  for (let first = 0; first < mask.length; first++) {
    take(first);
    let area = 0;
    let [left, right, top, bottom] = [width, -1, height, -1];
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
      const x = i % width;
      const y = (i - x) / width;
      area++;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) take(v * width + u);
      }
    }
    if (area > 0) {
      components.push({
        area,
        box: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 },
      });
    }
  }
  return { components, labels };
}
