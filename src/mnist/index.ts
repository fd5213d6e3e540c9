/*
 * The entry "tinyconv/mnist": reading MNIST and its kin, the networks for it and a recipe to train them. Runs in
 * browsers too.
 */

export { Augmentation, type AugmentationOptions } from "./augmentation.js";
export { type AugmentedBatchesOptions, augmentedBatches, type PixelDataset } from "./augmented-batches.js";
export {
  isOfficialMnist,
  MNIST_FILES,
  type MnistFile,
  type MnistPart,
  mnistFileNames,
  sha256,
} from "./files.js";
export { type GunzipOptions, gunzip, isGzip } from "./gunzip.js";
export { type IdxImages, parseIdxImages, parseIdxLabels } from "./idx.js";
export { type IdxDataset, type IdxDatasetOptions, readIdxDataset } from "./idx-dataset.js";
export { createNetwork, NETWORKS, type NetworkName, type NetworkOptions } from "./networks.js";
export { predictInTurns, type TurnsOptions } from "./predict-in-turns.js";
export { type RecipeOptions, recipeOptimizer, trainByRecipe } from "./recipe.js";
export { type SplitOptions, splitDataset } from "./split-dataset.js";
export { type Mistake, type TestResult, testModel } from "./test-model.js";
export type { Warp } from "./warp.js";
