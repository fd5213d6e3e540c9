import { formatCount } from "../../src/node/numbers.js";
import type { Part } from "../section.js";
import { inChild } from "./child.js";
import { expectFlat, expectNoGrowth, type FlatFigures } from "./claims.js";
import type { ModelsOptions } from "./models.js";
import type { StepsOptions } from "./steps.js";
import { inWords, SMALL_HEAP, type Surroundings } from "./surroundings.js";
import type { Together } from "./together.js";

/** What RSS may differ by, its most as a multiple of its least. */
const FLAT = 1.05;
/** The same, where the engine chooses the size of its heap. */
const FREE = 1.5;

const STEPS = 24_000;
const WARM_UP = 6_000;
const MODELS = 1_000;
const WARM_MODELS = 200;

/** Long trainings, and many models. */
export function memoryParts(together: Together): Part[] {
  const steps = (
    way: StepsOptions["way"],
    { backend, threads }: Surroundings,
    heap: "small" | "free",
  ): Part => {
    const batchSize = backend === "simd" ? 2 : 1;
    const options: StepsOptions = { way, steps: STEPS, batchSize, threads, every: 100 };
    const flags = heap === "small" ? SMALL_HEAP : [];
    return {
      name: `${way}, ${inWords({ backend, threads })}${heap === "small" ? "" : ", as Node starts"}`,
      prove: async () => {
        const limit = heap === "small" ? FLAT : FREE;
        const samples = await inChild("watchSteps", options, { backend, flags });
        const figures = expectFlat(samples, { warmUp: WARM_UP, limit });
        return [`${formatCount(STEPS)} steps`, text(figures)];
      },
    };
  };
  const models = (giveWayEvery: number, { backend, threads }: Surroundings): Part => {
    const options: ModelsOptions = { models: MODELS, batchSize: 4, threads, giveWayEvery };
    const result = together.add({ job: "watchModels", options, backend });
    const turns = giveWayEvery === 1 ? "a turn after each" : `a turn after ${giveWayEvery}`;
    return {
      name: `models, ${turns}, ${inWords({ backend, threads })}`,
      prove: async () => {
        const figures = expectNoGrowth(await result(), WARM_MODELS);
        return [`${formatCount(MODELS)} models`, text(figures)];
      },
    };
  };
  return [
    steps("fit", { backend: "simd", threads: 1 }, "small"),
    steps("fit", { backend: "simd", threads: 2 }, "small"),
    steps("fit", { backend: "plain", threads: 1 }, "small"),
    steps("fit", { backend: "simd", threads: 1 }, "free"),
    steps("trainOnBatch", { backend: "simd", threads: 2 }, "small"),
    steps("predict and evaluate", { backend: "simd", threads: 2 }, "small"),
    models(1, { backend: "simd", threads: 2 }),
    models(1, { backend: "plain", threads: 1 }),
    models(WARM_MODELS, { backend: "simd", threads: 1 }),
  ];
}

function text({ rss, heap, kernels }: FlatFigures): string {
  return `RSS ${rss}; heap in use ${heap}; memory of the kernels ${kernels}`;
}
