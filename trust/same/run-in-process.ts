import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Prepared } from "./prepare.js";
import type { Trained, Training } from "./training.js";

/** A program that runs JavaScript, and what goes before the file in its arguments. */
export type Command = readonly [program: string, ...args: readonly string[]];

/**
 * Trains in a process of its own of Node, or of what does as Node.
 *
 * @throws Error if it ends with an error, or prints anything but the result.
 */
export async function runInProcess(
  command: Command,
  { program, digits }: Pick<Prepared, "program" | "digits">,
  training: Training,
): Promise<Trained> {
  const { stdout, stderr } = await run(command, [program, JSON.stringify(training), digits]);
  if (stderr !== "") throw new Error(`${command[0]}: expected no word on stderr, got: ${stderr}`);
  return JSON.parse(stdout) as Trained;
}

/** The versions of all that it is made of, as `process.versions` has them. */
export async function versionsOf(command: Command): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await run(command, ["-p", "JSON.stringify(process.versions)"]);
  return JSON.parse(stdout) as Record<string, string>;
}

function run(
  [path, ...before]: Command,
  args: readonly string[],
): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, NODE_OPTIONS: "", TINYCONV_BACKEND: "", TINYCONV_THREADS: "" };
  return promisify(execFile)(path, [...before, ...args], { env });
}
