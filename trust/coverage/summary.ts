import { relative } from "node:path";
import { type Arm, type CoverageMap, combineArms } from "./branches.js";

/** Per cent of the branches that the tests have to take. */
export const LEAST = 95;

/** The branches of one source file. */
export interface FileBranches {
  /** From the root of the repository. */
  readonly file: string;
  readonly arms: readonly Arm[];
}

/** The branches of all files of `src`, in the order of their names; the page's own, in `web/src`, are left out. */
export function summarize(source: CoverageMap, built: readonly CoverageMap[], root: string): FileBranches[] {
  return Object.keys(source)
    .sort()
    .map((path) => ({
      file: relative(root, path).replaceAll("\\", "/"),
      arms: combineArms(
        source[path]!,
        built.flatMap((map) => map[path] ?? []),
      ),
    }))
    .filter(({ file }) => file.startsWith("src/"));
}

/** How many arms there are, and how many of them were taken. */
export function count(files: readonly FileBranches[]): { taken: number; all: number } {
  const arms = files.flatMap((file) => file.arms);
  return { taken: arms.filter(({ taken }) => taken).length, all: arms.length };
}

/** Per cent, rounded down to a tenth, so that 95.0 is not less than 95. */
export function percent({ taken, all }: { taken: number; all: number }): number {
  return all === 0 ? 100 : Math.floor((1000 * taken) / all) / 10;
}

/** The arms that no test takes, file by file: `src/a.ts: if 12:4 else`. */
export function untaken(files: readonly FileBranches[]): string[] {
  return files.flatMap(({ file, arms }) =>
    arms
      .filter(({ taken }) => !taken)
      .map(
        ({ branch, index }) =>
          `${file}: ${branch}, ${branch.startsWith("if") ? ["then", "else"][index] : `way ${index + 1}`}`,
      ),
  );
}
