import type { Backend } from "tinyconv";
import type { Engine } from "./engines.js";
import type { Prepared } from "./prepare.js";
import type { Trained, TrainingSize } from "./training.js";

/** A training with so many threads, as it came out. */
export type Outcome = Trained & { readonly threads: number };

/**
 * Trains in an engine with each of the numbers of threads. That the weights are the expected ones is left to the caller.
 *
 * @throws Error if something else computed than was asked for: the other backend, one thread in place of several, or several
 * where there should be one; or if the library warned.
 */
export async function trainIn(
  engine: Engine,
  prepared: Prepared,
  { images, epochs }: TrainingSize,
  backend: Backend,
  allThreads: readonly number[],
  log: (line: string) => void = () => {},
): Promise<{ readonly version: string; readonly outcomes: readonly Outcome[] }> {
  const { version, train, close } = await engine.open(prepared);
  const outcomes: Outcome[] = [];
  try {
    for (const threads of allThreads) {
      const trained = await train({ images, epochs, backend, threads });
      expectAsAsked(engine, trained, backend, threads);
      outcomes.push({ ...trained, threads });
      log(`threads: ${threads}, SHA-256 ${trained.sha256}`);
    }
  } finally {
    await close();
  }
  return { version, outcomes };
}

function expectAsAsked(
  { name, sharesMemory }: Engine,
  { backend, sharedUnits, warnings }: Trained,
  wanted: Backend,
  threads: number,
): void {
  const where = `${name}, ${wanted}, threads: ${threads}`;
  if (warnings.length > 0) throw new Error(`${where}: expected no warning, got: ${warnings.join(" ")}`);
  if (backend !== wanted) throw new Error(`${where}: expected it to compute, got ${backend}.`);
  const isShared = wanted === "simd" && threads > 1 && sharesMemory;
  if (sharedUnits > 0 === isShared) return;
  throw new Error(
    `${where}: expected ${isShared ? "other threads to take part" : "one thread"}, got ${sharedUnits} units of work by others.`,
  );
}
