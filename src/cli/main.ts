#!/usr/bin/env node
import process from "node:process";
import { createProgram } from "./command-line.js";
import { evaluateCommand } from "./evaluate.js";
import { exportCommand } from "./export.js";
import { exportCsvCommand } from "./export-csv.js";
import { ExitCode, explain, Failure } from "./failure.js";
import { importCommand } from "./import.js";
import { inspectCommand } from "./inspect.js";
import { predictCommand } from "./predict.js";
import { reportCommand } from "./report.js";
import { submitCommand } from "./submit.js";
import type { Surroundings } from "./surroundings.js";
import { train } from "./train.js";

/*
 * The program `tinyconv`. Nothing ends the process by force: the exit code is set, and the process ends when it has
 * nothing left to do, so that neither a file nor a line of output is cut off.
 */

const { stdout, stderr } = process;
const stop = new AbortController();
let ended: unknown; // the error that the program has ended with
let command = ""; // the one that was given, if it is not the default one

// once: who presses Ctrl-C again, during a step of many seconds, is not kept waiting
for (const [signal, exitCode] of [
  ["SIGINT", ExitCode.interrupted],
  ["SIGTERM", ExitCode.terminated],
  ["SIGHUP", ExitCode.hungUp],
] as const) {
  process.once(signal, () => stop.abort(new Failure("interrupted.", exitCode)));
}
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (stop.signal.aborted) return;
  const closed = error.code === "EPIPE"; // by the reader, as `tinyconv | head` does
  const exitCode = closed ? ExitCode.closedOutput : ExitCode.failed;
  const failure = new Failure(`cannot write to the standard output: ${error.message}.`, exitCode);
  stop.abort(failure);
  end(failure); // at once: after the last line nobody looks at the signal any more
});
stderr.on("error", () => {}); // there is no place left to tell of it

const surroundings: Surroundings = { stdout, stderr, signal: stop.signal };
const others = [
  evaluateCommand,
  predictCommand,
  submitCommand,
  reportCommand,
  exportCommand,
  importCommand,
  inspectCommand,
  exportCsvCommand,
];
createProgram(
  (settings) => train(settings, surroundings),
  others.map((create) => create(surroundings)),
)
  .hook("preSubcommand", (_program, subcommand) => {
    // the help of the default command is that of the program
    if (subcommand.name() !== "train") command = subcommand.name();
  })
  .parseAsync()
  .catch((error: unknown) => {
    if (error !== ended) end(error);
  });

/** Sets the exit code for what was thrown, and says what it was. */
function end(error: unknown): void {
  ended = error;
  const { exitCode, message } = explain(error, process.env.TINYCONV_DEBUG === "1", command);
  process.exitCode = exitCode;
  if (message) stderr.write(`${message}\n`);
}
