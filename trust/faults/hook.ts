import { appendFileSync } from "node:fs";
import { type Execution, failCall, type Interception, interceptDisk } from "./disk.js";
import { faultOf } from "./hooked.js";

/*
 * Loaded in front of a program (`node --import`), it brings the fault about that `HOOK` in the environment describes: at the
 * k-th call to the disk the call fails, or the process is killed.
 */

const { folder, log, k, act, delay = 0 } = faultOf(process.env);

const intercept: Interception = async (call, execution) => {
  appendFileSync(log, `${JSON.stringify(call)}\n`); // before it is done: the last line tells where the process was killed
  if (call.index !== k) return execution.whole();
  if (act === "kill before" || act === "kill within" || act === "kill after") return kill(execution);
  return failCall(call, execution, act);
};

async function kill(execution: Execution): Promise<void> {
  if (act === "kill after") await execution.whole();
  if (act === "kill within") {
    void execution.whole(); // another thread of Node does it meanwhile
    const begin = performance.now();
    while (performance.now() - begin < delay);
  }
  process.kill(process.pid, "SIGKILL");
}

interceptDisk(folder, intercept);
