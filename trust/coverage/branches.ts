/** A place in a source file: lines from 1, columns from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A branch in Istanbul's format: an `if`, a `?:`, a `switch`, an `||` and so on, with a location for each way it can go. */
interface Branch {
  readonly type: string;
  readonly loc: { readonly start: Place };
  readonly locations: readonly unknown[];
}

/** What is looked at of a file in Istanbul's format: its branches, and how often each arm of them was taken. */
export interface FileCoverage {
  readonly branchMap: Readonly<Record<string, Branch>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
}

/** Coverage by the absolute paths of files. */
export type CoverageMap = Readonly<Record<string, FileCoverage>>;

/** One way that a branch can go. */
export interface Arm {
  /** The branch: its type, its place, and which of those of one type in one place it is. */
  readonly branch: string;
  /** Which way, from 0; of an `if`, 1 is the else, also where it is not written. */
  readonly index: number;
  readonly place: Place;
  readonly taken: boolean;
}

/** The arms of a file's branches, in the order of the file. */
export function armsOf({ branchMap, b }: FileCoverage): Arm[] {
  const seen = new Map<string, number>();
  return Object.entries(branchMap).flatMap(([id, { type, loc, locations }]) => {
    const { start } = loc;
    const place = `${type} ${start.line}:${start.column}`;
    const number = (seen.get(place) ?? 0) + 1;
    seen.set(place, number);
    const branch = number === 1 ? place : `${place} (${number})`;
    return locations.map((_, index) => ({ branch, index, place: start, taken: b[id]![index]! > 0 }));
  });
}

/**
 * The arms as the first coverage has them, each taken if it is so in one of all. The others are of code that was transformed
 * otherwise, so an arm of theirs counts where it is of the same type in the same place, and adds none: what cannot be told to be
 * the same stays as it is, and no branch is counted twice.
 */
export function combineArms(first: FileCoverage, others: readonly FileCoverage[]): Arm[] {
  const key = ({ branch, index }: Arm): string => `${branch} ${index}`;
  const taken = new Set(
    others
      .flatMap(armsOf)
      .filter((arm) => arm.taken)
      .map(key),
  );
  return armsOf(first).map((arm) => ({ ...arm, taken: arm.taken || taken.has(key(arm)) }));
}
