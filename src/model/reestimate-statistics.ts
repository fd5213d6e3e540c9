import { BatchNormalization } from "../layers/batch-normalization.js";
import { copyArray } from "../tensor/allocate.js";
import { expectInteger, expectOptions } from "../tensor/expect.js";
import { chooseThreads, withThreads } from "../tensor/simd/threads.js";
import { countImages, expectImages, type Images, sliceImages } from "./dataset.js";
import { breathe } from "./event-loop.js";
import { expectSequential, type Sequential } from "./sequential.js";
import { expectSignal } from "./signal.js";

/** Options of `reestimateStatistics`. */
export interface ReestimateOptions {
  /** Images that go through the model at a time, best as many as in training. @default 128 */
  readonly batchSize?: number;
  /** How many threads may share the work, at most. @default the cores available */
  readonly threads?: number | undefined;
  /** Ends the pass with the signal's reason, between two batches. @default none */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Estimates the moving statistics of all batch normalizations anew, in one pass over images. Parameters, steps and
 * random numbers stay as they are.
 *
 * The moving averages of training follow the weights of training, the last of them most. They are not those of averaged
 * weights, nor those of plain images if training has seen warped ones. Here they become the means over the batches k of
 * the images given, each with the share of its nₖ images:
 *
 *     moving = Σₖ nₖ·batchₖ / Σₖ nₖ
 *
 * To that end batch k is run in training mode with the momentum (n₀ + … + nₖ₋₁) / (n₀ + … + nₖ), 0 in the first. As in
 * training, a `Dropout` drops, and a batch normalization that is not trainable keeps its statistics.
 *
 * ```ts
 * const weightAverage = new WeightAverage();
 * await model.fit(train, { weightAverage });
 * weightAverage.swap(model.parameters);
 * await reestimateStatistics(model, train.images);
 * ```
 *
 * Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization" (2018), section 3.2.
 *
 * Until it is done, the model has the statistics that it had.
 *
 * @throws TypeError, ShapeError or RangeError for a model, images or options that do not fit; Error if a training step of the
 * model comes in between; the signal's reason if it aborts. Then the statistics stay as they are.
 */
export async function reestimateStatistics(
  model: Sequential,
  images: Images,
  options: ReestimateOptions = {},
): Promise<void> {
  const where = "reestimateStatistics";
  const { batchSize = 128, threads, signal } = expectOptions(where, options);
  expectSequential(where, model);
  expectInteger(where, "batchSize", batchSize, { min: 1 });
  expectSignal(where, signal);
  const limit = chooseThreads(where, threads);
  expectImages(where, images, model.inputShape);
  const layers = model.layers.filter((layer) => layer instanceof BatchNormalization);
  if (layers.length === 0) return;

  const n = countImages(images);
  const { steps } = model;
  let estimate: readonly Float32Array[] = model.state.map(({ value }) =>
    copyArray("reestimateStatistics", value.data),
  );
  for (let start = 0; start < n; start += batchSize) {
    signal?.throwIfAborted();
    const end = Math.min(start + batchSize, n);
    const batch = sliceImages(images, start, end);
    const pass = () => model.forward(batch, { training: true });
    estimate = withState(model, estimate, () =>
      withMomentum(layers, start / end, () => withThreads(limit, pass)),
    );
    await breathe();
    if (model.steps !== steps) {
      throw new Error(
        `${where}: expected a model that nothing trains meanwhile, got a training step. Await its fit, or call this in a callback of it.`,
      );
    }
  }
  signal?.throwIfAborted();
  for (const [i, { value }] of model.state.entries()) value.data.set(estimate[i]!);
}

/**
 * Runs something with another state in the model, and returns what it has made of it. The model has its own again at the end:
 * whoever has a turn before the next batch, such as a timer, finds nothing half done.
 */
function withState(model: Sequential, state: readonly Float32Array[], run: () => void): Float32Array[] {
  const own = model.state.map(({ value }) => copyArray("reestimateStatistics", value.data));
  const set = (values: readonly Float32Array[]): void => {
    for (const [i, { value }] of model.state.entries()) value.data.set(values[i]!);
  };
  set(state);
  try {
    run();
    return model.state.map(({ value }) => copyArray("reestimateStatistics", value.data));
  } finally {
    set(own);
  }
}

/** Runs something with another momentum, and gives each layer its own back, however it ends. */
function withMomentum(layers: readonly BatchNormalization[], momentum: number, run: () => void): void {
  const own = layers.map((layer) => layer.momentum);
  for (const layer of layers) layer.momentum = momentum;
  try {
    run();
  } finally {
    for (const [i, layer] of layers.entries()) layer.momentum = own[i]!;
  }
}
