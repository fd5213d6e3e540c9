import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadCheckpoint } from "../../src/formats/checkpoint.js";
import type { IdxDataset } from "../../src/mnist/idx-dataset.js";
import type { Sequential } from "../../src/model/sequential.js";
import type { TrainingState } from "../../src/model/training-state.js";
import { Checkpoints } from "../../src/node/checkpoints.js";
import { exportKaggleCsv } from "../../src/node/export-csv.js";
import { writeCheckpoint, writeModel } from "../../src/node/model-files.js";
import { writeReport } from "../../src/node/report/write-report.js";
import { writeSubmission } from "../../src/node/submission.js";
import { Adam } from "../../src/optim/adam.js";
import { smallDataset, smallNetwork } from "../../test/helpers/models.js";
import { exampleReport } from "../../test/node/report/example.js";
import type { Digest } from "./folder-state.js";

/** Something that is saved in a folder, twice: the second version takes the place of the first. */
export interface Save {
  readonly what: string;
  readonly write: (folder: string, version: 1 | 2) => Promise<unknown>;
  /** @default the SHA-256 of the bytes */
  readonly digest?: Digest;
}

export const sha256: Digest = (_, bytes) => createHash("sha256").update(bytes).digest("hex");

/** The step and the weights of a checkpoint, which also has times in it. */
const digestOfCheckpoint: Digest = (_, bytes) => {
  const { model, state } = loadCheckpoint(bytes);
  const weights = model.getWeights().map(({ data }) => sha256("", Buffer.from(data.slice().buffer)));
  return [state.steps, ...weights].join(" ");
};

const data = smallDataset(12, 1);

/** Two epochs of two steps, saved before the first, after the third and after each epoch; or what is left of them. */
export async function trainOn(folder: string): Promise<Sequential> {
  const every = 3;
  const resumed = existsSync(folder) ? await Checkpoints.resume(folder, { every }) : undefined;
  const model = resumed?.model ?? smallNetwork(2);
  const checkpoints = resumed?.checkpoints ?? (await Checkpoints.create(folder, { every }));
  await model.fit(data, {
    ...{ epochs: 2, batchSize: 6, optimizer: new Adam({ learningRate: 0.01 }) },
    ...{ callbacks: [checkpoints], resume: resumed?.state },
  });
  return model;
}

/** A state of a training that has just begun. */
async function firstState(model: Sequential): Promise<TrainingState> {
  const states: TrainingState[] = [];
  await model.fit(data, { callbacks: [{ onCheckpoint: ({ state }) => void states.push(state()) }] });
  return states[0]!;
}

/** A number of digits, in an order of its own for each version. */
const digits = (n: number, version: number): number[] =>
  Array.from({ length: n }, (_, i) => (i * version) % 10);

function images(n: number, version: number): IdxDataset {
  const data = Uint8Array.from({ length: n * 784 }, (_, i) => (i * version) % 256);
  return { images: { data, shape: [n, 28, 28, 1] }, labels: Uint8Array.from(digits(n, version)) };
}

/** What the library saves. */
export const SAVES = {
  model: {
    what: "a model",
    write: (folder, version) => writeModel(join(folder, "a.safetensors"), smallNetwork(version)),
  },
  checkpoint: {
    what: "a checkpoint",
    write: async (folder, version) => {
      const model = smallNetwork(version);
      await writeCheckpoint(join(folder, "a.safetensors"), model, await firstState(model));
    },
    digest: digestOfCheckpoint,
  },
  training: {
    what: "the checkpoints of a training",
    // the first version is an empty folder: a training that is there is gone on with
    write: async (folder, version) => version === 2 && trainOn(join(folder, "checkpoints")),
    digest: digestOfCheckpoint,
  },
  submission: {
    what: "a submission",
    write: (folder, version) => writeSubmission(join(folder, "a.csv"), digits(1000, version)),
  },
  tables: {
    what: "tables of digits",
    write: (folder, version) =>
      exportKaggleCsv(folder, { train: images(30, version), test: images(20, version) }),
  },
  report: {
    what: "a report with its pictures",
    write: async (folder, version) =>
      writeReport(folder, await exampleReport({ seed: version }, smallNetwork(version))),
  },
} satisfies Record<string, Save>;
