import { gzipSync } from "node:zlib";
import { Dense, Flatten, Random, Sequential, softmax, Tensor } from "../../../src/index.js";
import {
  Augmentation,
  augmentedBatches,
  calibrationError,
  createNetwork,
  gunzip,
  isGzip,
  isOfficialMnist,
  mnistFileNames,
  parseIdxImages,
  parseIdxLabels,
  predictLogits,
  prepareDigit,
  readIdxDataset,
  recipeOptimizer,
  sha256,
  splitDataset,
  testModel,
  trainByRecipe,
} from "../../../src/mnist/index.js";
import { idxImages, idxLabels } from "../../../test/helpers/idx.js";
import { aTensor } from "../samples.js";
import { aConstructor, aFunction, methodsOf, type Parameters, type Target } from "../target.js";

const signal = new AbortController().signal;
const bytes = (): Uint8Array => Uint8Array.of(1, 2, 3);
const zipped = (): Uint8Array => new Uint8Array(gzipSync(bytes()));
const someImages = () => ({ data: Uint8Array.from({ length: 24 }, (_, i) => 10 * i), shape: [6, 2, 2, 1] });
const someData = () => ({ images: someImages(), labels: [0, 1, 2, 0, 1, 2] });
const evenData = () => ({ images: someImages(), labels: [0, 1, 0, 1, 0, 1] });
const aSmallModel = (): Sequential =>
  new Sequential({ inputShape: [2, 2, 1], seed: 1 }, [new Flatten(), new Dense({ units: 3 })]);
const probabilities = (): Tensor => softmax(aTensor([2, 3]), { out: new Tensor([2, 3]) });
const testing = (): Parameters => ({
  model: aSmallModel(),
  data: someData(),
  options: { threads: 1, signal },
});
const asModel = {
  model: ["Sequential"],
  data: ["dataset", "pixels", "batch source"],
  images: ["image"],
  labels: ["label", "class"],
};
/** An IDX file is called so in errors, as long as it is given no name. */
const idx = {
  kept: ["where", "imagesName", "labelsName"],
  words: { bytes: ["magic number", "an IDX", "header"] },
};

/** Reading MNIST, the networks for it and the recipe to train them. */
export const MNIST: readonly Target[] = [
  aFunction(
    "calibrationError",
    calibrationError,
    () => ({
      probabilities: probabilities(),
      labels: [0, 2],
      options: { bins: 5 },
    }),
    { words: { probabilities: ["labels"] } },
  ),
  aFunction(
    "predictLogits",
    predictLogits,
    () => ({
      model: aSmallModel(),
      images: someImages(),
      options: { threads: 1, signal },
    }),
    { words: asModel },
  ),
  aFunction(
    "splitDataset",
    splitDataset,
    () => ({
      data: evenData(),
      share: 0.5,
      options: { random: new Random(2) },
    }),
    { words: { ...asModel, share: ["images"], random: ["images"] } },
  ),
  aFunction("testModel", testModel, testing, { alsoNamed: ["predictLogits"], words: asModel }),
  aConstructor("Augmentation", Augmentation, () => ({
    options: { seed: 1, rotation: 5, shift: 1, scale: [0.9, 1.1], shear: 2, plainShare: 0.1 },
  })),
  ...methodsOf("Augmentation", () => new Augmentation({ seed: 1 }), {
    draw: () => ({ epoch: 1, image: 2 }),
    order: { parameters: () => ({ epoch: 1, n: 5 }), unbounded: ["n"] },
    apply: {
      parameters: () => ({ images: someImages(), options: { epoch: 1, numbers: [0, 1, 2, 3, 4, 5] } }),
      words: { images: ["image", "number"], numbers: ["number", "image"] },
    },
  }),
  aFunction(
    "augmentedBatches",
    augmentedBatches,
    () => ({
      data: someData(),
      options: { batchSize: 2, augmentation: new Augmentation(), random: new Random(1) },
    }),
    { words: asModel },
  ),
  aFunction("mnistFileNames", mnistFileNames, () => ({ part: "trainImages" })),
  aFunction("isOfficialMnist", isOfficialMnist, () => ({ part: "trainLabels", bytes: bytes() })),
  aFunction("sha256", sha256, () => ({ bytes: bytes() })),
  aFunction("isGzip", isGzip, () => ({ bytes: bytes() })),
  aFunction("gunzip", gunzip, () => ({ bytes: zipped(), options: { limit: 10, where: "gunzip" } }), {
    kept: ["where"],
    words: { bytes: ["gzip"], limit: ["bytes"] },
  }),
  aFunction("parseIdxImages", parseIdxImages, () => ({ bytes: idxImages(2, 2, 2) }), {
    ...idx,
    alsoNamed: ["IDX images"],
  }),
  aFunction(
    "parseIdxLabels",
    parseIdxLabels,
    () => ({
      bytes: idxLabels([1, 2]),
      where: "IDX labels",
      classes: 3,
    }),
    { ...idx, alsoNamed: ["IDX labels"], words: { ...idx.words, classes: ["labels"] } },
  ),
  aFunction(
    "readIdxDataset",
    readIdxDataset,
    () => ({
      images: idxImages(2, 2, 2),
      labels: idxLabels([1, 2]),
      options: { imagesName: "IDX images", labelsName: "IDX labels", classes: 3 },
    }),
    {
      ...idx,
      alsoNamed: ["IDX images", "IDX labels"],
      words: {
        images: ["bytes", "magic number", "labels"],
        labels: ["bytes", "magic number"],
        classes: ["labels"],
      },
    },
  ),
  aFunction("createNetwork", createNetwork, () => ({ name: "lenet", options: { seed: 1 } })),
  aFunction(
    "prepareDigit",
    prepareDigit,
    () => ({
      image: {
        data: Uint8Array.from({ length: 64 }, (_, i) => (i % 8 === 3 ? 0 : 255)),
        width: 8,
        height: 8,
        channels: 1,
      },
    }),
    { words: { width: ["bytes"], height: ["bytes"], channels: ["bytes"] } },
  ),
  aFunction("recipeOptimizer", recipeOptimizer, () => ({ learningRate: 0.01 })),
  aFunction(
    "trainByRecipe",
    trainByRecipe,
    () => ({
      model: aSmallModel(),
      data: someData(),
      options: {
        epochs: 1,
        batchSize: 4,
        weightAverage: true,
        augmentation: new Augmentation(),
        threads: 1,
        signal,
      },
    }),
    {
      alsoNamed: ["Sequential.fit"],
      unbounded: ["epochs"],
      words: { ...asModel, data: ["dataset", "pixels", "batch source", "loss"], images: ["image", "loss"] },
    },
  ),
];
