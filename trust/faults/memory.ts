import assert from "node:assert/strict";
import { loadCheckpoint, saveCheckpoint } from "../../src/formats/checkpoint.js";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { createNetwork } from "../../src/mnist/networks.js";
import type { Callback } from "../../src/model/callback.js";
import type { Dataset } from "../../src/model/dataset.js";
import type { Sequential } from "../../src/model/sequential.js";
import { AdamW } from "../../src/optim/adamw.js";
import { WeightAverage } from "../../src/optim/weight-average.js";
import { type Backend, currentBackend, setBackend } from "../../src/tensor/simd/backend.js";
import { allocateInMemory, memoryUse } from "../../src/tensor/simd/memory.js";
import { smallDataset, smallNetwork } from "../../test/helpers/models.js";
import { refuseArrays } from "../../test/helpers/refuse-arrays.js";

export interface RefusedMemory {
  /** Requests for memory of an undisturbed training, each of which was refused once. */
  readonly requests: number;
  /** Trainings that ended with an error. */
  readonly errors: number;
}

/** Of the memory of the kernels, in bytes. */
const PAGE = 65_536;

/** What is trained, in batches of 6. */
interface Task {
  readonly data: Dataset;
  readonly makeModel: () => Sequential;
}

const SMALL: Task = {
  data: smallDataset(12, 1),
  makeModel: () => smallNetwork(1, [new BatchNormalization()]),
};

/** Large enough for the memory of the kernels to grow. */
const LARGE: Task = {
  data: {
    images: {
      data: Uint8Array.from({ length: 12 * 784 }, (_, i) => (i * 7919) % 251),
      shape: [12, 28, 28, 1],
    },
    labels: Uint8Array.from({ length: 12 }, (_, i) => i % 10),
  },
  makeModel: () => createNetwork("lenet", { seed: 1 }),
};

/** The weights as they are, without a copy that there might be no memory for. */
const bitsOf = (model: Sequential): Buffer =>
  Buffer.concat(
    model.weights.map(({ value: { data } }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
  );

/** Steps of batch normalisation, averaged weights and AdamW, checkpoints, validation: whatever can ask for memory. */
async function train(data: Dataset, model: Sequential, callback: Callback, from?: Uint8Array): Promise<void> {
  await model.fit(data, {
    ...{ epochs: 2, batchSize: 6, threads: 1, validationData: data },
    ...{
      optimizer: new AdamW(),
      weightAverage: new WeightAverage(),
      resume: from && loadCheckpoint(from).state,
    },
    callbacks: [callback],
  });
}

/** Keeps the weights after each whole step, and then the checkpoint, if there is memory for it. */
interface Keeper extends Callback {
  bits?: Buffer;
  checkpoint?: Uint8Array;
}

function keeper(): Keeper {
  const kept: Keeper = {
    onCheckpoint: ({ model, state }) => {
      kept.bits = bitsOf(model);
      kept.checkpoint = saveCheckpoint(model, state());
    },
  };
  return kept;
}

/** From now on, memory is refused: when it is asked for the k-th time. */
type Refusal = (k: number) => { readonly requests: () => number; readonly end: () => void };

/** The memory of the kernels cannot grow, from the k-th time on. */
const refuseGrowth: Refusal = (k) => {
  const { prototype } = WebAssembly.Memory;
  const { grow } = prototype;
  let requests = 0;
  prototype.grow = function (pages) {
    if (++requests >= k && k > 0)
      throw new RangeError("WebAssembly.Memory.grow(): Unable to grow instance memory");
    return grow.call(this, pages);
  };
  const end = (): void => {
    prototype.grow = grow;
  };
  return { requests: () => requests, end };
};

/**
 * Trains a network of ordinary arrays as often as that asks for memory, which is refused another time each.
 *
 * @throws AssertionError unless that ends with an error that tells the shape, or with the bits of an undisturbed training;
 * after an error the model is as it was after its last whole step, can be used, and gone on with comes to the same end.
 */
export async function refuseEveryArray(stride = 1): Promise<RefusedMemory> {
  return withBackend("plain", () => refuseEvery(SMALL, refuseArrays, stride));
}

/**
 * The same in the memory of the kernels, which cannot grow from the k-th time on: then ordinary arrays take its place, and
 * nothing fails.
 */
export async function refuseEveryGrowth(stride = 1): Promise<RefusedMemory> {
  return withBackend("simd", async () => {
    // all that is free is taken, and no model goes before the end: so each new one needs more memory
    const { reserved, used } = memoryUse();
    const taken = Array.from({ length: Math.ceil((reserved - used) / PAGE) + 1 }, () =>
      allocateInMemory(PAGE / 4),
    );
    const models: Sequential[] = [];
    const makeModel = (): Sequential => {
      const model = LARGE.makeModel();
      models.push(model);
      return model;
    };
    const warn = console.warn;
    console.warn = () => {}; // it tells of the ordinary arrays
    try {
      const result = await refuseEvery({ ...LARGE, makeModel }, refuseGrowth, stride);
      assert.equal(result.errors, 0);
      assert(
        result.requests > 0 && taken.length + models.length > 0,
        "expected the memory to be asked to grow",
      );
      return result;
    } finally {
      console.warn = warn;
    }
  });
}

async function withBackend<T>(backend: Backend, act: () => Promise<T>): Promise<T> {
  const before = currentBackend();
  setBackend(backend);
  try {
    return await act();
  } finally {
    setBackend(before);
  }
}

async function refuseEvery(task: Task, refuse: Refusal, stride: number): Promise<RefusedMemory> {
  const counted = refuse(0);
  const undisturbed = task.makeModel();
  await train(task.data, undisturbed, keeper()).finally(counted.end);
  const expected = bitsOf(undisturbed);
  const requests = counted.requests();
  let errors = 0;
  for (let k = 1; k <= requests; k += stride) if (await refuseOne(task, refuse, k, expected)) errors++;
  return { requests, errors };
}

/** True if training has ended with an error. */
async function refuseOne(
  { data, makeModel }: Task,
  refuse: Refusal,
  k: number,
  expected: Buffer,
): Promise<boolean> {
  const refusal = refuse(k);
  let model: Sequential | undefined;
  const kept = keeper();
  const error = await (async () => {
    model = makeModel();
    await train(data, model, kept);
  })()
    .then(
      () => undefined,
      (error: Error) => error,
    )
    .finally(refusal.end);
  const what = `request ${k} refused`;
  if (!error) {
    assert(bitsOf(model!).equals(expected), `${what}: other bits`);
    return false;
  }
  assert(error instanceof RangeError, what);
  assert.match(error.message, /expected a shape that fits into memory, got \[/, what);
  if (!model || !kept.bits) return true; // there is no model yet, or training had not begun
  assert(bitsOf(model).equals(kept.bits), `${what}: the model has changed in a step that failed`);
  model.predict(data.images, { threads: 1 });
  if (!kept.checkpoint) return true;
  model.setWeights(loadCheckpoint(kept.checkpoint).model.getWeights());
  await train(data, model, keeper(), kept.checkpoint);
  assert(bitsOf(model).equals(expected), `${what}: other bits when gone on with`);
  return true;
}
