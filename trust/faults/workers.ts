import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { WORD } from "../../src/tensor/simd/control.js";
import { runProgram } from "../../test/helpers/program.js";
import { TYPESCRIPT } from "./hooked.js";
import type { ChildReport } from "./worker-child.js";

export const ACTS = ["throws", "exits", "never answers"] as const;
export const OPERATIONS = ["fit", "evaluate", "predict"] as const;
export const TIMES = ["at its start", "between two jobs", "in a job"] as const;

/** What a worker thread does, and when. */
export interface WorkerFault {
  readonly act: (typeof ACTS)[number];
  readonly time: (typeof TIMES)[number];
  /** What the main thread is doing meanwhile. */
  readonly operation: (typeof OPERATIONS)[number];
  /** Which job it is, or which pause between two, from 1. @default 1 */
  readonly nth?: number;
}

const ROOT = resolve(import.meta.dirname, "../..");
const NO_ANSWER = "finish its share, got no answer from a worker thread for 30 s.";

/** What each fault has to come to: the reason in the warning, and the error of the one call that cannot be finished. */
function expectedOf({ act, time }: WorkerFault): { readonly warning?: string; readonly error?: string } {
  if (time !== "in a job") {
    // the others compute without it, and never wait for it
    if (act === "never answers") return {};
    return { warning: act === "throws" ? "injected" : "it has ended" };
  }
  if (act === "throws")
    return { warning: "in a job", error: "do its share, got a worker thread that failed." };
  return { warning: "it does not answer", error: NO_ANSWER };
}

/**
 * Computes in a process of its own with a worker thread that fails.
 *
 * @param folder where a library is put that has such a worker.
 * @param speed by which factor the clock runs faster that patience goes by. @default 1
 * @returns the seconds that the longest call took, by that clock.
 * @throws AssertionError unless the process ends by itself, with one warning and at most one call that throws, as it has to
 * be for the fault; every other call, and training that is gone on with, gives the bits of one thread.
 */
export async function failWorker(folder: string, fault: WorkerFault, speed = 1): Promise<number> {
  const what = `a worker that ${fault.act} ${fault.time}, in ${fault.operation}`;
  const { warning, error } = expectedOf(fault);
  const dist = join(folder, "dist");
  cpSync(join(ROOT, "dist"), dist, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const worker = join(dist, "worker.js");
  writeFileSync(worker, `${codeOf(fault)}\n${readFileSync(worker, "utf8")}`);
  const { exitCode, stdout, stderr } = await runProgram(
    [dist, fault.operation, String(speed), String(warning ? 60 : 2)],
    {
      cwd: ROOT,
      program: resolve(import.meta.dirname, "worker-child.ts"),
      execArgv: TYPESCRIPT,
      env: { TINYCONV_THREADS: "", TINYCONV_BACKEND: "" },
      timeout: 150_000,
    },
  );
  const line = `tinyconv: a worker thread failed (${warning}), so one thread computes from now on.\n`;
  assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: warning ? line : "" }, what);
  const { seconds, ...report } = JSON.parse(stdout) as ChildReport;
  const errors = error ? [`tinyconv: expected every thread to ${error}`] : [];
  assert.deepEqual(report, { errors, wrong: 0, after: warning ? 5 : 0 }, what);
  return seconds;
}

/** What stands in front of the worker's code. */
function codeOf({ act, time, nth = 1 }: WorkerFault): string {
  const acts: Record<WorkerFault["act"], string> = {
    throws: `throw new Error("injected");`,
    exits: "globalThis.process.exit(1);",
    "never answers": "for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);",
  };
  const fail = acts[act];
  if (time === "at its start") return fail;
  // it waits for a job with the one, and has taken a part of a job with the other
  const isNow =
    time === "in a job"
      ? `name === "add" && index >= ${WORD.next}`
      : `name === "load" && index === ${WORD.state}`;
  return `
    let count = 0;
    for (const name of ["add", "load"]) {
      const original = Atomics[name];
      Atomics[name] = (words, index, ...rest) => {
        const result = original(words, index, ...rest);
        if (${isNow} && ++count === ${nth}) { ${fail} }
        return result;
      };
    }`;
}
