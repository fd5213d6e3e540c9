/** What is known of an epoch at its end. Losses and accuracies are means over its images. */
export interface EpochLogs {
  /** Mean training loss, while the weights were changing. */
  readonly loss: number;
  /** Share of the training images classified right, while the weights were changing. */
  readonly accuracy: number;
  /** Loss on the validation data at the end of the epoch. */
  readonly val_loss?: number;
  /** Accuracy on the validation data at the end of the epoch. */
  readonly val_accuracy?: number;
  /** The learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** Duration of the training steps, in seconds; validation is not counted. */
  readonly seconds: number;
  /** Training images a second. */
  readonly imagesPerSecond: number;
}

/** The course of a `fit`: a list for each figure, one entry an epoch. Plain data, ready for JSON. */
export interface History {
  readonly loss: number[];
  readonly accuracy: number[];
  /** Empty where there were no validation data, as is `val_accuracy`. */
  readonly val_loss: number[];
  readonly val_accuracy: number[];
  readonly learningRate: number[];
  readonly seconds: number[];
  readonly imagesPerSecond: number[];
}

/** The names of the figures. */
export const FIGURES = [
  "loss",
  "accuracy",
  "val_loss",
  "val_accuracy",
  "learningRate",
  "seconds",
  "imagesPerSecond",
] as const satisfies readonly (keyof History)[];

/** A history of lists that `listOf` gives for each figure. */
export function createHistory(listOf: (figure: keyof History) => number[]): History {
  const lists = FIGURES.map((figure) => [figure, listOf(figure)]);
  return Object.fromEntries(lists) as Record<keyof History, number[]>;
}

/** A history without epochs. */
export function emptyHistory(): History {
  return createHistory(() => []);
}

/** Appends an epoch. */
export function appendEpoch(history: History, logs: EpochLogs): void {
  history.loss.push(logs.loss);
  history.accuracy.push(logs.accuracy);
  if (logs.val_loss !== undefined) history.val_loss.push(logs.val_loss);
  if (logs.val_accuracy !== undefined) history.val_accuracy.push(logs.val_accuracy);
  history.learningRate.push(logs.learningRate);
  history.seconds.push(logs.seconds);
  history.imagesPerSecond.push(logs.imagesPerSecond);
}
