import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Checkpoint,
  type LoadCheckpointOptions,
  loadCheckpoint,
  saveCheckpoint,
} from "../formats/checkpoint.js";
import type { Callback, CheckpointEvent } from "../model/callback.js";
import { expectInteger } from "../tensor/expect.js";
import { fileError } from "./file-errors.js";
import { makeFolder } from "./output-folder.js";
import { writeFileAtomically } from "./write-file.js";

const KEPT = 2;
const BEST = "best.safetensors";

/** Options of `Checkpoints`. */
export interface CheckpointsOptions {
  /** Save after every so many steps as well, and not only after each epoch. @default after epochs only */
  readonly every?: number | undefined;
  /** Any text to keep with each checkpoint. @default "" */
  readonly notes?: string;
  /** Go on in a folder with the checkpoints of this training. @default those in the folder are removed */
  readonly resumed?: boolean;
}

/**
 * Saves a training in a folder while it runs: at its start, after each epoch, and every so many steps if that is asked
 * for. The last two checkpoints are kept, and in `best.safetensors` the one after the epoch with the lowest validation
 * loss (training loss, where nothing is validated).
 *
 * Each is written beside its place, onto the disk, and then moved there, and an old one is removed only afterwards. So
 * whenever the process or the machine stops, at least one whole checkpoint is there.
 *
 * ```ts
 * const checkpoints = await Checkpoints.open("runs/a/checkpoints", { every: 500 });
 * await model.fit(train, { optimizer: new Adam(), callbacks: [checkpoints] });
 * // and after a crash:
 * const { checkpoint } = await readLastCheckpoint("runs/a/checkpoints");
 * await checkpoint.model.fit(train, { optimizer: new Adam(), resume: checkpoint.state });
 * ```
 */
export class Checkpoints implements Callback {
  readonly folder: string;
  readonly #every: number;
  readonly #notes: string;
  #last: CheckpointEvent | undefined;
  #isSaved = false; // the last one

  private constructor(folder: string, { every, notes = "" }: CheckpointsOptions) {
    this.folder = folder;
    this.#every =
      every === undefined
        ? Number.POSITIVE_INFINITY
        : expectInteger("Checkpoints", "every", every, { min: 1 });
    this.#notes = notes;
  }

  /**
   * Prepares the folder: creates it, and removes what a writer that was killed has left in it, and the checkpoints of an
   * earlier training unless this one goes on with them.
   *
   * @throws RangeError if `every` is not a whole number >= 1; Error if the folder cannot be written.
   */
  static async open(folder: string, options: CheckpointsOptions = {}): Promise<Checkpoints> {
    const checkpoints = new Checkpoints(folder, options);
    try {
      await makeFolder(folder);
      for (const name of await readdir(folder)) {
        const isOld = stepOf(name) !== undefined || name === BEST;
        if ((isOld && !options.resumed) || isUnfinished(name)) await rm(join(folder, name), { force: true });
      }
    } catch (cause) {
      throw fileError("write", folder, cause);
    }
    return checkpoints;
  }

  async onCheckpoint(event: CheckpointEvent): Promise<void> {
    const isFirst = this.#last === undefined;
    this.#last = event;
    this.#isSaved = false;
    if (isFirst || event.logs || event.step % this.#every === 0) await this.#save(event);
  }

  /**
   * Saves where training is now, unless that is saved already: to be called after `fit` has failed or was aborted.
   *
   * @returns the number of steps in the last checkpoint; undefined where none could be made.
   */
  async flush(): Promise<number | undefined> {
    const event = this.#last;
    if (!event) return undefined;
    // a step that has failed in its middle may have changed weights; then the last checkpoint is the one to go on from
    if (!this.#isSaved && event.model.steps === event.step) await this.#save(event);
    return this.#isSaved ? event.step : undefined;
  }

  async #save({ model, step, logs, state }: CheckpointEvent): Promise<void> {
    const training = state();
    const bytes = saveCheckpoint(model, training, this.#notes);
    // the best comes first: where only one of the two was written, the epoch is trained again, and is the best again
    if (logs && isBest(training.history)) await writeFileAtomically(join(this.folder, BEST), bytes);
    await writeFileAtomically(join(this.folder, nameOf(step)), bytes);
    this.#isSaved = true;
    for (const name of (await listCheckpoints(this.folder)).slice(KEPT)) {
      const path = join(this.folder, name);
      await rm(path, { force: true }).catch((cause: unknown) => {
        throw fileError("remove", path, cause);
      });
    }
  }
}

/** A checkpoint that was read, and where it was. */
export interface SavedCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** Why newer ones could not be read; empty as a rule. */
  readonly damaged: readonly Error[];
}

/**
 * The newest checkpoint in a folder that can be read.
 *
 * @throws Error if there is none.
 */
export async function readLastCheckpoint(
  folder: string,
  options: LoadCheckpointOptions = {},
): Promise<SavedCheckpoint> {
  const damaged: Error[] = [];
  for (const name of await listCheckpoints(folder)) {
    const path = join(folder, name);
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw fileError("read", path, cause);
    });
    try {
      return { path, checkpoint: loadCheckpoint(bytes, options), damaged };
    } catch (cause) {
      damaged.push(
        new Error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause }),
      );
    }
  }
  const [first] = damaged;
  if (first) throw first;
  throw new Error(`${folder}: expected checkpoints of a training, got none.`);
}

/** The names of the checkpoints, the newest first. */
async function listCheckpoints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw fileError("read", folder, cause);
  });
  return names.filter((name) => stepOf(name) !== undefined).sort((a, b) => stepOf(b)! - stepOf(a)!);
}

/** `step-00000938.safetensors`: padded, so that a listing shows them in their order. */
function nameOf(step: number): string {
  return `step-${String(step).padStart(8, "0")}.safetensors`;
}

function stepOf(name: string): number | undefined {
  const digits = /^step-(\d+)\.safetensors$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** What `writeFileAtomically` writes before it takes its place. */
function isUnfinished(name: string): boolean {
  return /^(step-\d+|best)\.safetensors\..*\.tmp$/.test(name);
}

/** True if the last epoch is better than all before it. */
function isBest({
  loss,
  val_loss,
}: {
  readonly loss: readonly number[];
  readonly val_loss: readonly number[];
}): boolean {
  const losses = val_loss.length > 0 ? val_loss : loss;
  const last = losses.at(-1) ?? Number.NaN;
  return losses.slice(0, -1).every((other) => last < other);
}
