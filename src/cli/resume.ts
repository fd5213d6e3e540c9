import { join } from "node:path";
import type { Checkpoint } from "../formats/checkpoint.js";
import { isJsonObject, parseStrictJson } from "../formats/json.js";
import { readLastCheckpoint } from "../node/checkpoints.js";
import { RUN_FILES } from "../node/run-folder.js";
import type { TrainSettings } from "./settings.js";
import { formatTrainArguments, parseTrainArguments } from "./train-command.js";

/** A run to go on with. */
export interface Resumed {
  readonly settings: TrainSettings;
  readonly checkpoint: Checkpoint;
  /** The file that the checkpoint was read from. */
  readonly path: string;
  /** Of the images it was trained on. */
  readonly fingerprint: string;
  /** Why newer checkpoints could not be read; empty as a rule. */
  readonly damaged: readonly Error[];
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
export async function readResumed(run: string, given: TrainSettings): Promise<Resumed> {
  const { path, checkpoint, damaged } = await readLastCheckpoint(join(run, RUN_FILES.checkpoints));
  const notes = parseStrictJson(path, "the notes", checkpoint.notes, 2);
  if (!isNotes(notes)) {
    throw new Error(`${path}: expected a checkpoint of the program tinyconv, got one without its settings.`);
  }
  const { threads, backend, checkpointEvery, minAccuracy, report, quiet, json } = given;
  const ofNow = { threads, backend, checkpointEvery, minAccuracy, report, quiet, json };
  const settings = { ...(await parseTrainArguments(notes.arguments)), ...ofNow, out: run, resume: run };
  return { settings, checkpoint, path, fingerprint: notes.fingerprint, damaged };
}

function isNotes(value: unknown): value is { arguments: string[]; fingerprint: string } {
  return (
    isJsonObject(value) &&
    typeof value.fingerprint === "string" &&
    Array.isArray(value.arguments) &&
    value.arguments.every((argument) => typeof argument === "string")
  );
}
