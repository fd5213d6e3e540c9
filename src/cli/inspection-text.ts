import { describeJson } from "../formats/json.js";
import { decimalOf } from "../formats/onnx/decimal.js";
import type { OnnxNode } from "../formats/onnx/inspect-onnx.js";
import { formatTable } from "../model/table.js";
import type { TrainingState } from "../model/training-state.js";
import type { FileInspection, FileKind, Inspection } from "../node/inspect-file.js";
import type { TensorInfo } from "../node/inspect-tensors.js";
import { countOf, formatCount, formatPercent } from "../node/numbers.js";
import type { RunMetrics } from "../node/run-metrics.js";
import { formatShape } from "../tensor/shape.js";
import { printableName } from "./printable.js";

/** Rows of a table that are shown: a file can have a million names. */
const SHOWN_ROWS = 500;
const SHORT_HASH = 12;

const KINDS: Readonly<Record<FileKind, string>> = {
  model: "a model saved by tinyconv",
  checkpoint: "a checkpoint saved by tinyconv",
  safetensors: "a safetensors file",
  onnx: "an ONNX file",
};

/** What is known of a file, with a run if it is the model of one. */
export function formatInspection(
  inspection: FileInspection,
  run: RunMetrics | { readonly problem: string } | undefined,
): string {
  const { file, kind, version, bytes, sha256, model, problem, weightsSha256, tensors, onnx, training } =
    inspection;
  const facts = [
    `${file}: ${KINDS[kind]}${version === undefined ? "" : `, format version ${printableName(version)}`}`,
    `Size: ${countOf(bytes, "byte")}`,
    `SHA-256: ${sha256}`,
  ];
  if (weightsSha256) facts.push(`SHA-256 of the weights: ${weightsSha256}`);
  if (run) facts.push(`Run: ${"problem" in run ? run.problem : formatRun(run)}`);
  const parts = [facts.join("\n")];
  if (onnx) parts.push(formatOnnx(onnx));
  if (problem !== undefined) parts.push(`No model of tinyconv can be made of it: ${problem}`);
  if (model) parts.push(model.summary());
  if (training) parts.push(formatTraining(training));
  if (onnx) parts.push(formatNodes(onnx.nodes));
  parts.push(formatTensors(tensors));
  return parts.join("\n\n");
}

/** The same for programs. Hashes are whole, and nothing is left out. */
export function plainInspection(inspection: FileInspection): object {
  const { file, kind, version, bytes, sha256, weightsSha256, model, problem, training, onnx, tensors } =
    inspection;
  return {
    file,
    kind,
    version,
    bytes,
    sha256,
    weightsSha256,
    model: model && {
      inputShape: model.inputShape,
      outputShape: model.outputShape,
      parameters: model.parameters.reduce((sum, { value }) => sum + value.size, 0),
      layers: model.config().layers,
    },
    problem,
    training: training && { ...plainTraining(training.state), notes: training.notes },
    onnx,
    tensors,
  };
}

/** `lenet of seed 0, 3 epochs, test accuracy 98.12%` */
function formatRun({ model, seed, history, testAccuracy }: RunMetrics): string {
  const epochs = countOf(history.loss.length, "epoch");
  return `${printableName(model)} of seed ${seed}, ${epochs}, test accuracy ${formatPercent(testAccuracy)}`;
}

function plainTraining(state: TrainingState) {
  const { epoch, batch, steps, learningRate, stopped, history, optimizerType: optimizer, callbacks } = state;
  const weightAverage = state.weightAverage !== undefined;
  return {
    epoch,
    batch,
    steps,
    optimizer,
    learningRate,
    stopped,
    weightAverage,
    callbacks: callbacks.length,
    history,
  };
}

/** Where a training is, and a row for each epoch that is done. */
function formatTraining({ state, notes }: NonNullable<Inspection["training"]>): string {
  const { epoch, batch, steps, learningRate, stopped, weightAverage, history, optimizerType } = state;
  const done = `${countOf(epoch - 1, "epoch")} done`; // an epoch that has begun counts as the next
  const words = [
    `Training: ${done}${batch === 0 ? "" : `, and ${formatCount(batch)} of the batches of the next`}`,
    `${countOf(steps, "step")} by ${printableName(optimizerType)}`,
    `learning rate ${learningRate}`,
    ...(weightAverage ? ["with a weight average"] : []),
    ...(stopped ? ["ended"] : []),
  ];
  const lines = [`${words.join(", ")}.`];
  if (notes !== "") lines.push(`Notes: ${printableName(notes)}`);
  const rows = history.loss.map((loss, i) => [
    String(i + 1),
    loss.toFixed(4),
    formatPercent(history.accuracy[i]!),
    history.val_loss[i]?.toFixed(4) ?? "-",
    history.val_accuracy[i] === undefined ? "-" : formatPercent(history.val_accuracy[i]),
  ]);
  const heading = ["epoch", "loss", "accuracy", "validation loss", "validation accuracy"];
  if (rows.length > 0) lines.push("", formatRows(heading, rows, "epoch"));
  return lines.join("\n");
}

function formatOnnx(onnx: NonNullable<Inspection["onnx"]>): string {
  const { irVersion, operatorSets, producer, inputs, outputs } = onnx;
  const sets = operatorSets.slice(0, 8).map(({ domain, version }) => `${printableName(domain)} ${version}`);
  const value = ({ name, type, shape }: (typeof inputs)[number]): string =>
    `${printableName(name)}, ${type} ${printableName(formatShape(shape))}`;
  return [
    `IR version ${irVersion}, operator sets: ${sets.join(", ") || "none"}, written by ${producer === "" ? "an unknown program" : printableName(producer)}`,
    ...inputs.slice(0, SHOWN_ROWS).map((input) => `Input: ${value(input)}`),
    ...outputs.slice(0, SHOWN_ROWS).map((output) => `Output: ${value(output)}`),
  ].join("\n");
}

/** `Conv  conv2d_1  kernel_shape=[3, 3], group=1` */
function formatNodes(nodes: readonly OnnxNode[]): string {
  const shown = nodes.slice(0, SHOWN_ROWS).map(({ name, operator, attributes }) => ({
    operator: printableName(operator),
    name: printableName(name),
    options: printableName(attributes.map(([key, value]) => `${key}=${formatAttribute(value)}`).join(", ")),
  }));
  const width = Math.max(0, ...shown.map(({ operator }) => operator.length));
  const lines = shown.map(({ operator, name, options }) =>
    `  ${operator.padEnd(width)}  ${name}  ${options}`.trimEnd(),
  );
  return [`${countOf(nodes.length, "node")}:`, ...lines, ...tellOfMore(nodes.length, "node")].join("\n");
}

/** Float32 numbers as they were meant: 0.01, and not 0.009999999776482582. */
function formatAttribute(value: OnnxNode["attributes"][number][1]): string {
  if (typeof value === "number") return String(decimalOf(value));
  return describeJson(typeof value === "string" ? value : value.map(decimalOf));
}

function formatTensors(tensors: readonly TensorInfo[]): string {
  if (tensors.length === 0) return "No tensors.";
  const rows = tensors
    .slice(0, SHOWN_ROWS)
    .map(({ name, type, shape, elements, sha256 }) => [
      printableName(name),
      printableName(type),
      printableName(formatShape(shape)),
      formatCount(elements),
      sha256?.slice(0, SHORT_HASH) ?? "elsewhere",
    ]);
  const lines = [
    formatRows(["tensor", "type", "shape", "elements", "SHA-256"], rows, "tensor", tensors.length),
  ];
  const broken = tensors.filter(({ notFinite }) => notFinite > 0);
  for (const { name, notFinite, elements } of broken.slice(0, SHOWN_ROWS)) {
    lines.push(
      `NaN or infinite: ${formatCount(notFinite)} of the ${countOf(elements, "number")} of ${printableName(name)}.`,
    );
  }
  return lines.join("\n");
}

function formatRows(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  thing: string,
  total = rows.length,
): string {
  return [formatTable(heading, rows.slice(0, SHOWN_ROWS)), ...tellOfMore(total, thing)].join("\n");
}

function tellOfMore(total: number, thing: string): string[] {
  return total > SHOWN_ROWS ? [`and ${countOf(total - SHOWN_ROWS, thing)} more, which --json tells of`] : [];
}
