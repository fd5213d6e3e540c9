import { describe, expect, test } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "../../src/formats/checkpoint.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.js";
import { MeanSquaredError } from "../../src/layers/mean-squared-error.js";
import type { Callback } from "../../src/model/callback.js";
import { EarlyStopping } from "../../src/model/early-stopping.js";
import { Adam } from "../../src/optim/adam.js";
import { WeightAverage } from "../../src/optim/weight-average.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { bitsOf, line } from "../helpers/models.js";

const bytes = await smallCheckpoint();

/** The training of a line through two points, after its first epoch. */
async function smallCheckpoint(): Promise<Uint8Array> {
  let saved: Uint8Array | undefined;
  const save: Callback = {
    onCheckpoint: ({ model, logs, state }) => {
      if (logs) saved = saveCheckpoint(model, state(), "of a test");
    },
  };
  await line(2, 1).fit(
    { images: Tensor.from([[1], [2]]), labels: Tensor.from([[1], [3]]) },
    {
      loss: new MeanSquaredError(),
      optimizer: new Adam(),
      weightAverage: new WeightAverage(),
      callbacks: [new EarlyStopping({ monitor: "loss" }), save],
    },
  );
  if (!saved) throw new Error("there was no epoch");
  return saved;
}

type Json = Record<string, unknown>;

/** The checkpoint with some of its texts and tensors changed; what is undefined is left out. */
function changed(
  texts: Readonly<Record<string, string | undefined>>,
  tensors: Readonly<Record<string, Tensor | undefined>> = {},
): Uint8Array {
  const file = decodeSafetensors(bytes);
  const change = <T>(map: Map<string, T>, changes: Readonly<Record<string, T | undefined>>): void => {
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) map.delete(key);
      else map.set(key, value);
    }
  };
  change(file.metadata, texts);
  change(file.tensors, tensors);
  return encodeSafetensors(file.tensors, file.metadata);
}

const jsonOf = (key: string): Json => JSON.parse(decodeSafetensors(bytes).metadata.get(key)!);
/** The checkpoint with some fields of its training changed. */
const training = (fields: Json): Uint8Array =>
  changed({ training: JSON.stringify({ ...jsonOf("training"), ...fields }) });
const sums = (fields: Json): Uint8Array =>
  training({ sums: { ...(jsonOf("training").sums as Json), ...fields } });
const history = (fields: Json): Uint8Array =>
  training({ history: { ...(jsonOf("training").history as Json), ...fields } });

const NEWER = "A newer tinyconv may know it.";
const LISTS = "numbers, one for each epoch before";

describe("loadCheckpoint", () => {
  test("reads the file that is broken in all the following", () => {
    expect(loadCheckpoint(bytes).state).toMatchObject({ epoch: 2, batch: 0, steps: 1 });
    expect(loadCheckpoint(training({})).state).toEqual(loadCheckpoint(bytes).state);
  });

  test.each<[string, Uint8Array, string]>([
    // the whole
    [
      "another version",
      changed({ version: "1.1" }),
      'expected format version "1", got "1.1". A newer tinyconv may read it.',
    ],
    [
      "no version",
      changed({ version: undefined }),
      'expected format version "1", got undefined. A newer tinyconv may read it.',
    ],
    ["no training", changed({ training: undefined }), 'expected the training to be JSON, got "".'],
    [
      "no architecture",
      changed({ architecture: undefined }),
      'expected the architecture to be JSON, got "".',
    ],
    [
      "a key that comes twice",
      changed({ training: '{"epoch": 1, "\\u0065poch": 2}' }),
      'expected the training to have every key once, got "epoch" twice.',
    ],
    [
      "half a character",
      changed({ training: '{"\\ud83d": 1}' }),
      'expected the training to be Unicode, got half a surrogate pair in "\\ud83d".',
    ],
    [
      "deep nesting",
      changed({ training: "[".repeat(100_000) }),
      "expected the training to nest at most 3 deep, got deeper nesting.",
    ],
    [
      "a training that is null",
      changed({ training: "null" }),
      "expected training to be an object, got null.",
    ],
    // fields
    [
      "a field of the future",
      training({ dropped: 1 }),
      `expected only known fields in training, got "dropped" as well. ${NEWER}`,
    ],
    [
      "a sum of the future",
      sums({ squares: 1 }),
      `expected only known fields in training.sums, got "squares" as well. ${NEWER}`,
    ],
    [
      "a figure of the future",
      history({ top5: [1] }),
      `expected only known fields in training.history, got "top5" as well. ${NEWER}`,
    ],
    [
      "a key that objects inherit",
      changed({ training: JSON.stringify(jsonOf("training")).replace("{", '{"__proto__": {"epoch": 9}, ') }),
      `expected only known fields in training, got "__proto__" as well. ${NEWER}`,
    ],
    ["no epoch", training({ epoch: undefined }), "expected training.epoch to be a number, got undefined."],
    ["an epoch that is text", training({ epoch: "2" }), 'expected training.epoch to be a number, got "2".'],
    [
      "a negative epoch",
      training({ epoch: -1 }),
      "expected epoch to be a whole number >= 1, got -1 (number).",
    ],
    [
      "an epoch too large to count",
      training({ epoch: 2 ** 53 }),
      "expected epoch to be a whole number >= 1, got 9007199254740992 (number).",
    ],
    [
      "an endless epoch",
      training({ epoch: "Infinity" }),
      "expected epoch to be a whole number >= 1, got Infinity (number).",
    ],
    [
      "an epoch that the history has not come to",
      training({ epoch: 2 ** 40 }),
      `expected history.loss to have 1099511627775 ${LISTS}, got 1.`,
    ],
    [
      "a negative batch",
      training({ batch: -1 }),
      "expected batch to be a whole number >= 0, got -1 (number).",
    ],
    ["half a batch", training({ batch: 0.5 }), "expected batch to be a whole number >= 0, got 0.5 (number)."],
    ["a sum that is a list", sums({ images: [1] }), "expected training.sums.images to be a number, got [1]."],
    ["a negative sum", sums({ loss: -1 }), "expected sums.loss to be a number >= 0, got -1 (number)."],
    ["negative seconds", training({ seconds: -1 }), "expected seconds to be a number >= 0, got -1 (number)."],
    [
      "a negative learning rate",
      training({ learningRate: "-Infinity" }),
      "expected learningRate to be a number >= 0, got -Infinity (number).",
    ],
    [
      "a flag that is a number",
      training({ stopped: 1 }),
      "expected training.stopped to be true or false, got 1.",
    ],
    ["negative steps", training({ steps: -1 }), "expected steps to be a whole number >= 0, got -1 (number)."],
    [
      "an optimizer without a name",
      training({ optimizerType: null }),
      "expected training.optimizerType to be text, got null.",
    ],
    // lists
    [
      "a history that is a list",
      training({ history: [] }),
      "expected training.history to be an object, got [].",
    ],
    [
      "a loss that is text",
      history({ loss: ["low"] }),
      'expected training.history.loss[0] to be a number, got "low".',
    ],
    [
      "a list that is too long",
      history({ accuracy: [1, 1] }),
      `expected history.accuracy to have 1 ${LISTS}, got 2.`,
    ],
    [
      "a list that is missing",
      history({ seconds: undefined }),
      "expected training.history.seconds to be a list of numbers, got undefined.",
    ],
    [
      "half a random state",
      training({ random: [1, 2] }),
      "expected training.random to be a list of 4 numbers, got [1, 2].",
    ],
    [
      "more than a random state",
      training({ random: [1, 2, 3, 4, 5] }),
      "expected training.random to be a list of 4 numbers, got [1, 2, 3, 4, 5].",
    ],
    [
      "a random state of zeros",
      training({ random: [0, 0, 0, 0] }),
      "expected random to be the state of a Random, got [0, 0, 0, 0].",
    ],
    [
      "a random state too large",
      training({ random: [1, 2, 3, 2 ** 32] }),
      "expected random to be the state of a Random, got [1, 2, 3, 4294967296].",
    ],
    // what optimizer and callbacks keep
    [
      "no optimizer",
      training({ optimizer: undefined }),
      "expected training.optimizer to be an object, got undefined.",
    ],
    [
      "a count that is text",
      training({ optimizer: { iterations: "many" } }),
      'expected training.optimizer["iterations"] to be a number, got "many".',
    ],
    [
      "a weight average that is none",
      training({ weight_average: 0.5 }),
      "expected training.weight_average to be an object, got 0.5.",
    ],
    [
      "a second callback and no first",
      training({ callback_1: undefined, callback_2: {} }),
      `expected only known fields in training, got "callback_2" as well. ${NEWER}`,
    ],
    [
      "a third callback and no second",
      training({ callback_3: {} }),
      `expected only known fields in training, got "callback_3" as well. ${NEWER}`,
    ],
    [
      "a callback from zero on",
      training({ callback_0: {} }),
      `expected only known fields in training, got "callback_0" as well. ${NEWER}`,
    ],
    [
      "tensors of a callback that is not there",
      changed({}, { "callback_2/best_weights_0": new Tensor([1]) }),
      'expected only the tensors of the training, got "callback_2/best_weights_0" as well.',
    ],
    [
      "tensors of a weight average that is not there",
      training({ weight_average: undefined }),
      'expected only the tensors of the training, got "weight_average/dense_1/kernel/held" as well.',
    ],
    // the model
    [
      "a missing weight",
      changed({}, { "model/dense_1/bias": undefined }),
      'expected a tensor "model/dense_1/bias", got none of that name.',
    ],
    [
      "a weight too many",
      changed({}, { "model/x": new Tensor([1]) }),
      'expected only the weights of the architecture, got "model/x" as well.',
    ],
    [
      "a weight of another shape",
      changed({}, { "model/dense_1/bias": new Tensor([2]) }),
      'expected "model/dense_1/bias" to have shape [1], got [2].',
    ],
    [
      "a weight that is not finite",
      changed({}, { "model/dense_1/bias": Tensor.from([Number.NaN]) }),
      'expected finite weights, got NaN in "model/dense_1/bias". The training that made them has diverged; decodeSafetensors gives the tensors as they are.',
    ],
    [
      "a model too large for its file",
      changed({
        architecture: JSON.stringify({
          inputShape: [2 ** 20],
          seed: 0,
          layers: [{ type: "Dense", units: 2 ** 20 }],
        }),
      }),
      "expected an architecture for the 2 numbers in the file, got a kernel of shape [1048576, 1048576].",
    ],
  ])("refuses %s", (_, broken, message) => {
    // a RangeError for numbers that cannot be, an Error for the rest
    expect(() => loadCheckpoint(broken)).toThrow(
      expect.objectContaining({ message: `loadCheckpoint: ${message}` }),
    );
  });

  test("lets through what the optimizer and the callbacks keep, finite or not", () => {
    const m = Tensor.from([[Number.POSITIVE_INFINITY]]);
    const { state } = loadCheckpoint(changed({}, { "optimizer/dense_1/kernel/m": m }));
    expect(state.optimizer.tensors.get("dense_1/kernel/m")).toEqual(m);
  });

  test("refuses the file cut at any byte", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => loadCheckpoint(bytes.subarray(0, length))).toThrow(
        /^decodeSafetensors: expected .+, got /s,
      );
    }
  });

  test("refuses the file with any bit flipped, or reads a training from it, but never fails otherwise", () => {
    let read = 0;
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      try {
        expect(loadCheckpoint(flipped).state.callbacks).toHaveLength(1);
        read++;
      } catch (error) {
        expect(String(error)).toMatch(/^\w*Error: [\w.]+( \([\w/]+\))?: .*expected .+, got /s);
      }
    }
    expect(read).toBeGreaterThan(100); // bits of numbers, and of the notes
  });

  test("reads the file at any byte of a larger one", () => {
    for (let shift = 0; shift < 8; shift++) {
      const larger = new Uint8Array(bytes.length + 16).fill(255);
      larger.set(bytes, shift);
      const { model } = loadCheckpoint(larger.subarray(shift, shift + bytes.length));
      expect(bitsOf(model)).toEqual(bitsOf(loadCheckpoint(bytes).model));
    }
  });
});
