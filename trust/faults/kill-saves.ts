import assert from "node:assert/strict";
import { cpSync, rmSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { Random } from "../../src/tensor/random.js";
import { saveUndisturbed } from "./failing-saves.js";
import { stateOf } from "./folder-state.js";
import { MOMENTS, runHooked } from "./hooked.js";
import { expectKilled } from "./kill-saving.js";
import type { KillOptions } from "./kill-training.js";
import { SAVES, type Save, sha256 } from "./saves.js";

const PROGRAM = resolve(import.meta.dirname, "save-once.ts");

/**
 * Saves a second version over a first one, in a process that kills itself at one of its calls to the disk, and then again, in
 * one that does not.
 *
 * @returns how many kills have left the old version of all files, and how many a new one of some.
 * @throws AssertionError unless every file is whole, and nothing is left of the first attempt after the second one, an hour
 * later.
 */
export async function killSaves(
  name: keyof typeof SAVES,
  { cwd, kills, seed, log }: KillOptions,
): Promise<{ readonly old: number; readonly new: number }> {
  const save: Save = SAVES[name];
  const look = (folder: string) => stateOf(folder, save.digest ?? sha256);
  const { first, calls, versions, end, begin } = await saveUndisturbed(save, join(cwd, name));
  const random = new Random(seed);
  const count = { old: 0, new: 0 };
  for (let i = 1; i <= kills; i++) {
    const folder = join(cwd, `${name}-${i}`);
    cpSync(first, folder, { recursive: true });
    const k = 1 + random.integer(calls);
    const act = MOMENTS[random.integer(MOMENTS.length)]!;
    const fault = { folder, log: join(cwd, "calls"), k, act, delay: random.uniform(0, 3) };
    const { exitCode, stderr } = await runHooked([name, folder], { cwd, program: PROGRAM }, fault);
    assert.equal(stderr, "");
    expectKilled(exitCode, act);

    const what = `${save.what}, ${act} call ${k}`;
    const left = look(folder); // throws where a file is damaged
    for (const [file, content] of left.files)
      assert(versions.has(file, content), `${what}: ${file} is neither`);
    for (const file of versions.always) assert(left.files.has(file), `${what}: ${file} is lost`);
    const isOld = [...left.files].every(([file, content]) => begin.files.get(file) === content);
    count[isOld ? "old" : "new"]++;

    assert(left.unfinished.length <= 1, `${what}: ${left.unfinished}`);
    const earlier = new Date(Date.now() - 2 * 3_600_000);
    for (const file of left.unfinished) utimesSync(join(folder, file), earlier, earlier);
    await save.write(folder, 2);
    assert.deepEqual(look(folder), end, `${what}: and then again`);
    rmSync(folder, { recursive: true });
    if (i % 10 === 0) log?.(`${i} kills while ${save.what} was written`);
  }
  return count;
}
