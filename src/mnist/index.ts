/*
 * The entry "tinyconv/mnist": reading MNIST and its kin, the networks for it and a recipe to train them. Runs in
 * browsers too.
 */

export { type CalibrationOptions, calibrationError } from "../model/calibration.js";
export { type PredictLogitsOptions, predictLogits } from "../model/predict-logits.js";
export { type SplitOptions, splitDataset } from "../model/split-dataset.js";
export type { Split } from "../model/split-end.js";
export { type Mistake, type TestResult, testModel } from "../model/test-model.js";
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
export type { Box } from "./prepare/plane.js";
export { type PreparedDigit, prepareDigit } from "./prepare/prepare-digit.js";
export type { SourceImage } from "./prepare/source-image.js";
export { type RecipeOptions, recipeOptimizer, trainByRecipe } from "./recipe.js";
export type { Warp } from "./warp.js";
