import { join } from "node:path";
import { isJsonObject, parseStrictJson } from "../formats/json.js";
import { createNetwork } from "../mnist/networks.js";
import { Checkpoints, type ResumedTraining } from "../node/checkpoints.js";
import { RUN_FILES } from "../node/run-folder.js";
import { quote } from "../tensor/expect.js";
import type { TrainSettings } from "./settings.js";
import { formatTrainArguments, parseTrainArguments } from "./train-command.js";

/** A run to go on with. */
export interface ResumedRun extends ResumedTraining {
  readonly settings: TrainSettings;
  /** Of the images it was trained on. */
  readonly fingerprint: string;
}

/** What is kept with each checkpoint of a run: what it was told, and the images it was trained on. */
export function formatNotes(settings: TrainSettings, fingerprint: string): string {
  return JSON.stringify({ arguments: formatTrainArguments(settings), fingerprint });
}

/**
 * The last checkpoint of a run, and its settings. Of the options given now those count that do not change the outcome.
 *
 * @throws Error if there is no checkpoint that can be read, or it is not one of this program.
 */
export async function readResumedRun(run: string, given: TrainSettings): Promise<ResumedRun> {
  const { threads, backend, checkpointEvery, minAccuracy, report, quiet, json } = given;
  const resumed = await Checkpoints.resume(join(run, RUN_FILES.checkpoints), { every: checkpointEvery });
  if (!resumed) {
    throw new Error(
      `${run}: expected checkpoints of a training, got none. Give the folder of one that was interrupted, as runs/latest.`,
    );
  }
  const { path } = resumed;
  const notes = parseStrictJson(path, "the notes", resumed.notes, 2);
  if (!isNotes(notes)) {
    throw new Error(`${path}: expected a checkpoint of the program tinyconv, got one without its settings.`);
  }
  const { fingerprint } = notes;
  const ofNow = { threads, backend, checkpointEvery, minAccuracy, report, quiet, json };
  const settings = { ...(await readSettings(notes.arguments, resumed)), ...ofNow, out: run, resume: run };
  return { ...resumed, settings, fingerprint };
}

/** @throws Error if the arguments are none of a training of one network, the one of the checkpoint. */
async function readSettings(
  args: readonly string[],
  { path, model }: Pick<ResumedTraining, "path" | "model">,
): Promise<TrainSettings> {
  const settings = await parseTrainArguments(args).catch(() => undefined); // the error would tell of options given now
  if (settings?.repeat === 1 && createNetwork(settings.model).summary() === model.summary()) return settings;
  throw new Error(`${path}: expected the settings of a training, got ${quote(args.join(" "))}.`);
}

function isNotes(value: unknown): value is { arguments: string[]; fingerprint: string } {
  return (
    isJsonObject(value) &&
    typeof value.fingerprint === "string" &&
    Array.isArray(value.arguments) &&
    value.arguments.every((argument) => typeof argument === "string")
  );
}
