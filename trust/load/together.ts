import { inChild, type Setting } from "./child.js";
import type { JobName, Jobs } from "./jobs.js";

/** A job, and what it is to compute with. */
export interface Order<Name extends JobName> extends Setting {
  readonly job: Name;
  readonly options: Jobs[Name]["options"];
}

/**
 * Jobs that run side by side, each in a process of its own, from the moment at which the first result is asked for. Jobs that
 * were added before that one are left out: results are asked for in their order, so those are there from an earlier run.
 */
export class Together {
  readonly #starts: (() => void)[] = [];
  readonly #run: typeof inChild;

  constructor(run: typeof inChild = inChild) {
    this.#run = run;
  }

  /** Adds a job; the result is that of its process. */
  add<Name extends JobName>({ job, options, ...setting }: Order<Name>): () => Promise<Jobs[Name]["result"]> {
    let running: Promise<Jobs[Name]["result"]> | undefined;
    const start = (): Promise<Jobs[Name]["result"]> => {
      if (!running) {
        running = this.#run(job, options, setting);
        running.catch(() => undefined); // whoever asks for the result hears of it
      }
      return running;
    };
    const index = this.#starts.push(start) - 1;
    return () => {
      for (const each of this.#starts.slice(index)) each();
      return start();
    };
  }
}
