import { Adam, type Callback, EarlyStopping, type Sequential, saveCheckpoint, WeightAverage } from "tinyconv";
import { createNetwork } from "tinyconv/mnist";
import { type Marked, markedImages, part } from "./images.js";
import { type MemorySample, sampleMemory } from "./memory.js";

/** How the passes are made. */
export type Way = "fit" | "trainOnBatch" | "predict and evaluate";

export interface StepsOptions {
  readonly way: Way;
  /** Training steps, or passes. */
  readonly steps: number;
  readonly batchSize: number;
  readonly threads: number;
  /** Steps from one sample of the memory to the next. */
  readonly every: number;
  /** Bytes that each step keeps, to see that a leak is noticed. @default 0 */
  readonly leak?: number;
}

const STEPS_AN_EPOCH = 200;

/** Trains lenet, or lets it answer, for so many steps, and watches the memory. */
export async function watchSteps(options: StepsOptions): Promise<MemorySample[]> {
  const { way, steps, batchSize, every, leak = 0 } = options;
  const samples: MemorySample[] = [];
  const kept: Float32Array[] = [];
  let step = 0;
  const afterStep = (): void => {
    step++;
    if (leak > 0) kept.push(new Float32Array(leak / 4).fill(step));
    if (step % every === 0) samples.push(sampleMemory(step));
  };
  const model = createNetwork("lenet", { seed: 1 });
  const data = markedImages(STEPS_AN_EPOCH * batchSize, model.inputShape, 1);
  await WAYS[way]({ ...options, model, data, afterStep });
  if (step !== steps) throw new Error(`watchSteps (${way}): expected ${steps} steps, got ${step}.`);
  return samples;
}

interface Course extends StepsOptions {
  readonly model: Sequential;
  readonly data: Marked;
  readonly afterStep: () => void;
}

const WAYS: Readonly<Record<Way, (course: Course) => Promise<void>>> = {
  /** With all that keeps something from step to step: checkpoints in memory, the best weights, averaged weights. */
  fit: async ({ model, data, steps, batchSize, threads, afterStep }) => {
    let checkpoint: Uint8Array | undefined;
    const callback: Callback = {
      onBatchEnd: () => afterStep(),
      onCheckpoint: (event) => {
        if (event.logs) checkpoint = saveCheckpoint(model, event.state());
      },
    };
    const epochs = steps / STEPS_AN_EPOCH;
    await model.fit(data, {
      epochs,
      batchSize,
      threads,
      optimizer: new Adam({ learningRate: 1e-4 }),
      weightAverage: new WeightAverage(),
      validationData: part(data, 0, 4 * batchSize),
      callbacks: [callback, new EarlyStopping({ patience: epochs })],
    });
    if (!checkpoint) throw new Error("watchSteps (fit): expected checkpoints to be offered, got none.");
  },

  trainOnBatch: async ({ model, data, steps, batchSize, threads, afterStep }) => {
    const optimizer = new Adam({ learningRate: 1e-4 });
    for (let step = 0; step < steps; step++) {
      model.trainOnBatch(batchOf(data, step, batchSize), { optimizer, threads });
      afterStep();
    }
  },

  "predict and evaluate": async ({ model, data, steps, batchSize, threads, afterStep }) => {
    for (let step = 0; step < steps; step++) {
      const batch = batchOf(data, step, batchSize);
      if (step % 2 === 0) model.predict(batch.images, { threads });
      else await model.evaluate(batch, { threads });
      afterStep();
    }
  },
};

function batchOf(data: Marked, step: number, batchSize: number): Marked {
  const start = (step % STEPS_AN_EPOCH) * batchSize;
  return part(data, start, start + batchSize);
}
