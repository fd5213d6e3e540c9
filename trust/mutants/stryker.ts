import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..", "..");
const PACKAGES = join(ROOT, "trust", "node_modules", "@stryker-mutator");

/** Whether Stryker is there: it is in the package of trust/, which not everybody installs. */
export const HAS_STRYKER = existsSync(PACKAGES);

/** How to get it. */
export const STRYKER_REMEDY = "npm ci --ignore-scripts --prefix trust";

/** A mutated place, as in the schema of mutation testing reports. */
export interface Mutant {
  readonly replacement: string;
  readonly location: { readonly start: Place; readonly end: Place };
  /** Killed, Timeout, Survived, NoCoverage, CompileError, RuntimeError or Ignored. */
  readonly status: string;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** The part of such a report that is read here. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

export interface StrykerOptions {
  /** What to mutate: files or patterns. */
  readonly mutate: readonly string[];
  /** The tests that mutants have to get past: files or patterns. */
  readonly tests: readonly string[];
  /** How many mutants are tried at once. @default 1 */
  readonly concurrency?: number;
  /** Takes over what an earlier run knows of mutants whose own code and whose tests' code is as it was. @default false */
  readonly incremental?: boolean;
  /** Tries every mutant again all the same, and remembers what comes of it. @default false */
  readonly force?: boolean;
  readonly log?: (line: string) => void;
}

/**
 * Runs Stryker, in a copy of the project, and gives its report.
 *
 * @param name of the files that it leaves in build/mutants
 * @throws Error if Stryker fails, for instance because a test fails without any mutant.
 */
export async function runStryker(
  name: string,
  { mutate, tests, concurrency = 1, incremental = false, force = false, log = () => {} }: StrykerOptions,
): Promise<MutationReport> {
  const folder = join(ROOT, "build", "mutants");
  mkdirSync(folder, { recursive: true });
  const reportFile = join(folder, `${name}-report.json`);
  const configFile = join(folder, `${name}.json`);
  const config = {
    mutate,
    concurrency,
    testRunner: "vitest",
    plugins: [join(PACKAGES, "vitest-runner", "dist", "src", "index.js")],
    vitest: { configFile: "trust/mutants/vitest.config.ts", related: false },
    coverageAnalysis: "perTest",
    timeoutMS: 10_000, // besides 1.5 times what the tests take: a busy machine must not make a mutant look hung
    incremental,
    force,
    incrementalFile: join(folder, `${name}-incremental.json`),
    tempDirName: "build/mutants/sandbox",
    ignorePatterns: ["bench", "build", "dist", "docs", "exercises", "runs", "web"],
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: reportFile },
  };
  writeFileSync(configFile, JSON.stringify(config, undefined, 2));
  await run([join(PACKAGES, "core", "bin", "stryker.js"), "run", configFile], tests, log);
  return JSON.parse(readFileSync(reportFile, "utf8")) as MutationReport;
}

/** Runs a script of Node in the root of the project. */
function run(args: readonly string[], tests: readonly string[], log: (line: string) => void): Promise<void> {
  // a test that calls this has variables of its own test runner
  const outer = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|TEST|NODE_ENV|NODE_OPTIONS)/.test(name),
  );
  const env = { ...Object.fromEntries(outer), MUTANT_TESTS: tests.join(" ") };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const line of text.split("\n")) if (line.startsWith("Mutation testing")) log(line);
    });
  }
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) done();
      else fail(new Error(`Stryker: expected exit code 0, got ${code}.\n${output.slice(-5000)}`));
    });
  });
}
