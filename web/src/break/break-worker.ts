import type { Digits } from "../digits.js";
import { messageOf } from "../message-of.js";
import { EXPERIMENTS } from "./experiments.js";
import { runSetup } from "./run-setup.js";

/*
 * Runs an experiment beside the page: the number of one and the digits come, and both outcomes go.
 */

self.onmessage = ({
  data,
}: MessageEvent<{ readonly id: string; readonly digits: Pick<Digits, "train" | "test"> }>) => {
  try {
    const experiment = EXPERIMENTS.find(({ id }) => id === data.id);
    if (!experiment) throw new Error(`expected an experiment, got ${data.id}.`);
    const { train, test } = data.digits;
    const [right, broken] = [experiment.right(), experiment.broken()].map((setup) =>
      runSetup(setup, train, test),
    );
    self.postMessage({ right, broken });
  } catch (error) {
    self.postMessage({ problem: messageOf(error) });
  }
};
