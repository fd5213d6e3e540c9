import fc from "fast-check";
import { pathsOf } from "./arguments.js";
import type { Target } from "./target.js";
import { type Outcome, type Replacement, tryCall } from "./try-call.js";
import { wild } from "./wild.js";

/** How many calls ended in which way. */
export type Counts = Readonly<Record<Outcome, number>>;

export interface FuzzOptions {
  /** Calls of each function. */
  readonly calls: number;
  readonly seed: number;
}

/** Calls a function with wild values in one or more places of its arguments, again and again. */
export async function fuzzCalls(target: Target, { calls, seed }: FuzzOptions): Promise<Counts> {
  const counts = { returned: 0, refused: 0, "passed on": 0 };
  const { parameters, call } = await target.example();
  await call(Object.values(parameters)); // as it is, it succeeds
  const paths = pathsOf(parameters).filter((path) => !path.some((name) => target.kept?.includes(name)));
  if (paths.length === 0) return { ...counts, returned: 1 };
  const isBounded = ({ path, wild }: Replacement): boolean =>
    !(wild.isHuge && path.some((name) => target.unbounded?.includes(name)));
  const replacement = fc.record({ path: fc.constantFrom(...paths), wild }).filter(isBounded);
  const some = fc.oneof(
    { arbitrary: fc.array(replacement, { minLength: 1, maxLength: 1 }), weight: 3 },
    { arbitrary: fc.array(replacement, { minLength: 2, maxLength: 4 }), weight: 1 },
  );
  await fc.assert(
    fc.asyncProperty(some, async (replacements) => {
      counts[await tryCall(target, replacements)]++;
    }),
    { numRuns: callsOf(target, calls), seed, endOnFailure: false },
  );
  return counts;
}

/** How often a function is called, where others are called so often. */
export function callsOf({ share = 1 }: Target, calls: number): number {
  return Math.ceil(share * calls);
}
