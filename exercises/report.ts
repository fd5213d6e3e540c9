import type { Exercise, Version } from "./exercise.js";
import type { Finding } from "./finding.js";

/** What came of an exercise: a text for the terminal, and whether all is right. */
export interface Outcome {
  readonly text: string;
  readonly passed: boolean;
}

/** Checks an exercise, whatever state its file is in. */
export async function report(number: number, exercise: Exercise, version: Version): Promise<Outcome> {
  const findings = await exercise.check(version).catch((error: unknown) => [stopped(error)]);
  const failures = findings.filter(({ wrong }) => wrong.length > 0);
  const advice = new Set(failures.map((finding) => finding.advice)); // several may have the same
  const { title, folder, file } = exercise;
  const path = version === "exercise" ? `${folder}/${file}` : `solutions/${folder}.ts`;
  const lines = [
    `${number}. ${title}: ${failures.length === 0 ? "passed" : "failed"}`,
    `   exercises/${path}`,
    ...findings.map((finding) => indent(describeFinding(finding), 3)),
    ...[...advice].map((text) => indent(wrap(text, 100).join("\n"), 3)),
  ];
  return { text: lines.join("\n"), passed: failures.length === 0 };
}

function describeFinding({ what, right, wrong, table }: Finding): string {
  if (wrong.length === 0) return `passed: ${what}`;
  const lines = [table, `wrong: ${wrong.join(", ")}`];
  if (right.length > 0) lines.push(`right: ${right.join(", ")}`);
  return `failed: ${what}\n${indent(lines.join("\n"), 3)}`;
}

/** A check that has not come to its end, with the place where it stopped. */
function stopped(error: unknown): Finding {
  const table = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = table.split("\n").slice(0, 6).join("\n");
  return {
    what: "running it",
    right: [],
    wrong: ["the file"],
    table: lines,
    advice: "The check has stopped at this error.",
  };
}

function indent(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(columns));
}

/** The words of a text in lines of so many characters at most. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
