import type { Backend } from "tinyconv";

/** What a process computes with. */
export interface Surroundings {
  readonly backend: Backend;
  readonly threads: number;
}

/** The same for a table. */
export function inWords({ backend, threads }: Surroundings): string {
  return backend === "plain" ? "plain" : `SIMD, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/**
 * Flags of Node: a young generation that neither grows nor shrinks, and an old one, in MB, that is collected before garbage
 * has filled it. By itself the engine lets garbage lie in it for some 20,000 steps.
 */
export const SMALL_HEAP = ["--min-semi-space-size=4", "--max-semi-space-size=4", "--max-old-space-size=16"];
