import { Adam, type BatchSource } from "tinyconv";
import { type Marked, markedImages, part } from "./images.js";
import { LOADED } from "./networks.js";

export interface MillionOptions {
  /** Images [8, 8, 1]. */
  readonly images: number;
  readonly batchSize: number;
  readonly threads: number;
  /** As one dataset, of which the last tenth validates, or from a function that makes batches as they are asked for. */
  readonly from: "dataset" | "function";
}

export interface MillionFigures {
  /** Bytes of the images and their labels. */
  readonly data: number;
  /** The most that the process ever had, less what it had with the data, before the first model was built; in bytes. */
  readonly more: number;
  /** Training steps. */
  readonly steps: number;
  /** Of validation, or of an evaluation, and of what `predict` says. */
  readonly accuracies: readonly number[];
  readonly seconds: number;
}

const SHAPE = [8, 8, 1];
const PIECE = 10_000;

/** Trains a small network for an epoch on very many images, evaluates it, lets it predict, and measures the memory. */
export async function trainOnMillion(options: MillionOptions): Promise<MillionFigures> {
  return options.from === "dataset" ? fromDataset(options) : fromFunction(options);
}

async function fromDataset({ images: n, batchSize, threads }: MillionOptions): Promise<MillionFigures> {
  const data = markedImages(n, SHAPE, 1);
  const before = process.memoryUsage.rss();
  const begin = performance.now();
  const model = LOADED.small(1);
  const history = await model.fit(data, {
    batchSize,
    threads,
    optimizer: new Adam(),
    validationSplit: 0.1,
  });
  const { accuracy } = await model.evaluate(data, { threads });
  const predictions = model.predict(data.images, { threads });
  const right = data.labels.reduce((sum, label, i) => {
    const row = predictions.data.subarray(10 * i, 10 * i + 10);
    return sum + (row.every((value) => value <= row[label]!) ? 1 : 0);
  }, 0);
  return {
    data: data.images.data.byteLength + data.labels.byteLength,
    more: mostEver() - before,
    steps: model.steps,
    accuracies: [history.val_accuracy[0]!, accuracy, right / n],
    seconds: (performance.now() - begin) / 1000,
  };
}

async function fromFunction({ images: n, batchSize, threads }: MillionOptions): Promise<MillionFigures> {
  const before = process.memoryUsage.rss();
  const begin = performance.now();
  const model = LOADED.small(1);
  const train: BatchSource = () => batches(n, batchSize, 1);
  const test: BatchSource = () => batches(Math.round(n / 10), batchSize, 2);
  const history = await model.fit(train, {
    threads,
    optimizer: new Adam(),
    validationData: test,
  });
  const { accuracy } = await model.evaluate(test, { threads });
  return {
    data: 0,
    more: mostEver() - before,
    steps: model.steps,
    accuracies: [history.val_accuracy[0]!, accuracy],
    seconds: (performance.now() - begin) / 1000,
  };
}

/** Batches of n images, which are made piece by piece and kept nowhere. */
function* batches(n: number, batchSize: number, seed: number): Iterable<Marked> {
  for (let first = 0, piece = 0; first < n; first += PIECE, piece++) {
    const count = Math.min(PIECE, n - first);
    const data = markedImages(count, SHAPE, 1000 * seed + piece);
    for (let start = 0; start < count; start += batchSize) {
      yield part(data, start, Math.min(start + batchSize, count));
    }
  }
}

/** The most bytes that this process ever had in memory, as the system counts them. */
function mostEver(): number {
  return 1024 * process.resourceUsage().maxRSS;
}
