import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Ran, runProgram } from "../../test/helpers/program.js";
import { commandFor, expectSameEnd, trainUndisturbed } from "./runs.js";

const OPTIONS = "train --data digits --model lenet --epochs 1 --batch-size 8 --quiet --no-report";

const REASON = "WebAssembly.Memory(): could not allocate memory";
const WARNING = `tinyconv: WebAssembly SIMD is not to be had here (${REASON}), so plain TypeScript computes: the same numbers, slower.\n`;
const REFUSAL = `tinyconv: setBackend: expected an engine that compiles WebAssembly SIMD, got "${REASON}". Use "plain".\n`;

/** What is loaded in front of the program, so that no memory of the kernels can be made of which that is true. */
const refusing = (condition: string): string => {
  const code = `
    WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
      construct(target, args) {
        const { shared = false } = args[0];
        if (${condition}) throw new RangeError(${JSON.stringify(REASON)});
        return Reflect.construct(target, args);
      },
    });`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
};

/**
 * Trains with the program where the engine refuses to make the memory of the kernels, altogether or if it is to be shared by
 * threads, on one thread and on two.
 *
 * @returns the number of trainings.
 * @throws AssertionError unless, where it is refused altogether, there is one warning, and plain code computes; where only shared
 * memory is, nothing is said, and the kernels compute on one thread; the bits are always the same; and who asks for the
 * kernels by name is refused before anything is written.
 */
export async function refuseKernels(cwd: string): Promise<number> {
  const whole = await trainUndisturbed(cwd, OPTIONS.split(" "), 40);
  const run = (out: string, condition: string, ...more: readonly string[]): Promise<Ran> =>
    runProgram([...commandFor(whole, out, -1), ...more], {
      cwd,
      env: { TINYCONV_BACKEND: "", TINYCONV_THREADS: "" },
      execArgv: ["--import", refusing(condition)],
    });

  let trainings = 0;
  for (const threads of ["1", "2"]) {
    for (const [condition, backend, said] of [
      ["true", "plain", WARNING],
      ["shared", "simd", ""],
    ] as const) {
      const out = `${backend}-${threads}`;
      const { exitCode, stderr } = await run(out, condition, "--threads", threads);
      assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: said }, out);
      expectSameEnd(whole, out);
      const metrics = JSON.parse(readFileSync(join(cwd, out, "metrics.json"), "utf8")) as { backend: string };
      assert.equal(metrics.backend, backend, `${out}: what has computed`);
      trainings++;
    }
  }
  const { exitCode, stderr } = await run("by-name", "true", "--backend", "simd");
  assert.deepEqual({ exitCode, stderr }, { exitCode: 2, stderr: REFUSAL });
  assert(!existsSync(join(cwd, "by-name")));
  return trainings + 1;
}
