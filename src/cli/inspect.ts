import { Command } from "commander";
import { messageOf } from "../node/file-errors.js";
import { inspectFile } from "../node/inspect-file.js";
import { RUN_FILES } from "../node/run-folder.js";
import type { RunMetrics } from "../node/run-metrics.js";
import { useBackend } from "./backend.js";
import { EXIT_CODES, examples, jsonOption, noMoreArguments } from "./common-options.js";
import { findMetrics } from "./data.js";
import { readInput } from "./failure.js";
import { formatInspection, plainInspection } from "./inspection-text.js";
import { path } from "./option-values.js";
import { printableJson, printableLines } from "./printable.js";
import type { Surroundings } from "./surroundings.js";

/** The command `tinyconv inspect FILE`: what is in a file of weights. */
export function inspectCommand(surroundings: Surroundings): Command {
  return new Command("inspect")
    .summary("tell what is in a model, a checkpoint or an ONNX file")
    .description(
      "Tells what is in a file: a model or a checkpoint of tinyconv, any other safetensors file, or an ONNX file. " +
        "Their kind is known by their content. Nothing in the file is run, and nothing is written.",
    )
    .argument("<file>", "a file, or the folder of a run, for its model", path("<file>"))
    .addOption(jsonOption())
    .allowExcessArguments()
    .addHelpText(
      "after",
      `\n${examples([
        ["tinyconv inspect runs/latest"],
        ["tinyconv inspect digits.onnx"],
        ["tinyconv inspect checkpoints/best.safetensors --json"],
      ])}\n${EXIT_CODES}`,
    )
    .action(async (source: string, options: { readonly json?: boolean }, { args: [, extra] }: Command) => {
      noMoreArguments(extra, "one file");
      await inspect(source, options, surroundings);
    });
}

async function inspect(
  source: string,
  { json }: { readonly json?: boolean },
  { stdout, signal }: Surroundings,
): Promise<void> {
  const inspection = await readInput(async () => {
    useBackend({});
    return inspectFile(source);
  }, signal);
  const run = inspection.file === source ? undefined : await readRun(source);
  stdout.write(
    json
      ? `${printableJson({ ...plainInspection(inspection), run })}\n`
      : `${printableLines(formatInspection(inspection, run))}\n`,
  );
}

/** What a run has come to, or why that is not known. */
async function readRun(folder: string): Promise<RunMetrics | { readonly problem: string }> {
  try {
    return (await findMetrics(folder)) ?? { problem: `not trained here: it has no ${RUN_FILES.metrics}` };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
