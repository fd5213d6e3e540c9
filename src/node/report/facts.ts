import { countOf, formatCount, formatDuration, formatPercent } from "../numbers.js";
import type { RunMetrics } from "../run-metrics.js";
import type { ReportData } from "./report-data.js";

/** A name and what stands beside it. */
export type Fact = readonly [name: string, value: string];

/** The figures under the accuracy. */
export function headFacts({ metrics, result }: ReportData): Fact[] {
  return [
    ["test loss", result.loss.toFixed(4)],
    ["calibration error", formatPercent(result.calibrationError)],
    ["parameters", formatCount(metrics.parameters)],
    ["training time", formatTime(metrics.seconds)],
    ["training images/s", formatCount(Math.round(metrics.imagesPerSecond))],
    ["seed", String(metrics.seed)],
  ];
}

/** How the network was trained. What was not set is left out. */
export function settingFacts(metrics: RunMetrics): Fact[] {
  const trained = metrics.history.loss.length;
  const optional = (name: string, value: number | undefined, format: (value: number) => string): Fact[] =>
    value === undefined ? [] : [[name, format(value)]];
  return [
    ["network", metrics.model],
    ["data", metrics.data],
    ["training images", formatCount(metrics.trainImages)],
    ["validation images", formatCount(metrics.validationImages)],
    ["test images", formatCount(metrics.testImages)],
    ["epochs", trained === metrics.epochs ? String(trained) : `${trained} of ${metrics.epochs}`],
    ["batch size", formatCount(metrics.batchSize)],
    ["optimizer", metrics.optimizer],
    ["learning rate", `${metrics.learningRate}, ${metrics.schedule}`],
    ["augmented images", metrics.augment ? "yes" : "no"],
    ["averaged weights", metrics.weightAverage ? "yes" : "no"],
    ...optional("held out for the test", metrics.holdout, formatShare),
    ...optional("validation split", metrics.validationSplit, formatShare),
    ...optional("patience", metrics.patience, (epochs) => countOf(epochs, "epoch")),
    ...optional("training images at most", metrics.limit, formatCount),
    ...optional("threads at most", metrics.threads, formatCount),
    ["seed", String(metrics.seed)],
  ];
}

/** What computed. */
export function versionFacts({ versions, backend }: RunMetrics): Fact[] {
  return [
    ["tinyconv", versions.tinyconv],
    ["Node", versions.node],
    ["backend", backend],
  ];
}

/** `9.3 s`, `1:07 min`, `2:00:05 h`. */
export function formatTime(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`; // more would read 60.0
  return `${formatDuration(seconds)} ${Math.round(seconds) < 3600 ? "min" : "h"}`;
}

function formatShare(share: number): string {
  return formatPercent(share, 0);
}
