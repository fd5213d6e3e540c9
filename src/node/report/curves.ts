import type { History } from "../../model/history.js";
import { formatPercent } from "../numbers.js";
import type { Picture } from "./picture.js";

const WIDTH = 240;
const HEIGHT = 170;
/** Labels along the axis of epochs, at most. */
const EPOCH_LABELS = 10;
/** More points than this would hide the line. */
const MOST_POINTS = 40;
const SOLID = [1, 0];
const DASHED = [5, 4];

/** The course of training, epoch by epoch; no pictures if there was no epoch. */
export function curves(history: History): Picture[] {
  if (history.loss.length === 0) return [];
  return [lossCurve(history), accuracyCurve(history), learningRateCurve(history)];
}

/** The loss after each epoch. Its axis starts at zero. */
function lossCurve({ loss, val_loss }: History): Picture {
  return curve({
    name: "loss",
    title: "Loss",
    label: describe(loss, val_loss, (value) => value.toFixed(4)),
    series: { training: loss, validation: val_loss },
    axis: "~g",
    domain: [0, largest([...loss, ...val_loss], 1e-6)],
  });
}

/** The accuracy after each epoch. Its axis ends at 100 %, and starts at the round number below the least accuracy. */
function accuracyCurve({ accuracy, val_accuracy }: History): Picture {
  const least = [...accuracy, ...val_accuracy].reduce((min, value) => Math.min(min, value), 1);
  const steps = least > 0.9 ? 100 : 10; // of the axis, from 0 to 1
  return curve({
    name: "accuracy",
    title: "Accuracy",
    label: describe(accuracy, val_accuracy, (value) => formatPercent(value)),
    series: { training: accuracy, validation: val_accuracy },
    axis: "~%",
    domain: [Math.min(Math.floor(least * steps), steps - 1) / steps, 1],
  });
}

/** The learning rate of each epoch's last step. Its axis starts at zero. */
function learningRateCurve({ learningRate }: History): Picture {
  return curve({
    name: "learning-rate",
    title: "Learning rate",
    label: describe(learningRate, [], (value) => value.toPrecision(3)),
    series: { "learning rate": learningRate },
    axis: "~g",
    domain: [0, largest(learningRate, 1e-12)],
  });
}

/** The largest of the values, at least `min`. A list of many epochs is too long to be spread into arguments. */
function largest(values: readonly number[], min: number): number {
  return values.reduce((max, value) => Math.max(max, value), min);
}

interface Curve extends Omit<Picture, "chart"> {
  /** A list for each line, one entry an epoch; those without entries are left out. */
  readonly series: Readonly<Record<string, readonly number[]>>;
  /** How numbers stand on the axis, in the language of d3-format. */
  readonly axis: string;
  readonly domain: readonly [number, number];
}

function curve({ series, axis, domain, ...picture }: Curve): Picture {
  const lines = Object.entries(series).filter(([, values]) => values.length > 0);
  const values = lines.flatMap(([name, list]) => list.map((value, i) => ({ name, value, epoch: i + 1 })));
  const names = lines.map(([name]) => name);
  const epochs = Math.max(...lines.map(([, list]) => list.length));
  const step = Math.ceil(epochs / EPOCH_LABELS);
  const labels = Array.from({ length: Math.floor(epochs / step) }, (_, i) => (i + 1) * step);
  const legend = lines.length > 1 ? ({ symbolType: "stroke", symbolSize: 400 } as const) : null;
  return {
    ...picture,
    chart: ({ first, second }) => ({
      width: WIDTH,
      height: HEIGHT,
      data: { values },
      mark: { type: "line", strokeWidth: 2.5, point: epochs <= MOST_POINTS && { filled: true, size: 40 } },
      encoding: {
        x: {
          field: "epoch",
          type: "quantitative",
          title: "epoch",
          // a single epoch stands in the middle
          scale: { domain: epochs === 1 ? [0.5, 1.5] : [1, epochs], nice: false, padding: 8 },
          axis: { values: labels, format: "d", grid: false },
        },
        y: {
          field: "value",
          type: "quantitative",
          title: null,
          scale: { domain: [...domain], nice: domain[0] === 0, zero: false },
          axis: { format: axis, tickCount: 5, domain: false, ticks: false },
        },
        color: { field: "name", type: "nominal", scale: { domain: names, range: [first, second] }, legend },
        // for readers who see no difference between the colours
        strokeDash: {
          field: "name",
          type: "nominal",
          scale: { domain: names, range: [SOLID, DASHED] },
          legend,
        },
      },
    }),
  };
}

function describe(
  training: readonly number[],
  validation: readonly number[],
  format: (value: number) => string,
): string {
  const course = (values: readonly number[]): string =>
    values.length === 1 ? format(values[0]!) : `${format(values[0]!)} to ${format(values.at(-1)!)}`;
  const epochs = training.length === 1 ? "one epoch" : `${training.length} epochs`;
  return validation.length === 0
    ? `${course(training)} over ${epochs}.`
    : `training ${course(training)}, validation ${course(validation)} over ${epochs}.`;
}
