import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import type { ImageLayout } from "../formats/onnx/image-layout.js";
import { importOnnx } from "../formats/onnx/import-onnx.js";
import { showStart } from "../mnist/bytes.js";
import type { Sequential } from "../model/sequential.js";
import { inFile } from "../node/file-errors.js";
import { beginsAsOnnx } from "../node/inspect-file.js";
import { isSafetensors } from "../node/inspect-safetensors.js";
import { writeModel } from "../node/model-files.js";
import { prepareOutputFolder } from "../node/output-folder.js";
import { readWholeFile } from "../node/read-file.js";
import { RUN_FILES } from "../node/run-folder.js";
import { listOf } from "../node/words.js";
import { formatShape } from "../tensor/shape.js";
import { useBackend } from "./backend.js";
import { EXIT_CODES, examples, jsonOption, noMoreArguments } from "./common-options.js";
import { isDigitModel } from "./digit-model.js";
import { readInput } from "./failure.js";
import { file, folder, layout } from "./option-values.js";
import { takesRawPixels } from "./pixel-range.js";
import { printableJson, printableLines } from "./printable.js";
import { programName, quoteForShell } from "./program-name.js";
import type { Surroundings } from "./surroundings.js";

interface ImportOptions {
  readonly out: string;
  readonly layout?: ImageLayout;
  readonly json?: boolean;
}

/** The command `tinyconv import FILE.onnx --out RUN`: a model that another program has trained. */
export function importCommand(surroundings: Surroundings): Command {
  return new Command("import")
    .summary("make a run of an ONNX file, as PyTorch exports it")
    .description(
      "Makes a run of an ONNX file: a chain of layers that another program has trained, and that the other commands then use.",
    )
    .argument("<file.onnx>", "the file, with its weights in it", file("<file.onnx>"))
    .requiredOption("--out <dir>", "folder for the run, which must not hold one", folder("--out"))
    .option(
      "--layout <name>",
      "how the file has its images, if it does not say so itself: nhwc or nchw",
      layout("--layout"),
    )
    .addOption(jsonOption())
    .allowExcessArguments()
    .addHelpText(
      "after",
      `\n${examples([
        ["tinyconv import digits.onnx --out runs/imported"],
        ["tinyconv evaluate runs/imported --data mnist/"],
      ])}\n${EXIT_CODES}`,
    )
    .action(async (source: string, options: ImportOptions, { args: [, extra] }: Command) => {
      noMoreArguments(extra, "one file");
      await importModel(source, options, surroundings);
    });
}

async function importModel(
  source: string,
  { out, layout: inputLayout, json }: ImportOptions,
  { stdout, signal }: Surroundings,
): Promise<void> {
  const model = await readInput(async () => {
    useBackend({});
    const model = await readOnnxFile(source, inputLayout);
    await expectNoRun(out);
    await prepareOutputFolder(out, [RUN_FILES.model], "Choose another folder with --out.");
    return model;
  }, signal);
  const path = join(out, RUN_FILES.model);
  await writeModel(path, model);
  const { inputShape, outputShape } = model;
  stdout.write(
    json
      ? `${printableJson({ file: path, inputShape, outputShape, layers: model.config().layers })}\n`
      : `${printableLines(model.summary())}\n\nWrote ${printableLines(path)}.\n${tellWhatNext(out, model)}\n`,
  );
}

async function readOnnxFile(path: string, inputLayout: ImageLayout | undefined): Promise<Sequential> {
  const bytes = await readWholeFile(path);
  if (isSafetensors(bytes)) {
    throw new Error(
      `${path}: expected an ONNX file, got a safetensors file. Look at it with inspect; a model of tinyconv can be used as it is.`,
    );
  }
  try {
    return importOnnx(bytes, { inputLayout });
  } catch (cause) {
    if (beginsAsOnnx(bytes)) throw inFile(path, cause);
    const got = showStart(bytes);
    throw new Error(`${path}: expected an ONNX file, got ${got}. It is cut short, or of another kind.`, {
      cause,
    });
  }
}

/** @throws Error if the folder holds anything of a run: none of it is overwritten, nor stands beside a model of others. */
async function expectNoRun(folder: string): Promise<void> {
  const taken: string[] = [];
  for (const name of Object.values(RUN_FILES)) {
    const isThere = await lstat(join(folder, name)).then(
      () => true,
      () => false,
    );
    if (isThere) taken.push(name);
  }
  if (taken.length === 0) return;
  throw new Error(
    `${folder}: expected a folder without a run, got one with ${listOf(taken, "and")}. Choose another folder with --out.`,
  );
}

/** What the model can be used for. */
function tellWhatNext(run: string, model: Sequential): string {
  if (!isDigitModel(model)) {
    const { inputShape, outputShape } = model;
    return `The model goes from ${formatShape(inputShape)} to ${formatShape(outputShape)}: evaluate, predict, submit and report need [28, 28, 1] to [10]. In code, take it by readRunModel of tinyconv/node.`;
  }
  const command = (name: string, rest: string): string =>
    `  ${programName()} ${name} ${quoteForShell(run)} ${rest}`;
  const lines = [
    "Use it with:",
    command("predict", "photo.png"),
    command("evaluate", "--data <folder or train.csv>"),
    command("submit", "test.csv"),
  ];
  if (!takesRawPixels(model)) {
    lines.push(
      "These hand it raw pixels from 0 to 255, which it does not scale to small numbers itself. If it was trained on pixels divided by 255, put that into the model and export it again.",
    );
  }
  return lines.join("\n");
}
