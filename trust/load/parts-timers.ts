import { formatCount } from "../../src/node/numbers.js";
import type { Part } from "../section.js";
import { inWords, type Surroundings } from "./surroundings.js";
import type { TimersOptions } from "./timers.js";
import type { Together } from "./together.js";

/** What timers do while a model is in training. */
export function timerParts(together: Together): Part[] {
  const part = (
    network: TimersOptions["network"],
    turns: TimersOptions["turns"],
    { backend, threads }: Surroundings,
  ): Part => {
    // where turns are rare, training has to be long enough to have some
    const images = turns === "each step" ? 200 : network === "lenet" ? 2_000 : 20_000;
    const options: TimersOptions = { network, images, epochs: 2, batchSize: 16, threads, turns };
    const result = together.add({ job: "disturbInAllWays", options, backend });
    const where = turns === "each step" ? "between any two steps" : "as they come";
    return {
      name: `timers ${where}, ${network}, ${inWords({ backend, threads })}`,
      prove: async () => {
        const done = await result();
        const { "two fits at once": steps, ...acts } = done;
        const counts = Object.values(acts).filter((count) => count > 0);
        const calls = counts.reduce((sum, count) => sum + count, 0);
        return [
          `${counts.length} things done ${formatCount(calls)} times; ${steps} steps of two fits at once`,
          "no bit differs",
        ];
      },
    };
  };
  return [
    part("mixed", "each step", { backend: "simd", threads: 1 }),
    part("mixed", "each step", { backend: "plain", threads: 1 }),
    part("lenet", "each step", { backend: "simd", threads: 2 }),
    part("lenet", "each step", { backend: "simd", threads: 3 }),
    part("mixed", "as it comes", { backend: "simd", threads: 1 }),
    part("lenet", "as it comes", { backend: "simd", threads: 2 }),
  ];
}
