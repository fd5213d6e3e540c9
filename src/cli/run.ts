import { Augmentation } from "../mnist/augmentation.js";
import type { IdxDataset } from "../mnist/idx-dataset.js";
import { createNetwork } from "../mnist/networks.js";
import { trainByRecipe } from "../mnist/recipe.js";
import { type TestResult, testModel } from "../mnist/test-model.js";
import type { Callback } from "../model/callback.js";
import type { History } from "../model/history.js";
import type { Sequential } from "../model/sequential.js";
import { createOptimizer, type TrainSettings } from "./settings.js";

/** A network that was trained and tested, and how that went. */
export interface Run {
  readonly seed: number;
  readonly model: Sequential;
  readonly history: History;
  readonly test: TestResult;
  /** The time training took, in seconds, to the last change of the model. */
  readonly seconds: number;
  /** The time testing took, in seconds. */
  readonly testSeconds: number;
}

/** What a run is given besides its settings. */
export interface RunContext {
  readonly train: IdxDataset;
  readonly test: IdxDataset;
  readonly callbacks: readonly Callback[];
  readonly signal: AbortSignal;
  /** Called between training and testing. */
  readonly onTrained?: () => void;
}

/**
 * Trains a new network, and then tests it, once.
 *
 * @throws the signal's reason if it aborts; what training throws.
 */
export async function trainAndTest(
  settings: TrainSettings,
  { train, test, callbacks, signal, onTrained }: RunContext,
): Promise<Run> {
  const { epochs, seed, augment, weightAverage, threads } = settings;
  const n = train.labels.length;
  const batchSize = Math.min(settings.batchSize, n);
  const model = createNetwork(settings.model, { seed });
  const begin = performance.now();
  const history = await trainByRecipe(model, train, {
    ...{ epochs, batchSize, weightAverage, callbacks, threads, signal },
    optimizer: createOptimizer(settings, epochs * Math.ceil(n / batchSize)),
    augmentation: augment && new Augmentation({ seed }),
  });
  const trained = performance.now();
  onTrained?.();
  const result = await testModel(model, test, { threads, signal });
  const seconds = (trained - begin) / 1000;
  const testSeconds = (performance.now() - trained) / 1000;
  return { seed, model, history, test: result, seconds, testSeconds };
}
