import { existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Ran, type RunOptions, runProgram } from "../../test/helpers/program.js";
import type { DiskCall, DiskError } from "./disk.js";

/** When the process is killed: before a call to the disk, a moment after it was begun, or when it is done. */
export const MOMENTS = ["kill before", "kill within", "kill after"] as const;

export type KillMoment = (typeof MOMENTS)[number];

/** What a process of its own does to itself. */
export interface Fault {
  /** The calls to the disk that are counted: those to paths in it. */
  readonly folder: string;
  /** A file for the calls, as JSON, one a line. */
  readonly log: string;
  /** The call, from 1. */
  readonly k: number;
  readonly act: KillMoment | DiskError;
  /** With "kill within", so many milliseconds later. @default 0 */
  readonly delay?: number;
}

/** Runs a program in which something fails, and tells of the calls to the disk there were. */
export async function runHooked(
  args: readonly string[],
  options: RunOptions,
  fault: Fault,
): Promise<Ran & { readonly calls: readonly DiskCall[] }> {
  rmSync(fault.log, { force: true });
  const hook = pathToFileURL(resolve(import.meta.dirname, "hook.ts")).href;
  const ran = await runProgram(args, {
    ...options,
    env: { ...options.env, HOOK: JSON.stringify(fault) },
    execArgv: [...TYPESCRIPT, "--import", hook],
  });
  const lines = existsSync(fault.log) ? readFileSync(fault.log, "utf8").trim().split("\n") : [];
  return { ...ran, calls: lines.map((line) => JSON.parse(line) as DiskCall) };
}

/** What Node needs to run TypeScript, from any folder. */
export const TYPESCRIPT: readonly string[] = [
  "--import",
  pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href,
];

/** The fault in the environment. */
export function faultOf({ HOOK }: NodeJS.ProcessEnv): Fault {
  if (HOOK === undefined) throw new Error("hook: expected a fault in HOOK, got none.");
  return JSON.parse(HOOK) as Fault;
}
