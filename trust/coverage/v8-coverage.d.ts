declare module "@bcoe/v8-coverage" {
  import type { Profiler } from "node:inspector";

  /** What one process wrote. */
  export interface ProcessCov {
    readonly result: readonly Profiler.ScriptCoverage[];
  }

  /** Adds up the counts of processes, script by script. */
  export function mergeProcessCovs(coverages: readonly ProcessCov[]): {
    readonly result: Profiler.ScriptCoverage[];
  };
}
