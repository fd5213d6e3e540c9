import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  DISK_ERRORS,
  type DiskCall,
  type DiskError,
  failCall,
  type Interception,
  interceptDisk,
} from "./disk.js";
import { type FolderState, stateOf, Versions } from "./folder-state.js";
import { type Save, sha256 } from "./saves.js";
import { inTemporaryFolder } from "./temporary-folder.js";

/** How a disk fails: at the k-th call only, or from it on. */
export type Outage = "only at" | "from";

export interface FailOptions {
  readonly codes: readonly DiskError[];
  /** @default both */
  readonly outages?: readonly Outage[];
  /** From one call to the next that fails. @default 1 */
  readonly stride?: number;
  /** Gives each call one of the codes, in turn, in place of all. @default false */
  readonly inTurn?: boolean;
}

export interface FailingSaves {
  /** Calls to the disk of a save that nothing comes in the way of. */
  readonly calls: number;
  /** Saves in which a call failed. */
  readonly faults: number;
  /** Those that ended with an error; the others did not need what failed, or tried to tidy up. */
  readonly errors: number;
}

/**
 * Saves a second version over a first one as often as there are calls to the disk, and lets another call fail each time, with
 * every code, or with one of them; then saves it again, on a disk that works.
 *
 * @throws AssertionError unless every file is whole at any time, its old version or its new one, an error names the file and
 * says what went wrong, nothing unfinished is left where something can be removed, and the second attempt succeeds.
 */
export async function failEveryCall(
  save: Save,
  { codes, outages = ["only at", "from"], stride = 1, inTurn = false }: FailOptions,
): Promise<FailingSaves> {
  return inTemporaryFolder(async (root) => {
    const course = await saveUndisturbed(save, join(root, "undisturbed"));
    let errors = 0;
    let faults = 0;
    for (const outage of outages) {
      for (let k = 1; k <= course.calls; k += stride) {
        for (const code of inTurn ? [codes[k % codes.length]!] : codes) {
          faults++;
          if (await failCallOf(save, course, join(root, String(faults)), { code, outage, k })) errors++;
        }
      }
    }
    return { calls: course.calls, faults, errors };
  });
}

/** What happens where nothing comes in the way. */
export interface Course {
  /** A folder with the first version, to be copied. */
  readonly first: string;
  readonly calls: number;
  readonly versions: Versions;
  readonly begin: FolderState;
  readonly end: FolderState;
}

/** Writes the first version into a new folder, and the second one over it. */
export async function saveUndisturbed(save: Save, folder: string): Promise<Course> {
  const look = (): FolderState => stateOf(folder, save.digest ?? sha256);
  mkdirSync(folder);
  await save.write(folder, 1);
  const first = `${folder}-first`;
  cpSync(folder, first, { recursive: true });
  const versions = new Versions();
  const begin = look();
  versions.add(begin);
  let calls = 0;
  await saveOn(save, folder, async ({ index }, { whole }) => {
    const result = await whole();
    calls = index;
    // what is between the first version and the second has to be whole as well: a digest tells
    if (save.digest) versions.add(look());
    else versions.see(look());
    return result;
  });
  const end = look();
  versions.add(end);
  assert.deepEqual(end.unfinished, []);
  return { first, calls, versions, begin, end };
}

/** Writes the second version on a disk that is intercepted. */
async function saveOn(save: Save, folder: string, intercept: Interception): Promise<void> {
  const restore = interceptDisk(folder, intercept);
  try {
    await save.write(folder, 2);
  } finally {
    restore();
  }
}

interface Fault {
  readonly code: DiskError;
  readonly outage: Outage;
  readonly k: number;
}

/** True if the save ended with an error. */
async function failCallOf(
  save: Save,
  { first, versions, end }: Course,
  folder: string,
  { code, outage, k }: Fault,
): Promise<boolean> {
  const look = (): FolderState => stateOf(folder, save.digest ?? sha256);
  cpSync(first, folder, { recursive: true });
  let failed: DiskCall | undefined; // the first one
  const error = await saveOn(save, folder, (call, execution) => {
    const fails = outage === "from" ? call.index >= k : call.index === k;
    if (!fails) return execution.whole();
    failed ??= call;
    return failCall(call, execution, code);
  }).then(
    () => undefined,
    (error: Error) => error,
  );

  const what = `${save.what}, ${code} ${outage} call ${k}, ${failed?.name} ${failed?.path}`;
  const left = look(); // throws where a file is damaged
  for (const [name, content] of left.files)
    assert(versions.has(name, content), `${what}: ${name} is neither old nor new`);
  for (const name of versions.always) assert(left.files.has(name), `${what}: ${name} is lost`);
  // a file that cannot be removed has to stay
  if (outage === "only at" && failed?.name !== "rm") assert.deepEqual(left.unfinished, [], what);
  if (error) expectClear(error, folder, code, what);
  else assert.deepEqual(left.files, end.files, what);

  await save.write(folder, 2);
  assert.deepEqual(look().files, end.files, `${what}: and then again`);
  rmSync(folder, { recursive: true });
  return error !== undefined;
}

/** @throws AssertionError unless the message names a path in the folder, and says what is wrong in words. */
function expectClear({ message }: Error, folder: string, code: DiskError, what: string): void {
  const [, path = "", reason = ""] = /^Cannot (?:read|write|remove) (.*?): (.*)$/.exec(message) ?? [];
  assert(path.startsWith(folder), `${what}: expected an error that names the path, got "${message}"`);
  assert(!path.endsWith(".tmp"), `${what}: expected the name of the file, got "${message}"`);
  const sentence = `${DISK_ERRORS[code]}.`;
  const afterwards = `${sentence} It is in its place, but may not be on the disk yet.`;
  assert([sentence, afterwards].includes(reason), `${what}: expected the reason, got "${message}"`);
}
