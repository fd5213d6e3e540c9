import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Collects what is unreachable, and lets whoever waits for that hear of it. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resume) => setImmediate(resume));
    collectGarbage();
  }
  await new Promise((resume) => setTimeout(resume, 20));
}
