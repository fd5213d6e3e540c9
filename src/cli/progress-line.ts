import { formatCount, formatDuration } from "../node/numbers.js";

/** How far training is. */
export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  /** The share of the epoch that is done, 0 to 1. */
  readonly done: number;
  /** Since the epoch began. */
  readonly seconds: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
}

const WIDEST_BAR = 30;

/**
 * Progress as a line of a terminal with so many columns, the bar taking what the figures leave:
 *
 * ```
 * Epoch 1/1  [========>......]  ETA 0:51  loss 0.3121  accuracy 0.9052  712 images/s
 * ```
 */
export function formatBarLine(progress: Progress, columns: number): string {
  const { name, time, figures } = formatParts(progress);
  const room = columns - `${name}  []  ${time}  ${figures}`.length;
  const width = Math.min(Math.max(room, 0), WIDEST_BAR);
  const filled = Math.round(progress.done * width);
  const head = filled > 0 && filled < width ? ">" : "=";
  const bar = filled > 0 ? "=".repeat(filled - 1) + head : "";
  return `${name}  [${bar.padEnd(width, ".")}]  ${time}  ${figures}`.slice(0, columns);
}

/**
 * Progress as a line of a file or a pipe:
 *
 * ```
 * Epoch 1/1   50%  ETA 0:51  loss 0.3121  accuracy 0.9052  712 images/s
 * ```
 */
export function formatPlainLine(progress: Progress): string {
  const { name, time, figures } = formatParts(progress);
  // rounded down: 100% is the end
  return `${name}  ${`${Math.floor(100 * progress.done)}%`.padStart(4)}  ${time}  ${figures}`;
}

function formatParts(progress: Progress): { name: string; time: string; figures: string } {
  const { epoch, epochs, done, seconds, loss, accuracy, imagesPerSecond } = progress;
  const left = (seconds / done) * (1 - done);
  return {
    name: `Epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    time: done < 1 ? `ETA ${formatDuration(left)}` : `in ${formatDuration(seconds)}`,
    figures: [
      `loss ${loss.toFixed(4)}`,
      `accuracy ${accuracy.toFixed(4)}`,
      `${formatCount(Math.round(imagesPerSecond))} images/s`,
    ].join("  "),
  };
}
