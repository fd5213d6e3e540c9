import { dirname, join } from "node:path";
import { Command } from "commander";
import { testModel } from "../model/test-model.js";
import { messageOf } from "../node/file-errors.js";
import { prepareOutputFolder } from "../node/output-folder.js";
import type { ReportData } from "../node/report/report-data.js";
import { type ReportFiles, writeReport } from "../node/report/write-report.js";
import { RUN_FILES } from "../node/run-folder.js";
import { useBackend } from "./backend.js";
import { EXIT_CODES, examples, jsonOption, noMoreArguments } from "./common-options.js";
import { readMetrics, readTestImages } from "./data.js";
import { readDigitModel } from "./digit-model.js";
import { readInput } from "./failure.js";
import { folder, path } from "./option-values.js";
import { programName, quoteForShell } from "./program-name.js";
import type { Surroundings } from "./surroundings.js";

interface ReportOptions {
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** The command `tinyconv report RUN`: writes the report of a run anew. */
export function reportCommand(surroundings: Surroundings): Command {
  return new Command("report")
    .summary("write the report of a run anew")
    .description(
      "Tests the network of a run again, and writes report.html and its pictures, as train does at its end.",
    )
    .argument("<run>", "the folder that train has written", folder("<run>"))
    .option("--data <path>", "images to test with, if those of the run have moved", path("--data"))
    .option("--out <dir>", "folder for the report (default: that of the run)", path("--out"))
    .addOption(jsonOption())
    .allowExcessArguments()
    .addHelpText("after", `\n${examples([["tinyconv report runs/latest"]])}\n${EXIT_CODES}`)
    .action(async (run: string, options: ReportOptions, { args: [, extra] }: Command) => {
      noMoreArguments(extra, "one run");
      await report(run, options, surroundings);
    });
}

async function report(run: string, options: ReportOptions, { stdout, signal }: Surroundings): Promise<void> {
  const { out = run, json } = options;
  const { model, metrics, test } = await readInput(async () => {
    useBackend({});
    const model = await readDigitModel(run);
    const metrics = await readMetrics(
      run,
      "A report is of a training; evaluate tests any model, with --data.",
    );
    const { data: test } = await readTestImages(run, options.data, signal);
    const remedy = "Choose another folder with --out.";
    await prepareOutputFolder(out, [RUN_FILES.report], remedy);
    await prepareOutputFolder(join(out, RUN_FILES.pictures), [], remedy);
    return { model, metrics, test };
  }, signal);
  const result = await testModel(model, test, { signal });
  const files = await writeReport(out, { model, metrics, test, result });
  signal.throwIfAborted();
  stdout.write(json ? `${JSON.stringify(files, null, 2)}\n` : `${describeFiles(files)}\n`);
}

/**
 * Writes the report of a run that has just been trained, and says where it is, or warns why there is none: a training that
 * has succeeded does not fail for want of a picture.
 */
export async function tryToWriteReport(
  folder: string,
  data: ReportData,
  { say, warn }: { readonly say: (line: string) => void; readonly warn: (line: string) => void },
): Promise<void> {
  try {
    say(describeFiles(await writeReport(folder, data)));
  } catch (error) {
    const command = `${programName()} report ${quoteForShell(folder)}`;
    warn(`No report was written. ${messageOf(error)} Then write it with: ${command}`);
  }
}

function describeFiles({ page, pictures: [first = page] }: ReportFiles): string {
  return `Wrote the report ${page}, and its pictures in ${dirname(first)}.`;
}
