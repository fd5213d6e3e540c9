import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";

/** What a part came to, of what, and where. */
export interface Result {
  readonly cells: readonly string[];
  /** The `sourceHash` of `src`, as it was proved. */
  readonly source: string;
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  readonly seconds: number;
}

/** Results by the names of their parts. */
export type Results = Readonly<Record<string, Result>>;

/** A folder with a file of results for each section. */
export class ResultsFolder {
  constructor(readonly path: string) {}

  /** The results of a section: none if it has no file. */
  read(section: string): Results {
    try {
      return JSON.parse(readFileSync(this.#file(section), "utf8")) as Results;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
  }

  write(section: string, results: Results): void {
    mkdirSync(this.path, { recursive: true });
    writeFileSync(this.#file(section), `${JSON.stringify(results, undefined, 2)}\n`);
  }

  remove(section: string): void {
    rmSync(this.#file(section), { force: true });
  }

  #file(section: string): string {
    return join(this.path, `${section}.json`);
  }
}

/** The cells with what has to stand beside every figure. */
export function resultOf(cells: readonly string[], source: string, seconds: number): Result {
  return {
    cells,
    source,
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    machine: `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? "an unknown processor"}`,
    seconds: Math.round(seconds),
  };
}
