import { stat } from "node:fs/promises";
import { dirname, extname, join, parse } from "node:path";
import { Command } from "commander";
import { loadCheckpoint } from "../formats/checkpoint.js";
import { FORMATS as FILE_FORMATS } from "../formats/format-version.js";
import { loadModel, saveModel } from "../formats/model-file.js";
import { exportOnnx } from "../formats/onnx/export-onnx.js";
import type { ImageLayout } from "../formats/onnx/image-layout.js";
import { inspectOnnx, type OnnxValue } from "../formats/onnx/inspect-onnx.js";
import { decodeSafetensors } from "../formats/safetensors.js";
import type { Sequential } from "../model/sequential.js";
import { isSafetensors } from "../node/inspect-safetensors.js";
import { parseFile } from "../node/model-files.js";
import { countOf } from "../node/numbers.js";
import { readWholeFile } from "../node/read-file.js";
import { RUN_FILES, readRunModel } from "../node/run-folder.js";
import { writeFileAtomically } from "../node/write-file.js";
import { formatShape } from "../tensor/shape.js";
import { useBackend } from "./backend.js";
import { EXIT_CODES, examples, jsonOption, noMoreArguments } from "./common-options.js";
import { readInput, UsageError } from "./failure.js";
import { file, layout, oneOf, path } from "./option-values.js";
import { prepareOutputFile, runFiles } from "./output-file.js";
import { takesRawPixels } from "./pixel-range.js";
import { printableJson, printableLines } from "./printable.js";
import type { Surroundings } from "./surroundings.js";

const FORMATS = ["onnx", "safetensors"] as const;
const ACTIVATIONS = ["softmax", "none"] as const;

interface ExportOptions {
  readonly format?: (typeof FORMATS)[number];
  readonly out?: string;
  readonly layout?: ImageLayout;
  readonly activation?: (typeof ACTIVATIONS)[number];
  readonly json?: boolean;
}

/** The command `tinyconv export RUN`: the model in a form that others read. */
export function exportCommand(surroundings: Surroundings): Command {
  return new Command("export")
    .summary("write a trained model as an ONNX file, for other programs")
    .description(
      "Writes the model of a run as one file: as ONNX, which ONNX Runtime and many others run, or as safetensors.",
    )
    .argument("<run>", "the folder of a run, a model file or a checkpoint", path("<run>"))
    .option(
      "--format <name>",
      "onnx or safetensors (default: by the ending of --out, else onnx)",
      oneOf("--format", FORMATS),
    )
    .option(
      "--out <file>",
      "where to write it (default: beside the model, under its name, as model.onnx)",
      file("--out"),
    )
    .option(
      "--layout <name>",
      "of the images that the ONNX file takes: nhwc, channels last, or nchw, channels first (default: nhwc)",
      layout("--layout"),
    )
    .option(
      "--activation <name>",
      "what the ONNX file gives: softmax, probabilities, or none, the logits (default: softmax)",
      oneOf("--activation", ACTIVATIONS),
    )
    .addOption(jsonOption())
    .allowExcessArguments()
    .addHelpText(
      "after",
      `\n${examples([
        ["tinyconv export runs/latest"],
        ["tinyconv export runs/latest --out digits.onnx"],
        ["tinyconv export runs/latest --layout nchw --activation none"],
      ])}\n${EXIT_CODES}`,
    )
    .action(async (run: string, options: ExportOptions, { args: [, extra] }: Command) => {
      noMoreArguments(extra, "one run");
      await exportModel(run, options, surroundings);
    });
}

async function exportModel(
  run: string,
  options: ExportOptions,
  { stdout, signal }: Surroundings,
): Promise<void> {
  const { model, bytes, format, out } = await readInput(async () => {
    const format = chooseFormat(options);
    useBackend({});
    const isFolder = await isRunFolder(run);
    const source = isFolder ? join(run, RUN_FILES.model) : run;
    const model = isFolder ? await readRunModel(run) : await readModelFile(run);
    const { dir, name } = parse(source);
    const { out = join(dir, `${name}.${format}`) } = options;
    const { layout: inputLayout, activation } = options;
    const bytes = format === "onnx" ? exportOnnx(model, { inputLayout, activation }) : saveModel(model);
    await prepareOutputFile(out, [source, ...runFiles(dir), ...runFiles(dirname(out))]);
    return { model, bytes, format, out };
  }, signal);
  await writeFileAtomically(out, bytes);
  const { inputs: [input] = [], outputs: [output] = [] } = format === "onnx" ? inspectOnnx(bytes) : {};
  if (options.json) {
    stdout.write(`${printableJson({ file: out, format, bytes: bytes.length, input, output })}\n`);
    return;
  }
  const told = input && output ? describeUse(model, input, output) : SAFETENSORS_USE;
  stdout.write(`Wrote ${printableLines(out)} (${countOf(bytes.length, "byte")}).\n${told}\n`);
}

/** @throws UsageError for options of ONNX with another format. */
function chooseFormat({ format, out = "", layout, activation }: ExportOptions): (typeof FORMATS)[number] {
  const ending = FORMATS.find((name) => extname(out).toLowerCase() === `.${name}`);
  const chosen = format ?? ending ?? "onnx";
  if (ending !== undefined && ending !== chosen) {
    throw new UsageError(
      `--out: expected a file ending in .${chosen}, as --format says, got ${JSON.stringify(out)}.`,
    );
  }
  if (chosen === "onnx") return chosen;
  for (const [option, value] of Object.entries({ "--layout": layout, "--activation": activation })) {
    if (value !== undefined) throw new UsageError(`${option}: expected --format onnx, got ${chosen}.`);
  }
  return chosen;
}

/** The model in a file of its own, or in a checkpoint. */
async function readModelFile(path: string): Promise<Sequential> {
  const bytes = await readWholeFile(path);
  if (!isSafetensors(bytes)) {
    throw new Error(
      `${path}: expected the folder of a run, a model or a checkpoint, got another file. An ONNX file becomes a run by import.`,
    );
  }
  return parseFile(path, () => {
    const { metadata } = decodeSafetensors(bytes);
    return metadata.get("format") === FILE_FORMATS.checkpoint.name
      ? loadCheckpoint(bytes).model
      : loadModel(bytes);
  });
}

/** True for a folder, and for what is not there at all, unless it is called as a model file is. */
async function isRunFolder(run: string): Promise<boolean> {
  return stat(run).then(
    (entry) => entry.isDirectory(),
    () => extname(run) !== ".safetensors",
  );
}

const SAFETENSORS_USE =
  "Its tensors are float32, its kernels [KH, KW, C, F] and [I, O]. Read it with loadModel, or with any reader of safetensors.";

/** How a caller has to feed an ONNX file, and what comes out of it. */
function describeUse(model: Sequential, input: OnnxValue, output: OnnxValue): string {
  const takes = takesRawPixels(model)
    ? "raw pixels from 0 to 255, which the file scales itself"
    : "numbers such as the model was trained on, which the file does not scale";
  return [
    `Input "${input.name}", float32 ${formatShape(input.shape)}: ${takes}. N is any number of samples.`,
    `Output "${output.name}", float32 ${formatShape(output.shape)}${output.name === "output" ? "" : ", which sum to 1"}.`,
  ].join("\n");
}
