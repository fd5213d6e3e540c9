import cliProgress from "cli-progress";
import type { BatchEvent, Callback, EpochEvent } from "../model/callback.js";
import { formatBarLine, formatPlainLine, type Progress } from "./progress-line.js";

/** Watches training and shows how far it is. */
export interface ProgressDisplay extends Callback {
  /** Leaves the cursor on a fresh line; to be called however training ends. */
  stop(): void;
}

/** The whole of a training. */
export interface Extent {
  readonly epochs: number;
  /** Images in an epoch. */
  readonly images: number;
}

/** How far the epoch is after a batch. */
function afterBatch({ epoch, images, loss, accuracy, seconds }: BatchEvent, whole: Extent): Progress {
  const imagesPerSecond = images / seconds;
  return {
    epoch,
    epochs: whole.epochs,
    done: images / whole.images,
    loss,
    accuracy,
    seconds,
    imagesPerSecond,
  };
}

/** The epoch's final figures. */
function afterEpoch({ epoch, epochs, logs }: EpochEvent): Progress {
  return { epoch, epochs, done: 1, ...logs };
}

/** The figures on the validation images, on a line of their own; nothing where there are none. */
function formatValidation({ logs: { val_loss, val_accuracy } }: EpochEvent): string {
  if (val_loss === undefined || val_accuracy === undefined) return "";
  return `  on the validation images  loss ${val_loss.toFixed(4)}  accuracy ${val_accuracy.toFixed(4)}\n`;
}

/** Plain lines: one at the end of each epoch, and in a long epoch one every 20 seconds. */
export class LineDisplay implements ProgressDisplay {
  static readonly interval = 20;

  readonly #whole: Extent;
  readonly #write: (text: string) => void;
  #next = LineDisplay.interval; // seconds into the epoch at which a line is due

  constructor(whole: Extent, write: (text: string) => void) {
    this.#whole = whole;
    this.#write = write;
  }

  onBatchEnd(event: BatchEvent): void {
    const progress = afterBatch(event, this.#whole);
    if (progress.seconds < this.#next || progress.done === 1) return;
    this.#write(`${formatPlainLine(progress)}\n`);
    this.#next = progress.seconds + LineDisplay.interval;
  }

  onEpochEnd(event: EpochEvent): void {
    this.#write(`${formatPlainLine(afterEpoch(event))}\n${formatValidation(event)}`);
    this.#next = LineDisplay.interval;
  }

  stop(): void {}
}

/** A bar for each epoch, on a terminal. */
export class BarDisplay implements ProgressDisplay {
  readonly #whole: Extent;
  readonly #stream: NodeJS.WritableStream;
  readonly #bar: cliProgress.SingleBar;
  #progress: Progress | undefined;

  constructor(whole: Extent, stream: NodeJS.WritableStream & { readonly columns?: number }) {
    this.#whole = whole;
    this.#stream = stream;
    this.#bar = new cliProgress.SingleBar({
      stream,
      // a terminal may not know its width, and say 0; one column stays free, for a cursor behind the last one may
      // wrap the line
      format: () => (this.#progress ? formatBarLine(this.#progress, (stream.columns || 80) - 1) : ""),
      // our lines fit, so that no setting of the terminal has to be changed, and changed back
      linewrap: true,
    });
  }

  onBatchEnd(event: BatchEvent): void {
    this.#progress = afterBatch(event, this.#whole);
    // not where batch is 1: a training that is resumed begins in the middle of an epoch
    if (!this.#bar.isActive) this.#bar.start(1, 0);
    this.#bar.update(this.#progress.done);
  }

  onEpochEnd(event: EpochEvent): void {
    this.#progress = afterEpoch(event);
    this.stop();
    this.#stream.write(formatValidation(event));
  }

  stop(): void {
    this.#bar.stop(); // draws the line once more, and ends it
  }
}
