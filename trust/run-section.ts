import { type Results, type ResultsFolder, resultOf } from "./results.js";
import type { Section } from "./section.js";

export interface RunOptions {
  /** Where results are kept until all parts of the section have one: a run that was stopped goes on from there. */
  readonly progress: ResultsFolder;
  /** Where the results of whole sections are kept. */
  readonly results: ResultsFolder;
  /** The `sourceHash` of what is proved: what an earlier run had done of another one is done again. */
  readonly source: string;
  /** Forgets what an earlier run had done. @default false */
  readonly fresh?: boolean;
  readonly log: (line: string) => void;
}

/**
 * Proves the parts of a section that an earlier, stopped run has left, and keeps the results of all once they are there.
 *
 * @throws AggregateError of what the parts throw that do not hold; what the others came to is kept.
 */
export async function runSection(
  section: Section,
  { progress, results, source, fresh = false, log }: RunOptions,
): Promise<void> {
  const { name, parts } = section;
  if (fresh) progress.remove(name);
  let done: Results = progress.read(name);
  const failures: unknown[] = [];
  for (const [i, part] of parts.entries()) {
    const heading = `${name} ${i + 1}/${parts.length}: ${part.name}`;
    if (done[part.name]?.source === source) {
      log(`${heading}: done before`);
      continue;
    }
    log(heading);
    const begin = performance.now();
    let cells: readonly string[];
    try {
      cells = await part.prove({ fresh, log: (line) => log(`  ${line}`) });
    } catch (error) {
      failures.push(error);
      log(`  does not hold: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    done = { ...done, [part.name]: resultOf(cells, source, (performance.now() - begin) / 1000) };
    progress.write(name, done);
    log(`  ${cells.join(" · ")}`);
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, `${name}: ${failures.length} of ${parts.length} parts do not hold.`);
  }
  results.write(name, Object.fromEntries(parts.map((part) => [part.name, done[part.name]!])));
  progress.remove(name);
}
