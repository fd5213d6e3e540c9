import { readdir, rm, rmdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { loadModel } from "../formats/model-file.js";
import type { Sequential } from "../model/sequential.js";
import { Checkpoints } from "./checkpoints.js";
import { expectFolder } from "./expect-path.js";
import { fileError } from "./file-errors.js";
import { parseFile } from "./model-files.js";
import { TRIAL } from "./output-folder.js";
import { readWholeFile } from "./read-file.js";
import { PICTURE_NAMES } from "./report/picture.js";
import { parseMetrics, type RunMetrics } from "./run-metrics.js";
import { finishedName } from "./unfinished-file.js";

/** What is in the folder of a run. */
export const RUN_FILES = {
  model: "model.safetensors",
  metrics: "metrics.json",
  /** A folder, with the last two checkpoints and the best. */
  checkpoints: "checkpoints",
  report: "report.html",
  /** A folder, with the pictures of the report. */
  pictures: "report",
} as const;

/** The names of the report's pictures. */
const PICTURES = PICTURE_NAMES.flatMap((name) => [`${name}.svg`, `${name}.png`]);

const REMEDY = "Give the folder that training wrote, as runs/latest.";

/**
 * The model of a run.
 *
 * @throws Error if there is none in the folder, or its file is damaged.
 */
export async function readRunModel(folder: string): Promise<Sequential> {
  expectFolder("readRunModel", folder);
  const path = join(folder, RUN_FILES.model);
  const bytes = await readWholeFile(path).catch(async ({ cause }: Error) => {
    throw fileError("read", path, cause, await remedyFor(folder));
  });
  return parseFile(path, () => loadModel(bytes));
}

/** What to do about a folder without a model. */
async function remedyFor(folder: string): Promise<string> {
  if (extname(folder).toLowerCase() === ".onnx")
    return `Make a run of it first, with import ${folder} --out <dir>.`;
  const isInterrupted = (await filesIn(join(folder, RUN_FILES.checkpoints))).length > 0;
  return isInterrupted
    ? `The training was interrupted. Finish it first, with train --resume ${folder}.`
    : REMEDY;
}

/**
 * The settings and figures of a run.
 *
 * @throws Error if there are none in the folder, or they are not what training writes.
 */
export async function readRunMetrics(folder: string): Promise<RunMetrics> {
  expectFolder("readRunMetrics", folder);
  const path = join(folder, RUN_FILES.metrics);
  const bytes = await readWholeFile(path, { remedy: REMEDY });
  return parseMetrics(bytes.toString("utf8"), path);
}

/**
 * Makes way for a new run: removes the checkpoints and the report of an earlier one, which would else stand beside the
 * new model. The old model and its metrics stay until the new ones take their place, and so does all that training has
 * not written.
 *
 * @returns true if there were checkpoints.
 * @throws Error if one of the files cannot be removed.
 */
export async function removeEarlierRun(folder: string): Promise<boolean> {
  await removeFiles(folder, (name) => name === RUN_FILES.report);
  await removeFiles(join(folder, RUN_FILES.pictures), (name) => PICTURES.includes(name));
  await removeIfEmpty(join(folder, RUN_FILES.pictures));
  return removeCheckpoints(join(folder, RUN_FILES.checkpoints));
}

/**
 * Removes the unfinished files that a training has left in the folder of its run when it was killed; those of checkpoints are
 * removed with them.
 *
 * @throws Error if one of them cannot be removed.
 */
export async function removeUnfinished(folder: string): Promise<void> {
  const isUnfinished =
    (names: readonly string[]) =>
    (name: string): boolean =>
      names.includes(finishedName(name) ?? "");
  await removeFiles(folder, isUnfinished([RUN_FILES.model, RUN_FILES.metrics, RUN_FILES.report, TRIAL]));
  await removeFiles(join(folder, RUN_FILES.pictures), isUnfinished([...PICTURES, TRIAL]));
  await removeFiles(join(folder, RUN_FILES.checkpoints), isUnfinished([TRIAL]));
}

async function removeCheckpoints(folder: string): Promise<boolean> {
  const before = await filesIn(folder);
  if (before.length === 0) return false;
  await Checkpoints.create(folder); // knows its files, and removes those of an earlier training
  const after = await filesIn(folder);
  await removeIfEmpty(folder);
  return before.some((name) => name.endsWith(".safetensors") && !after.includes(name));
}

/** Removes the files in the folder of which `isOld` is true. */
async function removeFiles(folder: string, isOld: (name: string) => boolean): Promise<void> {
  for (const name of await filesIn(folder)) {
    if (!isOld(name)) continue;
    const path = join(folder, name);
    await rm(path, { force: true }).catch((cause: unknown) => {
      throw fileError("remove", path, cause);
    });
  }
}

/** The names of the files in a folder; none where there is no such folder. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return [];
    throw fileError("read", folder, cause);
  });
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => {}); // there are other files in it, or it is not there
}
