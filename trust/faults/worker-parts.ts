import type { Part } from "../section.js";
import { inTemporaryFolder } from "./temporary-folder.js";
import { ACTS, failWorker, OPERATIONS, TIMES } from "./workers.js";

/** The parts in which a worker thread fails: at three times, in three operations. */
export const WORKER_PARTS: readonly Part[] = ACTS.map((act) => ({
  name: `a worker thread ${act}`,
  prove: async ({ log }) => {
    let [processes, longest] = [0, 0];
    for (const time of TIMES) {
      // the first part of a job that it takes, and a later one
      for (const nth of time === "in a job" ? [1, 20] : [1]) {
        for (const operation of OPERATIONS) {
          const seconds = await inTemporaryFolder((folder) =>
            failWorker(folder, { act, time, operation, nth }),
          );
          longest = Math.max(longest, seconds);
          processes++;
        }
        log(`${time}: the longest call took ${longest.toFixed(1)} s`);
      }
    }
    const how = `${processes} processes: ${TIMES.join(", ")}; in ${OPERATIONS.join(", ")}`;
    const outcome = act === "throws" ? "one clear error" : "one clear error after 30 s";
    return [
      how,
      `in a job ${outcome}, else none; one warning; then the bits of one thread; the longest call ${longest.toFixed(1)} s`,
    ];
  },
}));
