import { CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { ExitCode, explain, Failure, isInterruption, UsageError } from "../../src/cli/failure.js";

describe("explain", () => {
  test("gives a failure its sentence and its exit code", () => {
    const failure = new Failure("the disk is full.", ExitCode.failed);
    expect(explain(failure)).toEqual({ exitCode: 1, message: "tinyconv: the disk is full." });
  });

  test("adds to a mistake on the command line where the options are", () => {
    expect(explain(new UsageError("--epochs: expected more."))).toEqual({
      exitCode: 2,
      message: 'tinyconv: --epochs: expected more. Run "tinyconv --help" for the options.',
    });
  });

  test("names the command that was given, if it has a help of its own", () => {
    const hint = 'Run "tinyconv evaluate --help" for the options.';
    expect(explain(new UsageError("--data: expected more."), false, "evaluate").message).toBe(
      `tinyconv: --data: expected more. ${hint}`,
    );
    const unknown = new CommanderError(1, "x", "error: unknown option '--bogus'");
    expect(explain(unknown, false, "evaluate").message).toBe(`tinyconv: unknown option '--bogus'. ${hint}`);
  });

  test("makes sentences of commander's messages, and their exit code 2", () => {
    const unknown = new CommanderError(
      1,
      "commander.unknownOption",
      "error: unknown option '--epoch'\n(Did you mean --epochs?)",
    );
    expect(explain(unknown)).toEqual({
      exitCode: 2,
      message:
        "tinyconv: unknown option '--epoch'. Did you mean --epochs? Run \"tinyconv --help\" for the options.",
    });
    const missing = new CommanderError(1, "x", "error: option '--out <dir>' argument missing");
    expect(explain(missing).message).toBe(
      "tinyconv: option '--out <dir>' argument missing. Run \"tinyconv --help\" for the options.",
    );
  });

  test("has nothing to say after --help and --version", () => {
    const help = new CommanderError(0, "commander.helpDisplayed", "(outputHelp)");
    expect(explain(help)).toEqual({ exitCode: 0, message: "" });
  });

  test("has nothing to say where nobody listens", () => {
    const closed = new Failure("closed.", ExitCode.closedOutput);
    expect(explain(closed)).toEqual({ exitCode: 141, message: "" });
  });

  test("takes any other error for a failed run, and anything else that was thrown too", () => {
    expect(explain(new RangeError("f: expected 1, got 2."))).toEqual({
      exitCode: 1,
      message: "tinyconv: f: expected 1, got 2.",
    });
    expect(explain("odd")).toEqual({ exitCode: 1, message: "tinyconv: odd" });
  });

  test("lets no name out of a file write to the terminal as it likes", () => {
    const failure = new Failure("got \u001b[2J\u009b.", 2, { cause: new Error("\u009b") });
    expect(explain(failure).message).toBe("tinyconv: got \\u001b[2J\\u009b.");
    expect(explain(failure, true).message).not.toContain("\u009b");
  });

  test("shows the stack, and that of the cause, for debugging only", () => {
    const failure = new Failure("outer.", 1, { cause: new Error("inner") });
    expect(explain(failure).message).toBe("tinyconv: outer.");
    const { message } = explain(failure, true);
    expect(message).toMatch(/^tinyconv: outer\.\nFailure: outer\.\n {4}at /);
    expect(message).toContain("[cause]: Error: inner\n");
  });
});

describe("isInterruption", () => {
  test("is true for the signals of the system, and for no other end", () => {
    const { interrupted, terminated, hungUp, closedOutput, failed } = ExitCode;
    const of = (exitCode: number) => isInterruption(new Failure("ended.", exitCode));
    expect([interrupted, terminated, hungUp].map(of)).toEqual([true, true, true]);
    expect([closedOutput, failed].map(of)).toEqual([false, false]);
    expect(isInterruption(new Error("ended."))).toBe(false);
  });
});
