import { Command, CommanderError, InvalidArgumentError } from "commander";
import { exercises } from "./exercises.js";
import { report } from "./report.js";

/** Where the text goes. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * The command `npm run exercises`.
 *
 * @returns the exit code: 0 if all that was checked is right, 1 if not, 2 if the command line is wrong.
 */
export async function runExercises(args: readonly string[], { out, err }: Output): Promise<number> {
  const program = new Command("npm run exercises --")
    .description("Checks the exercises: copies of layers with one mistake each, which is yours to mend.")
    .argument("[numbers...]", `which to check, from 1 to ${exercises.length} (default: all)`, addNumber)
    .option("--solutions", "check the solutions in place of the exercises")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err });
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const given: readonly number[] = program.processedArgs[0];
  const { solutions = false } = program.opts<{ readonly solutions?: boolean }>();
  const numbers = given.length > 0 ? given : exercises.map((_, i) => i + 1);
  let failed = 0;
  for (const number of numbers) {
    const outcome = await report(number, exercises[number - 1]!, solutions ? "solution" : "exercise");
    if (!outcome.passed) failed++;
    out(`${outcome.text}\n\n`);
  }
  out(`${numbers.length - failed} passed, ${failed} failed.\n`);
  if (failed > 0 && !solutions) out("Hints: exercises/README.md. Solutions: exercises/solutions.\n");
  return failed === 0 ? 0 : 1;
}

function addNumber(text: string, before: readonly number[] | undefined): readonly number[] {
  const number = Number(text);
  if (!(Number.isInteger(number) && number >= 1 && number <= exercises.length)) {
    throw new InvalidArgumentError(`Expected a number from 1 to ${exercises.length}.`);
  }
  return [...(before ?? []), number];
}
