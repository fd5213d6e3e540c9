import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Contestant, Programs } from "./contestants.js";
import type { Result, Task } from "./task.js";

/** A result, or why there is none. */
export type Outcome = Result | { readonly fails: string };

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const TIME_LIMIT_MS = 10 * 60 * 1000;

/** Runs a contestant in a process of its own. One that is not installed or fails is an outcome too. */
export function run({ name, script, args }: Contestant, task: Task, { node, python }: Programs): Outcome {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const [program, ...options] = script.endsWith(".py")
    ? [python]
    : [node, "--import", import.meta.resolve("tsx")];
  const { error, status, stdout, stderr } = spawnSync(program!, [...options, path, ...args(task)], {
    cwd: FOLDER,
    env: environment(name, task.threads),
    encoding: "utf8",
    timeout: TIME_LIMIT_MS,
  });
  if (error) return { fails: error.message };
  if (status !== 0) return { fails: lastError(stderr) };
  const line = stdout.split("\n").findLast((text) => text.startsWith("{"));
  return line === undefined ? { fails: "no result" } : parseResult(line, task);
}

function environment(name: string, threads: number): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // PyTorch's own setting does not reach OpenBLAS, which would use every core
    OMP_NUM_THREADS: `${threads}`,
    OPENBLAS_NUM_THREADS: `${threads}`,
  };
  // tinyconv runs as the built package, the others beside its sources; see the two files
  env.TSX_TSCONFIG_PATH = name.startsWith("tinyconv") ? "../tsconfig.dist.json" : "tsconfig.json";
  // settings that make OpenBLAS slower or faster than it is
  delete env.OPENBLAS_CORETYPE;
  delete env.OPENBLAS_L2_SIZE;
  return env;
}

/** The result that a contestant has printed, if it ran the network that it was given. */
function parseResult(line: string, task: Task): Outcome {
  const result = JSON.parse(line) as Partial<Result>;
  const { version = "tinyconv", parameters = task.parameters } = result;
  if (parameters !== task.parameters) {
    return { fails: `its network has ${parameters} parameters, not ${task.parameters}` };
  }
  return { ...result, version, parameters };
}

/** The message of the error that ended a process, from what it wrote. */
function lastError(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const message = lines.findLast((line) => /^(\w*Error|Error)( \[\w+\])?:/.test(line));
  return (message ?? lines.findLast((line) => line !== "") ?? "no message").replace(
    /^\w*Error( \[\w+\])?: /,
    "",
  );
}
