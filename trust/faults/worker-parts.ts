import type { Part } from "../section.js";
import { sideBySide } from "./side-by-side.js";
import { inTemporaryFolder } from "./temporary-folder.js";
import { ACTS, failWorker, OPERATIONS, TIMES, type WorkerFault } from "./workers.js";

const OUTCOMES: Readonly<Record<WorkerFault["act"], string>> = {
  throws: "one warning, and in a job one clear error",
  exits: "one warning, and in a job one clear error after 30 s",
  "never answers": "in a job one warning and one clear error after 30 s, else neither",
};

/** The parts in which a worker thread fails: at three times, in three operations. */
export const WORKER_PARTS: readonly Part[] = ACTS.map((act) => ({
  name: `a worker thread ${act}`,
  prove: async ({ log }) => {
    // the first part of a job that it takes, and a later one
    const faults = TIMES.flatMap((time) =>
      (time === "in a job" ? [1, 20] : [1]).flatMap((nth) =>
        OPERATIONS.map((operation): WorkerFault => ({ act, time, operation, nth })),
      ),
    );
    // most of the time they wait
    const seconds = await sideBySide(faults, 3, async (fault) => {
      const longest = await inTemporaryFolder((folder) => failWorker(folder, fault));
      log(`${fault.time}, in ${fault.operation}: the longest call took ${longest.toFixed(1)} s`);
      return longest;
    });
    const longest = Math.max(...seconds);
    const how = `${faults.length} processes: ${TIMES.join(", ")}; in ${OPERATIONS.join(", ")}`;
    return [how, `${OUTCOMES[act]}; then the bits of one thread; the longest call ${longest.toFixed(1)} s`];
  },
}));
