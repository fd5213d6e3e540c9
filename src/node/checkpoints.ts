import { access, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Checkpoint, expectNotes, saveCheckpoint } from "../formats/checkpoint.js";
import type { LoadModelOptions } from "../formats/model-file.js";
import type { Callback, CheckpointEvent } from "../model/callback.js";
import type { History } from "../model/history.js";
import { expectInteger, expectOptions } from "../tensor/expect.js";
import { expectFolder } from "./expect-path.js";
import { fileError } from "./file-errors.js";
import { expectLoadOptions, readCheckpoint } from "./model-files.js";
import { makeFolder } from "./output-folder.js";
import { finishedName } from "./unfinished-file.js";
import { writeFileAtomically } from "./write-file.js";

const KEPT = 2;
const BEST = "best.safetensors";

/** Options of `Checkpoints`. */
export interface CheckpointsOptions {
  /** Save after every so many steps as well, and not only after each epoch. @default after epochs only */
  readonly every?: number | undefined;
  /** Any text to keep with each checkpoint. @default "", or in a training that is resumed what it was */
  readonly notes?: string | undefined;
}

/** Options of `Checkpoints.resume`. */
export interface ResumeOptions extends CheckpointsOptions, LoadModelOptions {}

/** A training to go on with, and what goes on saving it. */
export interface ResumedTraining extends Checkpoint {
  readonly checkpoints: Checkpoints;
  /** The file that was read. */
  readonly path: string;
  /** Why newer ones could not be read; empty as a rule. */
  readonly damaged: readonly Error[];
}

/**
 * Saves a training in a folder while it runs: at its start, after each epoch, and every so many steps if that is asked
 * for. The last two checkpoints are kept, and in `best.safetensors` the one after the epoch with the lowest validation
 * loss (training loss, where nothing is validated) of the `fit`.
 *
 * Each is written beside its place, onto the disk, and then moved there, and an older one of the same training is removed
 * only afterwards. So from its first step on, whenever the process or the machine stops, at least one whole checkpoint is
 * there.
 *
 * ```ts
 * const checkpoints = await Checkpoints.create("runs/a/checkpoints", { every: 500 });
 * await model.fit(train, { optimizer: new Adam(), callbacks: [checkpoints] });
 * // and after a crash:
 * const resumed = await Checkpoints.resume("runs/a/checkpoints", { every: 500 });
 * if (resumed) {
 *   const { model, state, checkpoints } = resumed;
 *   await model.fit(train, { optimizer: new Adam(), callbacks: [checkpoints], resume: state });
 * }
 * ```
 */
export class Checkpoints implements Callback {
  readonly folder: string;
  readonly #every: number;
  readonly #notes: string;
  #last: CheckpointEvent | undefined;
  #savedStep: number | undefined; // of the last checkpoint that was saved
  #isSaved = false; // the last one that was offered

  private constructor(folder: string, { every = Number.POSITIVE_INFINITY, notes = "" }: CheckpointsOptions) {
    this.folder = folder;
    this.#every = every;
    this.#notes = notes;
  }

  /**
   * For a training that begins: creates the folder, or removes the checkpoints of an earlier training from it.
   *
   * @throws RangeError if `every` is not a whole number >= 1; Error if the folder cannot be written.
   */
  static async create(folder: string, options: CheckpointsOptions = {}): Promise<Checkpoints> {
    expectArguments("Checkpoints.create", folder, options);
    const checkpoints = new Checkpoints(folder, options);
    await makeFolder(folder).catch((cause: unknown) => {
      throw fileError("write", folder, cause);
    });
    await removeFiles(folder, (name) => stepOf(name) !== undefined || name === BEST || isUnfinished(name));
    return checkpoints;
  }

  /**
   * For a training that goes on: the newest checkpoint in the folder that can be read.
   *
   * @returns nothing if there are no checkpoints.
   * @throws RangeError as `create`; Error if all of them are damaged, telling of the newest, or the folder cannot be read
   * or written.
   */
  static async resume(folder: string, options: ResumeOptions = {}): Promise<ResumedTraining | undefined> {
    const where = "Checkpoints.resume";
    expectArguments(where, folder, options);
    expectLoadOptions(where, options);
    const isThere = await access(folder).then(
      () => true,
      (cause: NodeJS.ErrnoException) => {
        if (cause.code === "ENOENT") return false;
        throw fileError("read", folder, cause); // else one would start anew, and lose what is there
      },
    );
    const damaged: Error[] = [];
    for (const name of isThere ? await listCheckpoints(folder) : []) {
      const path = join(folder, name);
      const checkpoint = await readCheckpoint(path, options).catch((error: Error) => {
        damaged.push(error);
      });
      if (!checkpoint) continue;
      const { every, notes = checkpoint.notes } = options;
      const checkpoints = new Checkpoints(folder, { every, notes });
      await removeFiles(folder, isUnfinished);
      return { ...checkpoint, checkpoints, path, damaged };
    }
    const [newest] = damaged;
    if (newest) throw newest;
    return undefined;
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
   * @returns the number of steps in the last checkpoint; undefined where there is none.
   */
  async flush(): Promise<number | undefined> {
    const event = this.#last;
    // a step that has failed in its middle may have changed weights; then the last checkpoint is the one to go on from
    if (event?.isCurrent && !this.#isSaved) await this.#save(event);
    return this.#savedStep;
  }

  async #save({ model, step, logs, state }: CheckpointEvent): Promise<void> {
    const training = state();
    const bytes = saveCheckpoint(model, training, this.#notes);
    // the best one first: if the step's own cannot be written, the epoch is done anew, and the best one with it
    if (logs && isBest(training.history)) await writeFileAtomically(join(this.folder, BEST), bytes);
    await writeFileAtomically(join(this.folder, nameOf(step)), bytes);
    this.#savedStep = step;
    this.#isSaved = true;
    // newer ones than this are of a training that was left for an earlier checkpoint, or are damaged
    const names = await listCheckpoints(this.folder);
    const kept = names.filter((name) => stepOf(name)! <= step).slice(0, KEPT);
    await removeFiles(this.folder, (name) => names.includes(name) && !kept.includes(name));
  }
}

function expectArguments(where: string, folder: string, options: CheckpointsOptions): void {
  expectFolder(where, folder);
  const { every, notes } = expectOptions(where, options);
  if (every !== undefined) expectInteger(where, "every", every, { min: 1 });
  if (notes !== undefined) expectNotes(where, notes);
}

/** Removes the files of which `isOld` is true. */
async function removeFiles(folder: string, isOld: (name: string) => boolean): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!isOld(name)) continue;
    const path = join(folder, name);
    await rm(path, { force: true }).catch((cause: unknown) => {
      throw fileError("remove", path, cause);
    });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((cause: unknown) => {
    throw fileError("read", folder, cause);
  });
}

/** The names of the checkpoints, the newest first. */
async function listCheckpoints(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
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
  const finished = finishedName(name);
  return finished !== undefined && (stepOf(finished) !== undefined || finished === BEST);
}

/** True if the last epoch is better than all before it. */
function isBest({ loss, val_loss }: History): boolean {
  const losses = val_loss.length > 0 ? val_loss : loss;
  const last = losses.at(-1) ?? Number.NaN;
  return losses.slice(0, -1).every((other) => last < other);
}
