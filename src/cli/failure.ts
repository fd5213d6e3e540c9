import { inspect } from "node:util";
import { CommanderError } from "commander";
import { messageOf } from "../node/file-errors.js";
import { printableLines } from "./printable.js";

/** What the program's exit code says. */
export const ExitCode = {
  ok: 0,
  /** The accuracy is below `--min-accuracy`, or the run failed on its way. */
  failed: 1,
  /** The command line or the input is wrong; nothing was trained or written. */
  badInput: 2,
  /** Ctrl-C: 128 + 2, the number of SIGINT. */
  interrupted: 130,
  /** The system ends it: 128 + 15, the number of SIGTERM. */
  terminated: 143,
  /** The terminal is closed: 128 + 1, the number of SIGHUP. */
  hungUp: 129,
  /** Nobody reads the output any more: 128 + 13, the number of SIGPIPE. */
  closedOutput: 141,
} as const;

/** An end of the program other than success: a sentence for the user, and the exit code. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    message: string,
    readonly exitCode: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A mistake on the command line: a sentence, and after it where the options are told of. */
export class UsageError extends Failure {
  /**
   * @param command The command it was made with, if it is not the default one. @default ""
   */
  constructor(
    readonly sentence: string,
    command = "",
  ) {
    const help = ["tinyconv", command, "--help"].filter((word) => word !== "").join(" ");
    super(`${sentence} Run "${help}" for the options.`, ExitCode.badInput);
  }
}

/** True for the end by a signal of the system, as by Ctrl-C. */
export function isInterruption(reason: unknown): reason is Failure {
  const codes: readonly number[] = [ExitCode.interrupted, ExitCode.terminated, ExitCode.hungUp];
  return reason instanceof Failure && codes.includes(reason.exitCode);
}

/**
 * Reads input; whatever is wrong with it ends the program with exit code 2.
 *
 * @throws Failure with the message of what `read` has thrown; the signal's reason if it has aborted.
 */
export async function readInput<Value>(
  read: () => Value | Promise<Value>,
  signal?: AbortSignal,
): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof Failure) throw cause;
    throw new Failure(messageOf(cause), ExitCode.badInput, { cause });
  }
}

/**
 * The exit code for what was thrown, and the text for stderr: one message, without a stack unless `debug`.
 *
 * @param command The command that was given, which has a help of its own. @default "", the default one
 * @returns a message of `""` where there is nothing to say, as after `--help`.
 */
export function explain(error: unknown, debug = false, command = ""): { exitCode: number; message: string } {
  // commander ends --help and --version with an error too, one of exit code 0
  if (error instanceof CommanderError && error.exitCode === 0) return { exitCode: ExitCode.ok, message: "" };
  const failure = toFailure(error, command);
  const { exitCode } = failure;
  if (exitCode === ExitCode.closedOutput) return { exitCode, message: "" };
  const stack = debug ? `\n${inspect(error)}` : "";
  // names out of a file may be in it
  return { exitCode, message: printableLines(`tinyconv: ${failure.message}${stack}`) };
}

function toFailure(error: unknown, command: string): Failure {
  // the options are read before it is known whose they are
  if (error instanceof UsageError) return new UsageError(error.sentence, command);
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) return new UsageError(sentence(error.message), command);
  return new Failure(messageOf(error), ExitCode.failed, { cause: error });
}

/** Commander's `error: unknown option '--epoch'\n(Did you mean --epochs?)` as sentences. */
function sentence(message: string): string {
  const text = message.replace(/^error: /, "").replace(/\n\((.*)\)$/, ". $1");
  return /[.?]$/.test(text) ? text : `${text}.`;
}
