import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant, MutationReport } from "./stryker.js";

/** A mutant that no test kills, and why: none can, or what it would take. */
export interface Survivor {
  readonly file: string;
  /** The line of source that was mutated: the first, where there are several. */
  readonly original: string;
  /** What stood in its place. */
  readonly mutated: string;
  readonly reason: string;
}

/** What a run over some files came to. */
export interface MutationScore {
  readonly mutants: number;
  /** Those that a test failed on, or that never ended. */
  readonly killed: number;
  readonly survived: readonly Omit<Survivor, "reason">[];
}

/** The survivors that are known, with their reasons. */
export function knownSurvivors(): readonly Survivor[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, "survivors.json"), "utf8")) as Survivor[];
}

const KILLED = ["Killed", "Timeout"];
const SURVIVED = ["Survived", "NoCoverage"];

/** Counts the mutants of a report. Those that do not compile or load are no mutants. */
export function scoreOf({ files }: MutationReport): MutationScore {
  const all = Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split("\n");
    return mutants.map((mutant) => ({ status: mutant.status, change: { file, ...changeOf(mutant, lines) } }));
  });
  const killed = all.filter(({ status }) => KILLED.includes(status)).length;
  const survived = all.filter(({ status }) => SURVIVED.includes(status)).map(({ change }) => change);
  return { mutants: killed + survived.length, killed, survived };
}

/** The line that a mutant changes, as it was and as it is. Lines and columns count from 1. */
function changeOf(
  { location: { start, end }, replacement }: Mutant,
  lines: readonly string[],
): Pick<Survivor, "original" | "mutated"> {
  const before = lines[start.line - 1]!;
  const after = lines[end.line - 1]!;
  const mutated = before.slice(0, start.column - 1) + replacement + after.slice(end.column - 1);
  return { original: before.trim(), mutated: mutated.trim() };
}

/** The survivors that are not known: each is a gap in the tests, or wants a reason in survivors.json. */
export function unexplained(
  survived: MutationScore["survived"],
  known: readonly Survivor[],
): MutationScore["survived"] {
  const keys = new Set(known.map(keyOf));
  return survived.filter((survivor) => !keys.has(keyOf(survivor)));
}

/** The known survivors of which the source has no such line any more. */
export function outdated(
  known: readonly Survivor[],
  sourceOf: (file: string) => string,
): readonly Survivor[] {
  return known.filter(
    ({ file, original }) =>
      !sourceOf(file)
        .split("\n")
        .some((line) => line.trim() === original),
  );
}

/** By its line and not its number, so that it is found again when the file changes above it. */
function keyOf({ file, original, mutated }: Omit<Survivor, "reason">): string {
  return JSON.stringify([file, original, mutated]);
}

/**
 * The reasons as a Markdown list, each with the number of its lines: those of several lines, the commonest first, and how many
 * others there are.
 */
export function reasonsText(known: readonly Survivor[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of known) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const often = [...counts].filter(([, count]) => count > 1).sort(([, a], [, b]) => b - a);
  const lines = often.map(([reason, count]) => `- ${count}: ${reason}`);
  const once = counts.size - often.length;
  return [...lines, `- ${once}: a reason of its own each, which is said there.`].join("\n");
}
