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

/** Turns the events of `fit` into `Progress`: adds the clock, and the length of it all. */
class Stopwatch {
  readonly #whole: Extent;
  readonly #now: () => number;
  #begin = 0; // of the running epoch, in milliseconds

  constructor(whole: Extent, now: () => number) {
    this.#whole = whole;
    this.#now = now;
  }

  start(): void {
    this.#begin = this.#now();
  }

  afterBatch({ epoch, images, loss, accuracy }: BatchEvent): Progress {
    const seconds = (this.#now() - this.#begin) / 1000;
    const speed = { seconds, imagesPerSecond: images / seconds };
    const { epochs, images: all } = this.#whole;
    return { epoch, epochs, done: images / all, loss, accuracy, ...speed };
  }

  /** The epoch's final figures; the next epoch begins now. */
  afterEpoch({ epoch, epochs, logs }: EpochEvent): Progress {
    this.start();
    return { epoch, epochs, done: 1, ...logs };
  }
}

/** Plain lines: one at the end of each epoch, and in a long epoch one every 20 seconds. */
export class LineDisplay implements ProgressDisplay {
  static readonly interval = 20;

  readonly #stopwatch: Stopwatch;
  readonly #write: (text: string) => void;
  #next = LineDisplay.interval; // seconds into the epoch at which a line is due

  constructor(whole: Extent, write: (text: string) => void, now = () => performance.now()) {
    this.#stopwatch = new Stopwatch(whole, now);
    this.#write = write;
  }

  onTrainBegin(): void {
    this.#stopwatch.start();
  }

  onBatchEnd(event: BatchEvent): void {
    const progress = this.#stopwatch.afterBatch(event);
    if (progress.seconds < this.#next || progress.done === 1) return;
    this.#write(`${formatPlainLine(progress)}\n`);
    this.#next = progress.seconds + LineDisplay.interval;
  }

  onEpochEnd(event: EpochEvent): void {
    this.#write(`${formatPlainLine(this.#stopwatch.afterEpoch(event))}\n`);
    this.#next = LineDisplay.interval;
  }

  stop(): void {}
}

/** A bar for each epoch, on a terminal. */
export class BarDisplay implements ProgressDisplay {
  readonly #stopwatch: Stopwatch;
  readonly #bar: cliProgress.SingleBar;
  #progress: Progress | undefined;

  constructor(
    whole: Extent,
    stream: NodeJS.WritableStream & { readonly columns?: number },
    now = () => performance.now(),
  ) {
    this.#stopwatch = new Stopwatch(whole, now);
    this.#bar = new cliProgress.SingleBar({
      stream,
      // a terminal may not know its width, and say 0; one column stays free, for a cursor behind the last one may
      // wrap the line
      format: () => (this.#progress ? formatBarLine(this.#progress, (stream.columns || 80) - 1) : ""),
      // our lines fit, so that no setting of the terminal has to be changed, and changed back
      linewrap: true,
    });
  }

  onTrainBegin(): void {
    this.#stopwatch.start();
  }

  onBatchEnd(event: BatchEvent): void {
    this.#progress = this.#stopwatch.afterBatch(event);
    if (event.batch === 1) this.#bar.start(1, 0);
    this.#bar.update(this.#progress.done);
  }

  onEpochEnd(event: EpochEvent): void {
    this.#progress = this.#stopwatch.afterEpoch(event);
    this.stop();
  }

  stop(): void {
    this.#bar.stop(); // draws the line once more, and ends it
  }
}
