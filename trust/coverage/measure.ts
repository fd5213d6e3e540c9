import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CoverageMap } from "./branches.js";
import { childCoverage } from "./child-coverage.js";
import { type FileBranches, summarize } from "./summary.js";

const FOLDER = "build/coverage"; // vitest.config.ts has it too
const CHILDREN = "build/coverage-children"; // vitest clears the other

/**
 * Runs the tests of the projects `source` and `built`, and counts which branches of `src` they take: in their own process, and
 * in the processes and threads that they start, which run the built package.
 *
 * @param tests Only these, by parts of their paths; all, if there are none.
 */
export async function measureCoverage(
  root: string,
  log: (line: string) => void,
  tests: readonly string[] = [],
): Promise<FileBranches[]> {
  const children = resolve(root, CHILDREN);
  rmSync(children, { recursive: true, force: true });
  mkdirSync(children, { recursive: true });
  await runTests(root, children, log, tests);
  return readCoverage(root);
}

/** The branches of the last measurement. */
export async function readCoverage(root: string): Promise<FileBranches[]> {
  const file = resolve(root, FOLDER, "coverage-final.json");
  const source = JSON.parse(readFileSync(file, "utf8")) as CoverageMap;
  const built = await childCoverage(resolve(root, CHILDREN), resolve(root));
  return summarize(source, built, resolve(root));
}

function runTests(
  root: string,
  children: string,
  log: (line: string) => void,
  tests: readonly string[],
): Promise<void> {
  const projects = ["--project", "source", "--project", "built"];
  const args = [...projects, "--coverage", "--coverage.reportOnFailure", ...tests];
  const child = spawn(process.execPath, [join("node_modules", "vitest", "vitest.mjs"), "run", ...args], {
    cwd: root,
    env: { ...process.env, CHILD_COVERAGE: children },
  });
  let output = "";
  const onText = (text: string): void => {
    output += text;
    for (const line of text.split("\n")) if (/Test Files|Tests /.test(line)) log(line.trim());
  };
  child.stdout.setEncoding("utf8").on("data", onText);
  child.stderr.setEncoding("utf8").on("data", onText);
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) =>
      code === 0 ? done() : fail(new Error(`vitest: expected no failure, got\n${output}`)),
    );
  });
}
