import type { Callback } from "../model/callback.js";
import { type BatchSource, type Dataset, expectDataset } from "../model/dataset.js";
import type { History } from "../model/history.js";
import { reestimateStatistics } from "../model/reestimate-statistics.js";
import { expectSequential, type Sequential } from "../model/sequential.js";
import type { TrainingState } from "../model/training-state.js";
import { AdamW } from "../optim/adamw.js";
import type { Optimizer, Schedule } from "../optim/optimizer.js";
import { expectLearningRate } from "../optim/optimizer.js";
import { oneCycle } from "../optim/schedule.js";
import { WeightAverage } from "../optim/weight-average.js";
import { describe, expectBoolean, expectInteger, expectOptions } from "../tensor/expect.js";
import { Augmentation } from "./augmentation.js";
import { augmentedBatches, type PixelDataset } from "./augmented-batches.js";

/** The numbers of the recipe, which `trainByRecipe` and the program take where nothing else is said. */
export const RECIPE = { epochs: 5, batchSize: 128, learningRate: 5e-3 } as const;

/** Options of `trainByRecipe`. */
export interface RecipeOptions {
  /** How often training goes through the images. @default 5 */
  readonly epochs?: number;
  /** Images a step. @default 128 */
  readonly batchSize?: number;
  /**
   * What changes the weights. @default AdamW as `recipeOptimizer` makes it, its learning rate in one cycle up to 5e-3
   */
  readonly optimizer?: Optimizer;
  /** What is done to the images; false leaves them as they are. @default new Augmentation({ seed: model.seed }) */
  readonly augmentation?: Augmentation | false;
  /** Average the weights, and give the model the averages at the end. @default true */
  readonly weightAverage?: boolean;
  /** Data to evaluate after each epoch, with the weights of that moment and not their averages. @default none */
  readonly validationData?: Dataset | BatchSource;
  /** What watches training. @default [] */
  readonly callbacks?: readonly Callback[];
  /** How many threads may share the work, at most. @default the cores available */
  readonly threads?: number | undefined;
  /** Ends training with the signal's reason. @default none */
  readonly signal?: AbortSignal | undefined;
  /** Where an earlier training with the same options was, to go on from there; see `fit`. @default it starts anew */
  readonly resume?: TrainingState | undefined;
}

/**
 * Trains a network on images of digits by the recipe that `compact` is made for:
 *
 * 1. AdamW, with weight decay on the kernels only; see `recipeOptimizer`.
 * 2. A learning rate of one cycle: in a straight line from 1/25 of the peak up to it over the first 15 % of the steps,
 *    then along a cosine down to 1/1000 of it; see `oneCycle`.
 * 3. Each image warped a little, in each epoch anew, but for one in five; see `Augmentation`.
 * 4. A moving average of the weights with the decay min(0.999, (1 + t)/(10 + t)); see `WeightAverage`.
 * 5. At the end the model gets the averages for its weights, and the statistics of its batch normalizations are
 *    estimated anew in one pass over the images as they are; see `reestimateStatistics`.
 *
 * ```ts
 * const model = createNetwork("compact", { seed: 1 });
 * await trainByRecipe(model, train);
 * console.log(await model.evaluate(test));
 * ```
 *
 * The history is that of `fit`: of the weights while they were changing.
 *
 * @throws as `Sequential.fit`, `Augmentation.apply` and `reestimateStatistics` do; if training ends by an error or the
 * signal, the model keeps the weights it has got to.
 */
export async function trainByRecipe(
  model: Sequential,
  data: PixelDataset,
  options: RecipeOptions = {},
): Promise<History> {
  const where = "trainByRecipe";
  expectSequential(where, model, "createNetwork makes one.");
  const {
    epochs = RECIPE.epochs,
    batchSize = RECIPE.batchSize,
    weightAverage = true,
  } = expectOptions(where, options);
  const { validationData, callbacks, threads, signal, resume } = options;
  expectInteger(where, "epochs", epochs, { min: 1 });
  expectInteger(where, "batchSize", batchSize, { min: 1 });
  expectBoolean(where, "weightAverage", weightAverage);
  const n = expectDataset(where, data, model);

  const totalSteps = epochs * Math.ceil(n / batchSize);
  const { augmentation = new Augmentation({ seed: model.seed }) } = options;
  if (augmentation !== false && !(augmentation instanceof Augmentation)) {
    throw new TypeError(
      `${where}: expected augmentation to be an Augmentation or false, got ${describe(augmentation)}.`,
    );
  }
  const { optimizer = recipeOptimizer(oneCycle({ peak: RECIPE.learningRate, totalSteps })) } = options;
  const { random } = model;
  const batches = augmentation ? augmentedBatches(data, { batchSize, augmentation, random }) : data;
  const average = weightAverage ? new WeightAverage() : undefined;
  const history = await model.fit(batches, {
    epochs,
    batchSize,
    optimizer,
    weightAverage: average,
    threads,
    signal,
    resume,
    ...(validationData && { validationData }),
    ...(callbacks && { callbacks }),
  });
  if (average) {
    average.swap(model.parameters);
    await reestimateStatistics(model, data.images, { batchSize, threads, signal });
  }
  return history;
}

/**
 * The optimizer of the recipe: AdamW, betas 0.9 and 0.99, weight decay 5e-4 on kernels, and not on biases and batch
 * normalizations.
 */
export function recipeOptimizer(learningRate: number | Schedule): AdamW {
  expectLearningRate("recipeOptimizer", learningRate);
  return new AdamW({
    learningRate,
    beta2: 0.99,
    weightDecay: 5e-4,
    decay: ({ name }) => name.endsWith("/kernel"),
  });
}
