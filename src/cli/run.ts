import type { Checkpoint } from "../formats/checkpoint.js";
import { Augmentation } from "../mnist/augmentation.js";
import { createNetwork } from "../mnist/networks.js";
import { trainByRecipe } from "../mnist/recipe.js";
import type { Callback } from "../model/callback.js";
import { EarlyStopping } from "../model/early-stopping.js";
import type { History } from "../model/history.js";
import type { Sequential } from "../model/sequential.js";
import { type TestResult, testModel } from "../model/test-model.js";
import type { TrainingData } from "./data.js";
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
  readonly data: TrainingData;
  /** What watches training, in this order. */
  readonly callbacks: readonly Callback[];
  readonly signal: AbortSignal;
  /** Where to go on; without it, a new network is trained. */
  readonly resumed?: Pick<Checkpoint, "model" | "state"> | undefined;
  /** Called between training and testing. */
  readonly onTrained?: () => void;
}

/**
 * Trains a network, and then tests it, once.
 *
 * @throws the signal's reason if it aborts; what training throws.
 */
export async function trainAndTest(
  settings: TrainSettings,
  { data: { train, validation, test }, callbacks, signal, resumed, onTrained }: RunContext,
): Promise<Run> {
  const { epochs, seed, augment, weightAverage, patience, threads } = settings;
  const n = train.labels.length;
  const batchSize = Math.min(settings.batchSize, n);
  const model = resumed?.model ?? createNetwork(settings.model, { seed });
  const stopping = patience === undefined ? [] : [new EarlyStopping({ patience })];
  const begin = performance.now();
  const history = await trainByRecipe(model, train, {
    epochs,
    batchSize,
    weightAverage,
    threads,
    signal,
    callbacks: [...stopping, ...callbacks],
    ...(validation && { validationData: validation }),
    resume: resumed?.state,
    optimizer: createOptimizer(settings, epochs * Math.ceil(n / batchSize)),
    augmentation: augment && new Augmentation({ seed }),
  });
  const trained = performance.now();
  onTrained?.();
  const result = await testModel(model, test, { threads, signal });
  // what went before a checkpoint is known by its steps alone
  const earlier = resumed ? sumOf(resumed.state.history.seconds) + resumed.state.seconds : 0;
  const seconds = earlier + (trained - begin) / 1000;
  const testSeconds = (performance.now() - trained) / 1000;
  return { seed, model, history, test: result, seconds, testSeconds };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
