import { fork } from "node:child_process";
import { resolve } from "node:path";
import type { Backend } from "tinyconv";
import { build } from "tsup";
import type { JobName, Jobs } from "./jobs.js";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = resolve(ROOT, "build/trust/load");

/** What a job computes with. */
export interface Setting {
  readonly backend: Backend;
  /** For the engine. @default none */
  readonly flags?: readonly string[];
}

let built: Promise<void> | undefined;

/**
 * Runs a job in a process of its own, in which there is nothing but Node, the built package and the job: no compiler is
 * loaded, and no collection is asked for.
 *
 * @throws Error if the job throws, or if the process has anything to say.
 */
export async function inChild<Name extends JobName>(
  name: Name,
  options: Jobs[Name]["options"],
  { backend, flags = [] }: Setting,
): Promise<Jobs[Name]["result"]> {
  built ??= buildJobs();
  await built;
  const child = fork(resolve(FOLDER, "child-main.js"), {
    cwd: ROOT,
    execArgv: [...flags],
    env: { ...process.env, NODE_OPTIONS: "", TINYCONV_BACKEND: backend, TINYCONV_THREADS: "" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  return new Promise((resolve, reject) => {
    let answer: { result?: Jobs[Name]["result"]; error?: string } = {};
    let words = "";
    child.stderr?.on("data", (text) => {
      words += text;
    });
    child.on("message", (message: typeof answer) => {
      answer = message;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const { result, error } = answer;
      if (code === 0 && result !== undefined && words === "") resolve(result);
      else if (error !== undefined) reject(new Error(`${name}: ${error}`));
      else reject(new Error(`${name}: expected a result, got exit code ${code}. ${words}`.trim()));
    });
    child.send({ name, options });
  });
}

async function buildJobs(): Promise<void> {
  await build({
    entry: { "child-main": resolve(ROOT, "trust/load/child-main.ts") },
    outDir: FOLDER,
    format: "esm",
    target: "es2022",
    external: [/^tinyconv/],
    config: false,
    silent: true,
  });
}
