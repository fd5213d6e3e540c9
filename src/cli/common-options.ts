import { Option } from "commander";
import { listOf } from "../node/words.js";
import { BACKENDS } from "../tensor/simd/backend.js";
import { MOST_THREADS } from "../tensor/simd/control.js";
import { UsageError } from "./failure.js";
import { oneOf, wholeNumber } from "./option-values.js";

/** What the exit codes say, for the help of each command. */
export const EXIT_CODES = `
Exit codes:
  0    done
  1    the accuracy is below --min-accuracy, or the run failed
  2    wrong options or input; nothing was written
  130  interrupted with Ctrl-C (143, 129: ended by SIGTERM, SIGHUP)
  141  the output was closed before the end, as by "head"

With TINYCONV_DEBUG=1 in the environment, an error shows where it came from.`;

/** Command lines with what they do beside them, for the help. */
export function examples(lines: readonly (readonly [line: string, meaning?: string])[]): string {
  const shown = lines.map(([line, meaning = ""]) => `  $ ${line.padEnd(47)} ${meaning}`.trimEnd());
  return `Examples:
${shown.join("\n")}

In a clone of the repository, "npm run --silent mnist --" stands for "tinyconv".`;
}

/** The option that says how many threads compute. */
export function threadsOption(): Option {
  const meaning = `threads that share the work, 1 to ${MOST_THREADS} (default: the cores there are)`;
  return new Option("--threads <n>", meaning).argParser(wholeNumber("--threads", 1, MOST_THREADS));
}

/** The option that says what computes. */
export function backendOption(): Option {
  const meaning = `what computes: ${listOf(BACKENDS, "or")} (default: simd where it can be had)`;
  return new Option("--backend <name>", meaning).argParser(oneOf("--backend", BACKENDS));
}

/** The option for programs. */
export function jsonOption(): Option {
  return new Option("--json", "print the figures as JSON, and all else on stderr");
}

/** @throws UsageError if there is an argument more than there should be. */
export function noMoreArguments(extra: string | undefined, expected: string): void {
  if (extra === undefined) return;
  throw new UsageError(`expected ${expected}, got ${JSON.stringify(extra)}.`);
}
