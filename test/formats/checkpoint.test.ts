import { describe, expect, test } from "vitest";
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from "../../src/formats/checkpoint.js";
import { loadModel, saveModel } from "../../src/formats/model-file.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.js";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Dropout } from "../../src/layers/dropout.js";
import { Flatten } from "../../src/layers/flatten.js";
import { ReLU } from "../../src/layers/relu.js";
import { Rescaling } from "../../src/layers/rescaling.js";
import { Augmentation } from "../../src/mnist/augmentation.js";
import { augmentedBatches } from "../../src/mnist/augmented-batches.js";
import type { Callback } from "../../src/model/callback.js";
import type { Dataset } from "../../src/model/dataset.js";
import { EarlyStopping } from "../../src/model/early-stopping.js";
import type { FitOptions } from "../../src/model/fit.js";
import type { History } from "../../src/model/history.js";
import { Sequential } from "../../src/model/sequential.js";
import { Adam } from "../../src/optim/adam.js";
import { AdamW } from "../../src/optim/adamw.js";
import { oneCycle } from "../../src/optim/schedule.js";
import { SGD } from "../../src/optim/sgd.js";
import { WeightAverage } from "../../src/optim/weight-average.js";
import { Random } from "../../src/tensor/random.js";
import { bitsOf } from "../helpers/models.js";

const N = 26; // batches of 4, and one of 2

const random = new Random(7);
const data = {
  images: { data: Uint8Array.from({ length: N * 36 }, () => random.integer(256)), shape: [N, 6, 6, 1] },
  labels: Uint8Array.from({ length: N }, (_, i) => i % 3),
};

const network = (): Sequential =>
  new Sequential({ inputShape: [6, 6, 1], seed: 5 }, [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 3, kernelSize: 3, useBias: false }),
    new BatchNormalization(),
    new ReLU(),
    new Flatten(),
    new Dropout({ rate: 0.25 }),
    new Dense({ units: 3 }),
  ]);

/** What is made anew in each process; the model, and so its random, is known when the data are asked for. */
interface Setting {
  readonly options: () => FitOptions;
  readonly data?: (model: Sequential) => Dataset | ReturnType<typeof augmentedBatches>;
}

const EPOCHS = 3;
const SETTINGS: Readonly<Record<string, Setting>> = {
  "SGD without momentum": { options: () => ({ optimizer: new SGD({ learningRate: 0.1 }) }) },
  "SGD with momentum": { options: () => ({ optimizer: new SGD({ learningRate: 0.1, momentum: 0.9 }) }) },
  "Adam and a validation split": { options: () => ({ optimizer: new Adam(), validationSplit: 0.3 }) },
  "AdamW in one cycle with a weight average": {
    options: () => ({
      optimizer: new AdamW({ learningRate: oneCycle({ peak: 0.01, totalSteps: 21 }) }),
      weightAverage: new WeightAverage(),
    }),
  },
  "early stopping, which stops after the second epoch": {
    options: () => ({
      optimizer: new SGD({ learningRate: 0 }),
      validationSplit: 0.3,
      callbacks: [new EarlyStopping({ patience: 1 })],
    }),
  },
  "early stopping, which puts back the best weights": {
    options: () => ({
      optimizer: new Adam({ learningRate: 0.05 }),
      validationSplit: 0.3,
      callbacks: [new EarlyStopping({ patience: 5 })],
    }),
  },
  "augmented images": {
    options: () => ({ optimizer: new Adam() }),
    data: ({ random }) => augmentedBatches(data, { batchSize: 4, augmentation: new Augmentation(), random }),
  },
  "images in their order": { options: () => ({ optimizer: new Adam(), shuffle: false }) },
};

/** Trains, or goes on, with one callback more. */
async function train({ options, data: source }: Setting, watcher: Callback, from?: Checkpoint) {
  const model = from?.model ?? network();
  const { callbacks = [], ...rest } = options();
  const history = await model.fit(source?.(model) ?? data, {
    epochs: EPOCHS,
    batchSize: 4,
    ...rest,
    callbacks: [...callbacks, watcher],
    resume: from?.state,
  });
  rest.weightAverage?.swap(model.parameters);
  return { weights: bitsOf(model), history: withoutTimes(history), steps: model.steps };
}

function withoutTimes({ seconds, imagesPerSecond, ...history }: History) {
  return { ...history, epochs: seconds.length + imagesPerSecond.length };
}

describe.each(Object.entries(SETTINGS))("a training with %s", (_, setting) => {
  test("that is taken up again at any step ends with the same bits and the same history", async () => {
    const saved: Uint8Array[] = [];
    const whole = await train(setting, {
      onCheckpoint: ({ model, state }) => {
        saved.push(saveCheckpoint(model, state()));
      },
    });
    expect(saved.length).toBeGreaterThan(10);
    for (const bytes of saved) {
      expect(await train(setting, {}, loadCheckpoint(bytes))).toEqual(whole);
    }
  });

  test("is the same with checkpoints as without", async () => {
    const watcher: Callback = { onCheckpoint: ({ model, state }) => void saveCheckpoint(model, state()) };
    expect(await train(setting, watcher)).toEqual(await train(setting, {}));
  });
});

/** The checkpoint after so many steps. */
async function checkpointAt(
  step: number,
  options: FitOptions = { optimizer: new Adam() },
  notes?: string,
): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const callback: Callback = {
    onCheckpoint: ({ model, step: at, state }) => {
      if (at === step) bytes = saveCheckpoint(model, state(), notes);
    },
  };
  await network().fit(data, { epochs: 2, batchSize: 4, ...options, callbacks: [callback] });
  if (!bytes) throw new Error(`there is no step ${step}`);
  return bytes;
}

const bytes = await checkpointAt(
  9,
  { optimizer: new Adam(), weightAverage: new WeightAverage() },
  "of a test",
);

describe("a checkpoint", () => {
  test("says where training was", () => {
    const { model, state, notes } = loadCheckpoint(bytes);
    expect(state).toMatchObject({ epoch: 2, batch: 2, steps: 9, stopped: false, learningRate: 0.001 });
    expect(state.sums.images).toBe(8);
    expect(state.history.loss).toHaveLength(1);
    expect(state.optimizer.numbers.get("iterations")).toBe(9);
    expect(notes).toBe("of a test");
    expect(model.config()).toEqual(network().config());
  });

  test("has notes that UTF-8 can hold", () => {
    const { model, state } = loadCheckpoint(bytes);
    const refused: [notes: unknown, message: string][] = [
      [3, "expected notes to be a text, got 3 (number)."],
      ["a\ud800", 'expected notes to be Unicode, got half a surrogate pair in "a\\ud800".'],
    ];
    for (const [notes, message] of refused) {
      expect(() => saveCheckpoint(model, state, notes as string)).toThrow(
        new TypeError(`saveCheckpoint: ${message}`),
      );
    }
  });

  test("keeps tensors under names that say what they are", () => {
    const names = [...decodeSafetensors(bytes).tensors.keys()];
    expect(names.filter((name) => name.includes("dense_1/bias"))).toEqual([
      "model/dense_1/bias",
      "optimizer/dense_1/bias/m",
      "optimizer/dense_1/bias/v",
      "weight_average/dense_1/bias/held",
    ]);
  });

  test("keeps numbers that JSON does not have", async () => {
    // nothing was better than the first epoch, whose figure is still to come
    const options = { validationSplit: 0.3, callbacks: [new EarlyStopping()] };
    let saved: Uint8Array | undefined;
    const watcher: Callback = {
      onCheckpoint: ({ model, step, state }) => {
        if (step === 1) saved = saveCheckpoint(model, state());
      },
    };
    await network().fit(data, { ...options, batchSize: 4, callbacks: [...options.callbacks, watcher] });
    const { state } = loadCheckpoint(saved!);
    expect(state.callbacks[0]!.numbers).toEqual(
      new Map([
        ["best_epoch_of_val_loss", 0],
        ["best_val_loss", Number.NaN],
      ]),
    );
  });

  test("cannot be asked for after the next step", async () => {
    let late: (() => unknown) | undefined;
    const first: Callback = {
      onCheckpoint: ({ state }) => {
        late ??= state;
      },
    };
    await network().fit(data, { callbacks: [first] });
    expect(() => late?.()).toThrow(
      new Error(
        "Sequential.fit: expected the state of step 0 to be asked for before training goes on, got a call after that.",
      ),
    );
  });

  test("needs an optimizer that can save its state", async () => {
    const optimizer = { type: "Own", iterations: 0, learningRate: 1, step() {} };
    const callbacks: Callback[] = [{ onCheckpoint: ({ state }) => void state() }];
    await expect(network().fit(data, { optimizer, callbacks })).rejects.toThrow(
      new TypeError(
        "Sequential.fit: expected an optimizer that can save its state, got a Own without saveState.",
      ),
    );
    await expect(network().fit(data, { optimizer, resume: loadCheckpoint(bytes).state })).rejects.toThrow(
      new TypeError(
        "Sequential.fit (resume): expected an optimizer that can restore its state, got a Own without restoreState.",
      ),
    );
  });
});

describe("a training that is resumed", () => {
  const resume = async (options: FitOptions): Promise<void> => {
    const { model, state } = loadCheckpoint(bytes);
    const before = bitsOf(model);
    const error = await model.fit(data, { epochs: 2, batchSize: 4, resume: state, ...options }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(bitsOf(model)).toEqual(before);
    throw error;
  };
  const average = { weightAverage: new WeightAverage() };

  test.each<[string, FitOptions, string]>([
    [
      "another optimizer",
      { optimizer: new SGD({ momentum: 0.9 }), ...average },
      "Sequential.fit (resume): expected Adam as the optimizer, as before, got SGD.",
    ],
    [
      "an optimizer that keeps less",
      { optimizer: new SGD(), ...average },
      "Sequential.fit (resume): expected Adam as the optimizer, as before, got SGD.",
    ],
    [
      "no weight average",
      { optimizer: new Adam() },
      "Sequential.fit (resume): expected training with a weight average, as before, got one without it.",
    ],
    [
      "callbacks that were not there",
      { optimizer: new Adam(), ...average, callbacks: [new EarlyStopping({ monitor: "loss" })] },
      "Sequential.fit (resume): expected 0 callbacks that keep a state, as before, got 1.",
    ],
    [
      "something else than a state",
      { ...average, resume: "checkpoint" as never },
      'Sequential.fit (resume): expected the state of a training, got "checkpoint" (string).',
    ],
    [
      "a random state that is none",
      { ...average, resume: { ...loadCheckpoint(bytes).state, random: [0, 0, 0, 0] } },
      "Sequential.fit (resume): expected random to be the state of a Random, got [0, 0, 0, 0].",
    ],
  ])("refuses %s", async (_, options, message) => {
    await expect(resume(options)).rejects.toThrow(message);
  });

  test("refuses a weight average that was not there", async () => {
    const { model, state } = loadCheckpoint(bytes);
    const without = { ...state, weightAverage: undefined };
    const options = { epochs: 2, batchSize: 4, optimizer: new Adam(), ...average };
    await expect(model.fit(data, { ...options, resume: without })).rejects.toThrow(
      new Error(
        "Sequential.fit (resume): expected training without a weight average, as before, got one with it.",
      ),
    );
  });

  test("refuses a history that is no list", async () => {
    const { model, state } = loadCheckpoint(bytes);
    const history = { ...state.history, loss: 3 as never };
    const options = { epochs: 2, batchSize: 4, optimizer: new Adam(), ...average };
    await expect(model.fit(data, { ...options, resume: { ...state, history } })).rejects.toThrow(
      new RangeError(
        "Sequential.fit (resume): expected history.loss to have 1 numbers, one for each epoch before, got 3 (number).",
      ),
    );
  });

  test("refuses data that end before the place it was at", async () => {
    const few = { images: { data: data.images.data.slice(0, 36), shape: [1, 6, 6, 1] }, labels: [0] };
    const { model, state } = loadCheckpoint(bytes);
    const options = { epochs: 2, batchSize: 4, resume: state, optimizer: new Adam(), ...average };
    await expect(model.fit(few, options)).rejects.toThrow(
      new RangeError(
        "Sequential.fit: expected the data and the batch size of the training to resume, with 8 images in the first 2 batches of epoch 2, got 1 in 1.",
      ),
    );
  });
});

describe("the state of a training", () => {
  const failing = (state: object): Promise<unknown> => {
    const { model, state: whole } = loadCheckpoint(bytes);
    const options = { optimizer: new Adam(), weightAverage: new WeightAverage(), batchSize: 4, epochs: 2 };
    return model.fit(data, { ...options, resume: { ...whole, ...state } });
  };
  const where = "Sequential.fit (resume): expected";

  test.each<[string, object, string]>([
    ["no sums", { sums: null }, `${where} the state of a training, got an object.`],
    [
      "a negative sum",
      { sums: { images: 8, loss: -1, correct: 0 } },
      `${where} sums.loss to be a number >= 0, got -1 (number).`,
    ],
    [
      "fewer images than batches",
      { sums: { images: 1, loss: 0, correct: 0 } },
      `${where} sums.images to be a whole number >= 2, got 1 (number).`,
    ],
    ["negative seconds", { seconds: -1 }, `${where} seconds to be a number >= 0, got -1 (number).`],
    ["half an epoch", { epoch: 1.5 }, `${where} epoch to be a whole number >= 1, got 1.5 (number).`],
    [
      "a history that is too short",
      { epoch: 3 },
      `${where} history.loss to have 2 numbers, one for each epoch before, got 1.`,
    ],
    [
      "no callbacks",
      { callbacks: undefined },
      `${where} callbacks to be an array of saved states, got undefined.`,
    ],
    ["no optimizer", { optimizer: {} }, `${where} optimizer to be a saved state, got an object.`],
    ["half a step", { steps: 0.5 }, `${where} steps to be a whole number >= 0, got 0.5 (number).`],
  ])("is refused with %s", async (_, state, message) => {
    await expect(failing(state)).rejects.toThrow(message);
  });

  test("is refused with another batch size, of which the first batches have other images", async () => {
    const { model, state } = loadCheckpoint(bytes);
    const options = { optimizer: new Adam(), weightAverage: new WeightAverage(), batchSize: 8, epochs: 2 };
    await expect(model.fit(data, { ...options, resume: state })).rejects.toThrow(
      "with 8 images in the first 2 batches of epoch 2, got 16 in 2.",
    );
  });

  test("keeps what each callback keeps apart, by what it watches", async () => {
    const stops = () => [
      new EarlyStopping({ monitor: "loss", patience: 3 }),
      new EarlyStopping({ monitor: "accuracy", patience: 3 }),
    ];
    let saved: Uint8Array | undefined;
    const watcher: Callback = {
      onCheckpoint: ({ model, logs, state }) => {
        if (logs) saved ??= saveCheckpoint(model, state());
      },
    };
    const optimizer = () => new Adam();
    await network().fit(data, { optimizer: optimizer(), callbacks: [...stops(), watcher] });
    const resumed = () => loadCheckpoint(saved!);
    const { model, state } = resumed();
    await model.fit(data, { epochs: 2, optimizer: optimizer(), callbacks: stops(), resume: state });
    const other = resumed();
    await expect(
      other.model.fit(data, {
        epochs: 2,
        optimizer: optimizer(),
        callbacks: stops().reverse(),
        resume: other.state,
      }),
    ).rejects.toThrow(
      /^EarlyStopping\.restoreState: expected a state with the best epoch, value and weights for accuracy, got best_epoch_of_loss, /,
    );
  });

  test("needs callbacks that restore what they save", async () => {
    const callbacks: Callback[] = [
      { saveState: () => ({ numbers: new Map(), tensors: new Map() }) },
      { onCheckpoint: ({ state }) => void state() },
    ];
    await expect(network().fit(data, { callbacks })).rejects.toThrow(
      "Sequential.fit: expected a callback to have both saveState and restoreState, or neither, got one of them.",
    );
  });

  test("cannot be had while callbacks hear of the end of an epoch", async () => {
    let event: { readonly isCurrent: boolean } | undefined;
    const current: boolean[] = [];
    const callbacks: Callback[] = [
      {
        onCheckpoint: (offered) => {
          event = offered;
          current.push(offered.isCurrent);
        },
        onBatchEnd: () => void current.push(event!.isCurrent),
        onEpochEnd: () => void current.push(event!.isCurrent),
      },
    ];
    await network().fit(data, { batchSize: 26, callbacks });
    // at the start, in a step, after it, at the end of the epoch, after that
    expect(current).toEqual([true, false, true, false, true]);
  });
});

describe("a dropout that was added late", () => {
  test("has the same masks again", async () => {
    const late = (): Sequential => {
      const model = new Sequential({ inputShape: [6, 6, 1], seed: 5 }, [new Flatten()]);
      model.random.uint32(); // as a fit would have done
      return model.add(new Dropout({ rate: 0.5 })).add(new Dense({ units: 3 }));
    };
    const saved: Uint8Array[] = [];
    const watcher: Callback = {
      onCheckpoint: ({ model, state }) => void saved.push(saveCheckpoint(model, state())),
    };
    const whole = late();
    await whole.fit(data, { batchSize: 4, optimizer: new Adam(), callbacks: [watcher] });
    const { model, state } = loadCheckpoint(saved[3]!);
    await model.fit(data, { batchSize: 4, optimizer: new Adam(), resume: state });
    expect(bitsOf(model)).toEqual(bitsOf(whole));
  });
});

describe("loadCheckpoint", () => {
  /** The checkpoint with one of its texts changed. */
  const change = (key: string, text: string): Uint8Array => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    return encodeSafetensors(tensors, new Map([...metadata, [key, text]]));
  };
  const training = (): Record<string, unknown> =>
    JSON.parse(decodeSafetensors(bytes).metadata.get("training")!);
  const withField = (name: string, value: unknown): Uint8Array =>
    change("training", JSON.stringify({ ...training(), [name]: value }));

  test("tells a model from a checkpoint, and loadModel a checkpoint from a model", () => {
    expect(() => loadCheckpoint(saveModel(network()))).toThrow(
      new Error(
        "loadCheckpoint: expected a checkpoint saved by tinyconv, got a model saved by tinyconv. Read it with loadModel.",
      ),
    );
    expect(() => loadModel(bytes)).toThrow(
      new Error(
        "loadModel: expected a model saved by tinyconv, got a checkpoint saved by tinyconv. Read it with loadCheckpoint.",
      ),
    );
  });

  test.each<[string, Uint8Array, string]>([
    [
      "a newer version",
      change("version", "2"),
      'loadCheckpoint: expected format version "1", got "2". A newer tinyconv may read it.',
    ],
    ["no training", change("training", "[]"), "loadCheckpoint: expected training to be an object, got []."],
    [
      "text that is not JSON",
      change("training", "{"),
      'loadCheckpoint: expected the training to be JSON, got "{".',
    ],
    [
      "a number that is text",
      withField("epoch", "two"),
      'loadCheckpoint: expected training.epoch to be a number, got "two".',
    ],
    [
      "a list that is none",
      withField("random", 1),
      "loadCheckpoint: expected training.random to be a list of 4 numbers, got 1.",
    ],
    [
      "a history without losses",
      withField("history", {}),
      "loadCheckpoint: expected training.history.loss to be a list of numbers, got undefined.",
    ],
    [
      "a flag that is none",
      withField("stopped", 0),
      "loadCheckpoint: expected training.stopped to be true or false, got 0.",
    ],
    [
      "no state of the optimizer",
      withField("optimizer", null),
      "loadCheckpoint: expected training.optimizer to be an object, got null.",
    ],
    [
      "a state too deep",
      withField("sums", { a: { b: {} } }),
      "loadCheckpoint: expected the training to nest at most 3 deep, got deeper nesting.",
    ],
  ])("refuses %s", (_, broken, message) => {
    expect(() => loadCheckpoint(broken)).toThrow(new Error(message));
  });

  test("refuses tensors that are missing or left over", () => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const without = new Map([...tensors].filter(([name]) => name !== "model/dense_1/bias"));
    expect(() => loadCheckpoint(encodeSafetensors(without, metadata))).toThrow(
      new Error('loadCheckpoint: expected a tensor "model/dense_1/bias", got none of that name.'),
    );
    const left = new Map([...tensors, ["model/extra", tensors.get("model/dense_1/bias")!]]);
    expect(() => loadCheckpoint(encodeSafetensors(left, metadata))).toThrow(
      new Error('loadCheckpoint: expected only the weights of the architecture, got "model/extra" as well.'),
    );
    for (const name of ["other/m", "alone", "/alone", "model", "callback_1/m", "__proto__/m"]) {
      const more = new Map([...tensors, [name, tensors.get("model/dense_1/bias")!]]);
      expect(() => loadCheckpoint(encodeSafetensors(more, metadata))).toThrow(
        new Error(`loadCheckpoint: expected only the tensors of the training, got "${name}" as well.`),
      );
    }
  });
});
