import { type Results, type ResultsFolder, resultOf } from "./results.js";
import type { Section } from "./section.js";

export interface RunOptions {
  /** Where results are kept until all parts of the section have one: a run that was stopped goes on from there. */
  readonly progress: ResultsFolder;
  /** Where the results of whole sections are kept. */
  readonly results: ResultsFolder;
  /** Forgets what an earlier run had done. @default false */
  readonly fresh?: boolean;
  readonly log: (line: string) => void;
}

/**
 * Proves the parts of a section that an earlier, stopped run has left, and keeps the results of all once they are there.
 *
 * @throws whatever the first part throws that does not hold; what was done before is kept.
 */
export async function runSection(
  section: Section,
  { progress, results, fresh = false, log }: RunOptions,
): Promise<void> {
  const { name, parts } = section;
  if (fresh) progress.remove(name);
  let done: Results = progress.read(name);
  for (const [i, part] of parts.entries()) {
    const heading = `${name} ${i + 1}/${parts.length}: ${part.name}`;
    if (done[part.name]) {
      log(`${heading}: done before`);
      continue;
    }
    log(heading);
    const begin = performance.now();
    const cells = await part.prove({ log: (line) => log(`  ${line}`) });
    done = { ...done, [part.name]: resultOf(cells, (performance.now() - begin) / 1000) };
    progress.write(name, done);
    log(`  ${cells.join(" · ")}`);
  }
  const whole = Object.fromEntries(parts.map((part) => [part.name, done[part.name]!]));
  section.conclude?.(parts.map((part) => [part.name, ...whole[part.name]!.cells]));
  results.write(name, whole);
  progress.remove(name);
}
