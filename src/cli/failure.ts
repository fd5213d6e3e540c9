import { inspect } from "node:util";
import { CommanderError } from "commander";
import { messageOf } from "../node/file-errors.js";

/** What the program's exit code says. */
export const ExitCode = {
  ok: 0,
  /** The accuracy is below `--min-accuracy`, or the run failed on its way. */
  failed: 1,
  /** The command line or the input is wrong; nothing was trained or written. */
  badInput: 2,
  /** Ctrl-C: 128 + 2, the number of SIGINT. */
  interrupted: 130,
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

/** A mistake on the command line. */
export class UsageError extends Failure {
  constructor(message: string) {
    super(`${message} Run "tinyconv --help" for the options.`, ExitCode.badInput);
  }
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
 * @returns a message of `""` where there is nothing to say, as after `--help`.
 */
export function explain(error: unknown, debug = false): { exitCode: number; message: string } {
  // commander ends --help and --version with an error too, one of exit code 0
  if (error instanceof CommanderError && error.exitCode === 0) return { exitCode: ExitCode.ok, message: "" };
  const failure = toFailure(error);
  const { exitCode } = failure;
  if (exitCode === ExitCode.closedOutput) return { exitCode, message: "" };
  const stack = debug ? `\n${inspect(error)}` : "";
  return { exitCode, message: `tinyconv: ${failure.message}${stack}` };
}

function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) return new UsageError(sentence(error.message));
  return new Failure(messageOf(error), ExitCode.failed, { cause: error });
}

/** Commander's `error: unknown option '--epoch'\n(Did you mean --epochs?)` as sentences. */
function sentence(message: string): string {
  const text = message.replace(/^error: /, "").replace(/\n\((.*)\)$/, ". $1");
  return /[.?]$/.test(text) ? text : `${text}.`;
}
