import type { Finding } from "./finding.js";

/** Which file is checked: the one to mend, or its solution. */
export type Version = "exercise" | "solution";

/** A file with one mistake in it, and the check that sees it. */
export interface Exercise {
  /** The folder of the exercise, and the name of its solution: `01-dense`. */
  readonly folder: string;
  /** The file with the mistake, in that folder. */
  readonly file: string;
  /** What the file is a copy of. */
  readonly title: string;
  /** What there is to see, in the order in which to look at it. Whatever the file throws is thrown. */
  check(version: Version): Promise<readonly Finding[]>;
}

/**
 * An exercise whose two files export a `Subject`. They are imported when they are checked and not before, so that a file that
 * does not parse stops its own check only.
 */
export function exercise<Subject>({
  load,
  check,
  ...about
}: Pick<Exercise, "folder" | "file" | "title"> & {
  readonly load: Readonly<Record<Version, () => Promise<Subject>>>;
  readonly check: (subject: Subject) => readonly Finding[];
}): Exercise {
  return { ...about, check: async (version) => check(await load[version]()) };
}
