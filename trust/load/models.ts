import { Adam } from "tinyconv";
import { createNetwork, NETWORKS } from "tinyconv/mnist";
import { markedImages } from "./images.js";
import { type MemorySample, sampleMemory } from "./memory.js";

export interface ModelsOptions {
  readonly models: number;
  readonly batchSize: number;
  readonly threads: number;
  /**
   * After how many models the loop gives way to the event loop, as a program does that waits for anything: the collector's
   * news come in a turn of it.
   */
  readonly giveWayEvery: number;
  /** Keeps every model, to see that growth is noticed. @default false */
  readonly keep?: boolean;
}

/** Builds networks of three sizes by turns, trains each a step, drops it, and watches the memory. */
export async function watchModels({
  models,
  batchSize,
  threads,
  giveWayEvery,
  keep = false,
}: ModelsOptions): Promise<MemorySample[]> {
  const data = markedImages(batchSize, [28, 28, 1], 1);
  const samples: MemorySample[] = [];
  const kept: unknown[] = [];
  for (let seed = 1; seed <= models; seed++) {
    const model = createNetwork(NETWORKS[seed % NETWORKS.length]!, { seed });
    model.trainOnBatch(data, { optimizer: new Adam(), threads });
    if (keep) kept.push(model);
    samples.push(sampleMemory(seed));
    if (seed % giveWayEvery === 0) await new Promise((resume) => setImmediate(resume));
  }
  return samples;
}
