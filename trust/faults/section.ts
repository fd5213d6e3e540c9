import type { Section } from "../section.js";
import { DISK_PARTS } from "./disk-parts.js";
import { KILL_PARTS } from "./kill-parts.js";
import { SURROUNDINGS_PARTS } from "./surroundings-parts.js";
import { WORKER_PARTS } from "./worker-parts.js";

const TEXT = `
Nothing is lost, there is a clear error, and nothing hangs, when a process is killed, the disk fails or is full, a worker thread
fails, or there is no memory. In detail:

- **Kills.** Whatever the moment, every file under its final name is whole; once a checkpoint was written there is one, at least as
  new; and a training that goes on from it ends with the bits of one that was left alone. Processes are killed by a timer (kill
  -9) that is set when the program says that it is about to train, to a moment drawn uniformly from the time that a whole training
  takes from there on; one in eight is set when the process is started, to one from all its life. So however busy the machine,
  most kills meet a training at work. Others kill themselves at a call to the disk that is drawn: before it, a moment after it was
  begun, or when it is done. An unfinished file that a kill leaves is removed by the next training in that folder, or an hour
  later by the next write to that file.
- **The disk.** Of all calls to the disk that saving makes (open, write, sync, close, rename and what else it asks), every single
  one fails in its turn, alone or with all that come after it; of a write, the first half is done. Then each file is the old or
  the new one, whole; nothing unfinished lies about; the error names the file and says what went wrong; and saving again
  succeeds. The program's exit code is 2 before training, 1 later, and 0 where the call was not needed.
- **Worker threads.** A thread that throws or exits before or after a job is missed by nobody: one thread computes on, with a
  warning. If it does so in a job, or never comes out of one, its part is missing, so the call ends with an error: at once where
  the thread has thrown, after 30 seconds where it does not answer. The next call computes on one thread; a training goes on
  from its last checkpoint to the same bits.
- **Memory.** An error tells what there was no memory for: a shape, or a file; a request that was not needed gives no error, and
  the same bits. The model is as it was after its last whole step, and can be used and trained on. Where the kernels' memory
  cannot grow, ordinary arrays take its place; where it cannot be made, plain code computes, with a warning. Where the system or
  the engine has set the whole process a limit, Node itself may be what finds no memory, for itself or for an object. Then it
  gives up in the middle of whatever it does, with a report of its own, and no library can put in a word: that is a crash, like a
  kill, and no more is lost than by one.

How it is proved: \`trust/faults\` stands between the library and \`node:fs/promises\`, the worker's file, the typed arrays and
\`WebAssembly.Memory\`, and brings each fault about; the limits for whole processes are set by \`ulimit\` and by Node's option.
A process that took two minutes would count as one that hangs. \`FAULTS_SEED=2\` draws other moments for the kills.
`;

export const FAULTS: Section = {
  name: "faults",
  title: "Under faults",
  text: TEXT,
  columns: ["fault", "how often", "what came of it"],
  parts: [...KILL_PARTS, ...DISK_PARTS, ...SURROUNDINGS_PARTS, ...WORKER_PARTS],
};
