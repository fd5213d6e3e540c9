/*
 * The entry "tinyconv/mnist": reading MNIST and its kin, and the networks for it. Runs in browsers too.
 */

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
