import { type BatchCount, type BatchSizesOptions, compareOutputs, compareSteps } from "./batch-sizes.js";
import type { MemorySample } from "./memory.js";
import { type MillionFigures, type MillionOptions, trainOnMillion } from "./million.js";
import { type ModelsOptions, watchModels } from "./models.js";
import { type StepsOptions, watchSteps } from "./steps.js";
import { disturbInAllWays, type TimersOptions } from "./timers.js";

/** What child processes can be asked for: options and results are plain data. */
export interface Jobs {
  watchSteps: { options: StepsOptions; result: MemorySample[] };
  watchModels: { options: ModelsOptions; result: MemorySample[] };
  trainOnMillion: { options: MillionOptions; result: MillionFigures };
  compareOutputs: { options: BatchSizesOptions; result: BatchCount };
  compareSteps: { options: BatchSizesOptions; result: BatchCount };
  disturbInAllWays: { options: TimersOptions; result: Record<string, number> };
}

export type JobName = keyof Jobs;

export const JOBS: {
  readonly [Name in JobName]: (options: Jobs[Name]["options"]) => Promise<Jobs[Name]["result"]>;
} = { watchSteps, watchModels, trainOnMillion, compareOutputs, compareSteps, disturbInAllWays };
