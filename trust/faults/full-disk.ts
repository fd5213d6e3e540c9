import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../test/helpers/program.js";
import { commandFor, expectSameEnd, expectSuccess, newestStep, trainUndisturbed } from "./runs.js";

export interface FullDisks {
  /** The sizes of the disks, in KB. */
  readonly sizes: readonly number[];
  /** Runs that ended for want of room, and those that had enough. */
  readonly full: number;
  readonly enough: number;
}

const OPTIONS =
  "train --data digits --model lenet --epochs 1 --batch-size 8 --checkpoint-every 2 --threads 1 --quiet --no-report";

/** Mounts a disk in memory of so many KB; false where that cannot be done, as on Windows, or without the right to. */
export function mountDisk(folder: string, kilobytes: number): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export function unmountDisk(folder: string): void {
  execFileSync("umount", [folder]);
}

function enlargeDisk(folder: string, kilobytes: number): void {
  execFileSync("mount", ["-o", `remount,size=${kilobytes}k`, folder]);
}

/**
 * Trains with the program on disks of several sizes, most of which are full at some moment: at the first checkpoint, or a
 * later one, or the model. Then there is room, and the run is gone on with, or begun anew.
 *
 * @throws AssertionError unless the error names the file and the reason, every checkpoint is whole, and the end is the same in
 * every bit.
 */
export async function fillDisks(cwd: string, sizes: readonly number[]): Promise<FullDisks> {
  const whole = await trainUndisturbed(cwd, OPTIONS.split(" "), 40);
  let full = 0;
  for (const size of sizes) {
    const disk = join(cwd, `disk-${size}`);
    assert(mountDisk(disk, size), "expected to be allowed to mount a disk in memory");
    try {
      const out = join(`disk-${size}`, "run");
      const { exitCode, stderr } = await runProgram(commandFor(whole, out, -1), { cwd });
      if (exitCode !== 0) {
        full++;
        assert.match(stderr, /^tinyconv: Cannot write disk-\S+: no space left on the disk\.\n$/);
        const step = newestStep(whole, out, -1);
        assert.equal(exitCode, stderr.includes(`${out}:`) || stderr.includes("checkpoints:") ? 2 : 1, stderr);
        enlargeDisk(disk, 100_000);
        expectSuccess(await runProgram(commandFor(whole, out, step), { cwd }));
      }
      expectSameEnd(whole, out);
    } finally {
      unmountDisk(disk);
    }
  }
  return { sizes, full, enough: sizes.length - full };
}
