import { describe, expect, test } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Conv2D } from "../../src/layers/conv2d.js";
import { Dense } from "../../src/layers/dense.js";
import { Dropout } from "../../src/layers/dropout.js";
import { Flatten } from "../../src/layers/flatten.js";
import { MeanSquaredError } from "../../src/layers/mean-squared-error.js";
import { ReLU } from "../../src/layers/relu.js";
import type { Callback } from "../../src/model/callback.js";
import { type Dataset, sliceDataset } from "../../src/model/dataset.js";
import { EarlyStopping } from "../../src/model/early-stopping.js";
import type { FitOptions } from "../../src/model/fit.js";
import { Sequential } from "../../src/model/sequential.js";
import { Adam } from "../../src/optim/adam.js";
import { SGD } from "../../src/optim/sgd.js";
import { WeightAverage } from "../../src/optim/weight-average.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { oneHot } from "../../src/tensor/one-hot.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { bitsOf, line, smallDataset, smallNetwork } from "../helpers/models.js";

const data = smallDataset(10, 1);

/** A network in which everything is random that can be. */
const randomNetwork = (seed: number): Sequential =>
  smallNetwork(seed, [new BatchNormalization(), new Dropout({ rate: 0.25 })]);

/** Notes the calls of all methods of a callback. */
function recorder(name: string, calls: string[]): Callback {
  return {
    onTrainBegin: () => void calls.push(`${name} begin`),
    onBatchEnd: ({ epoch, batch }) => void calls.push(`${name} batch ${epoch}.${batch}`),
    onEpochEnd: ({ epoch }) => void calls.push(`${name} epoch ${epoch}`),
    onTrainEnd: () => void calls.push(`${name} end`),
  };
}

describe("fit", () => {
  test("brings a line to the slope of its points", async () => {
    const points = { images: Tensor.from([[-1], [0], [1], [2]]), labels: Tensor.from([[-1], [1], [3], [5]]) };
    const model = line(0, 0);
    const optimizer = new SGD({ learningRate: 0.1, momentum: 0.5 });
    await model.fit(points, { epochs: 200, batchSize: 2, optimizer, loss: new MeanSquaredError() });
    expect(model.getWeights()[0]).toBeAllclose([[2]], { rtol: 1e-3 });
    expect(model.getWeights()[1]).toBeAllclose([1], { rtol: 1e-3 });
  });

  test("overfits 20 random images to a loss below 0.01", async () => {
    const random = new Random(1);
    const pixels = Uint8Array.from({ length: 20 * 64 }, () => random.integer(256));
    const images = Tensor.from(pixels, [20, 8, 8, 1]);
    for (let i = 0; i < images.size; i++) images.data[i]! /= 255;
    const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 10);
    const model = new Sequential({ inputShape: [8, 8, 1], seed: 1 }, [
      new Conv2D({ filters: 8, kernelSize: 3 }),
      new ReLU(),
      new Flatten(),
      new Dense({ units: 32 }),
      new ReLU(),
      new Dense({ units: 10 }),
    ]);
    await model.fit(
      { images, labels },
      { epochs: 150, batchSize: 10, optimizer: new Adam({ learningRate: 0.005 }) },
    );
    const { loss, accuracy } = await model.evaluate({ images, labels });
    expect(loss).toBeLessThan(0.01);
    expect(accuracy).toBe(1);
  });

  test("is trainOnBatch over the batches of each epoch", async () => {
    const [model, byHand] = [randomNetwork(1), randomNetwork(1)];
    const history = await model.fit(data, { epochs: 2, batchSize: 4, optimizer: new Adam(), shuffle: false });
    const optimizer = new Adam();
    for (let epoch = 0; epoch < 2; epoch++) {
      let [loss, correct] = [0, 0];
      for (const [start, end] of [
        [0, 4],
        [4, 8],
        [8, 10],
      ] as const) {
        const result = byHand.trainOnBatch(sliceDataset(data, start, end), { optimizer });
        loss += result.loss * (end - start);
        correct += Math.round(result.accuracy * (end - start));
      }
      expect(history.loss[epoch]).toBe(loss / 10);
      expect(history.accuracy[epoch]).toBe(correct / 10);
    }
    expect(bitsOf(model)).toEqual(bitsOf(byHand));
    expect(model.steps).toBe(6);
  });

  test("gives a history of every epoch, with figures of the validation only where there is one", async () => {
    const learningRate = (step: number): number => 2 ** -(step + 1); // 0.5, 0.25, ...
    const history = await smallNetwork(1).fit(data, {
      epochs: 3,
      batchSize: 5,
      optimizer: new SGD({ learningRate }),
    });
    expect(Object.keys(history)).toEqual([
      "loss",
      "accuracy",
      "val_loss",
      "val_accuracy",
      "learningRate",
      "seconds",
      "imagesPerSecond",
    ]);
    expect(history.val_loss).toEqual([]);
    expect(history.val_accuracy).toEqual([]);
    // two steps an epoch; the rate is that of the second
    expect(history.learningRate).toEqual([0.25, 0.0625, 0.015625]);
    for (const list of [history.loss, history.accuracy, history.seconds, history.imagesPerSecond]) {
      expect(list).toHaveLength(3);
      for (const figure of list) expect(figure).toBeGreaterThanOrEqual(0);
    }
  });

  test("defaults to one epoch of 32 images a step, and to Adam", async () => {
    const many = smallDataset(70, 2);
    const [model, explicit] = [smallNetwork(1), smallNetwork(1)];
    const batches: number[] = [];
    const onBatchEnd: Callback["onBatchEnd"] = ({ images }) => void batches.push(images);
    await model.fit(many, { callbacks: [{ onBatchEnd }] });
    expect(batches).toEqual([32, 64, 70]);
    await explicit.fit(many, { epochs: 1, batchSize: 32, shuffle: true, optimizer: new Adam() });
    expect(bitsOf(model)).toEqual(bitsOf(explicit));
  });

  test("takes labels in any form, and pixels", async () => {
    const { images, labels } = data;
    const pixels = { data: new Uint8Array(360).map((_, i) => (i * 37) % 256), shape: [10, 6, 6, 1] };
    const train = async (given: Dataset): Promise<number[]> => {
      const model = smallNetwork(1);
      await model.fit(given, { batchSize: 4, optimizer: new SGD({ learningRate: 1e-3 }) });
      return bitsOf(model);
    };
    const expected = await train(data);
    for (const form of [[...labels], Uint8Array.from(labels), oneHot(labels, 3)]) {
      expect(await train({ images, labels: form })).toEqual(expected);
    }
    const tensor = Tensor.from(pixels.data, pixels.shape);
    expect(await train({ images: pixels, labels })).toEqual(await train({ images: tensor, labels }));
  });

  test("clips, and averages the weights", async () => {
    const weightAverage = new WeightAverage();
    const model = smallNetwork(1);
    const before = model.getWeights();
    const optimizer = new SGD({ learningRate: 1 });
    await model.fit(data, { batchSize: 10, optimizer, clipNorm: 1e-3, weightAverage });
    const after = model.getWeights();
    let squares = 0;
    for (const [i, { data: values }] of after.entries()) {
      for (const [j, value] of values.entries()) squares += (value - before[i]!.data[j]!) ** 2;
    }
    expect(Math.sqrt(squares)).toBeCloseTo(1e-3, 6);
    weightAverage.swap(model.parameters); // after its first update, the average is the weights
    expect(model.getWeights()).toEqual(after);
  });
});

describe("fit, run again,", () => {
  test("goes on where it was: 2 epochs and 3 are 5, bit for bit", async () => {
    const options = (): FitOptions => ({ batchSize: 4, optimizer: new Adam() });
    const [once, twice] = [randomNetwork(1), randomNetwork(1)];
    const history = await once.fit(data, { ...options(), epochs: 5 });
    const same = options();
    const first = await twice.fit(data, { ...same, epochs: 2 });
    const second = await twice.fit(data, { ...same, epochs: 3 });
    expect(bitsOf(twice)).toEqual(bitsOf(once));
    expect([...first.loss, ...second.loss]).toEqual(history.loss);
  });

  test("gives the same weights for the same seed, and others for another", async () => {
    const train = async (seed: number): Promise<number[]> => {
      const model = randomNetwork(seed);
      await model.fit(data, { epochs: 2, batchSize: 4 });
      return bitsOf(model);
    };
    const first = await train(1);
    expect(await train(1)).toEqual(first);
    expect(await train(2)).not.toEqual(first);
  });

  test("does not depend on validation, callbacks or the event loop", async () => {
    const [plain, watched] = [randomNetwork(1), randomNetwork(1)];
    await plain.fit(data, { epochs: 2, batchSize: 4 });
    const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
    await watched.fit(data, {
      epochs: 2,
      batchSize: 4,
      validationData: smallDataset(6, 9),
      callbacks: [{ onBatchEnd: later, onEpochEnd: later }],
    });
    expect(bitsOf(watched)).toEqual(bitsOf(plain));
  });
});

describe("fit with validation", () => {
  test("evaluates the data it is given after each epoch", async () => {
    const validationData = smallDataset(6, 9);
    const model = smallNetwork(1);
    const evaluations: object[] = [];
    const history = await model.fit(data, {
      epochs: 2,
      validationData,
      callbacks: [{ onEpochEnd: async () => void evaluations.push(await model.evaluate(validationData)) }],
    });
    const figures = history.val_loss.map((loss, i) => ({ loss, accuracy: history.val_accuracy[i] }));
    expect(figures).toEqual(evaluations);
    expect(figures).toHaveLength(2);
  });

  test("trains on the first share and validates on the last, which it never sees", async () => {
    const [model, other] = [smallNetwork(1), smallNetwork(1)];
    const history = await model.fit(data, { validationSplit: 0.3, batchSize: 4 });
    await other.fit(sliceDataset(data, 0, 7), { batchSize: 4 });
    expect(bitsOf(model)).toEqual(bitsOf(other));
    const { loss, accuracy } = await other.evaluate(sliceDataset(data, 7, 10));
    expect(history).toMatchObject({ val_loss: [loss], val_accuracy: [accuracy] });
  });

  test("takes the validation from a source too, and uses the loss of the training", async () => {
    const points = { images: Tensor.from([[1], [2]]), labels: Tensor.from([[1], [2]]) };
    const history = await line(1, 3).fit(points, {
      optimizer: new SGD({ learningRate: 0 }),
      loss: new MeanSquaredError(),
      validationData: () => [points],
    });
    expect(history.loss).toEqual([9]);
    expect(history.val_loss).toEqual([9]);
  });
});

describe("fit from a batch source", () => {
  const halves = [sliceDataset(data, 0, 5), sliceDataset(data, 5, 10)];

  test("asks it for each epoch, and takes batches at once or as they come", async () => {
    const expected = smallNetwork(1);
    await expected.fit(data, { epochs: 2, batchSize: 5, shuffle: false });
    const epochs: number[] = [];
    const sources = [
      () => halves,
      function* (epoch: number) {
        epochs.push(epoch);
        yield* halves;
      },
      async function* () {
        for (const half of halves) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          yield half;
        }
      },
    ];
    for (const source of sources) {
      const model = smallNetwork(1);
      const seen: (number | undefined)[] = [];
      const callbacks: Callback[] = [{ onBatchEnd: ({ batches }) => void seen.push(batches) }];
      await model.fit(source, { epochs: 2, callbacks });
      expect(bitsOf(model)).toEqual(bitsOf(expected));
      expect(seen).toEqual([undefined, undefined, undefined, undefined]);
    }
    expect(epochs).toEqual([1, 2]);
  });

  test("refuses one that gives nothing, or a batch that does not fit", async () => {
    await expect(smallNetwork(1).fit((epoch) => (epoch === 1 ? halves : []), { epochs: 2 })).rejects.toThrow(
      new RangeError("Sequential.fit: expected the batch source to give batches, got none in epoch 2."),
    );
    await expect(smallNetwork(1).fit(() => [{ ...halves[0]!, labels: [9, 0, 0, 0, 0] }])).rejects.toThrow(
      new RangeError("Sequential.fit: expected labels from 0 to 2, got 9 at index 0."),
    );
    const refused: [unknown, string][] = [
      [undefined, "undefined."],
      [5, "5 (number)."],
      [Promise.resolve(halves), "a value of type Promise. Make it an async function*."],
    ];
    for (const [value, got] of refused) {
      await expect(smallNetwork(1).fit(() => value as never)).rejects.toThrow(
        new TypeError(
          `Sequential.fit: expected the batch source to return batches, as a generator does, got ${got}`,
        ),
      );
    }
  });

  test("closes it when training stops", async () => {
    let closed = false;
    function* source() {
      try {
        for (;;) yield halves[0]!;
      } finally {
        closed = true;
      }
    }
    await smallNetwork(1).fit(source, { callbacks: [{ onBatchEnd: () => "stop" }] });
    expect(closed).toBe(true);
  });
});

describe("fit's callbacks", () => {
  test("are called in order, each after the other", async () => {
    const calls: string[] = [];
    const callbacks = [recorder("a", calls), {}, recorder("b", calls)];
    await smallNetwork(1).fit(data, { epochs: 2, batchSize: 5, callbacks });
    const epoch = (n: number): string[] =>
      [`batch ${n}.1`, `batch ${n}.2`, `epoch ${n}`].flatMap((call) => [`a ${call}`, `b ${call}`]);
    expect(calls).toEqual(["a begin", "b begin", ...epoch(1), ...epoch(2), "a end", "b end"]);
  });

  test("are waited for", async () => {
    const calls: string[] = [];
    const slow = async (name: string): Promise<void> => {
      calls.push(`${name}…`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      calls.push(name);
    };
    const callback: Callback = {
      onTrainBegin: () => slow("begin"),
      onBatchEnd: () => slow("batch"),
      onEpochEnd: () => slow("epoch"),
      onTrainEnd: () => slow("end"),
    };
    await smallNetwork(1).fit(data, { callbacks: [callback] });
    expect(calls).toEqual(["begin…", "begin", "batch…", "batch", "epoch…", "epoch", "end…", "end"]);
  });

  test("are told how training goes", async () => {
    const model = smallNetwork(1);
    const events: object[] = [];
    const note = (event: object): void => void events.push(event);
    const history = await model.fit(data, {
      epochs: 1,
      batchSize: 6,
      optimizer: new SGD({ learningRate: 0.25 }),
      callbacks: [{ onBatchEnd: note, onEpochEnd: note }],
    });
    const any = expect.any(Number);
    const figures = { loss: any, accuracy: any, learningRate: 0.25, seconds: any };
    expect(events).toEqual([
      { model, epoch: 1, batch: 1, batches: 2, images: 6, ...figures },
      { model, epoch: 1, batch: 2, batches: 2, images: 10, ...figures },
      {
        model,
        epoch: 1,
        epochs: 1,
        logs: { ...figures, imagesPerSecond: any },
      },
    ]);
    expect(events[1]).toMatchObject({ loss: history.loss[0], accuracy: history.accuracy[0] });
  });

  test("may stop training after a batch, and the epoch is closed", async () => {
    const calls: string[] = [];
    const stop: Callback = { onBatchEnd: ({ batch }) => (batch === 2 ? "stop" : undefined) };
    const model = smallNetwork(1);
    const callbacks = [stop, recorder("a", calls)];
    const history = await model.fit(data, { epochs: 9, batchSize: 2, validationData: data, callbacks });
    expect(calls).toEqual(["a begin", "a batch 1.1", "a batch 1.2", "a epoch 1", "a end"]);
    expect(history.loss).toHaveLength(1);
    expect(history.val_loss).toHaveLength(1);
    expect(model.steps).toBe(2);
  });

  test("may stop training after an epoch, also asynchronously", async () => {
    const calls: string[] = [];
    const stop: Callback = {
      onEpochEnd: async ({ epoch }) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return epoch === 2 ? "stop" : undefined;
      },
    };
    const callbacks = [stop, recorder("a", calls)];
    const history = await smallNetwork(1).fit(data, { epochs: 9, callbacks });
    expect(history.loss).toHaveLength(2);
    expect(calls.slice(-2)).toEqual(["a epoch 2", "a end"]);
  });

  test("end training with the error that one throws, and another fit may follow", async () => {
    const model = smallNetwork(1);
    const broken: Callback = { onBatchEnd: () => Promise.reject(new Error("broken")) };
    await expect(model.fit(data, { callbacks: [broken] })).rejects.toThrow(new Error("broken"));
    expect((await model.fit(data)).loss).toHaveLength(1);
  });

  test("may be EarlyStopping, which puts back the weights of the best epoch", async () => {
    const model = smallNetwork(1);
    const weights: number[][] = [];
    const early = new EarlyStopping({ patience: 3 });
    const history = await model.fit(data, {
      epochs: 50,
      optimizer: new SGD({ learningRate: 1 }),
      validationData: smallDataset(20, 3),
      callbacks: [early, { onEpochEnd: () => void weights.push(bitsOf(model)) }],
    });
    const best = history.val_loss.indexOf(Math.min(...history.val_loss));
    expect(early.bestEpoch).toBe(best + 1);
    expect(history.val_loss).toHaveLength(best + 4);
    expect(bitsOf(model)).toEqual(weights[best]);
    expect(bitsOf(model)).not.toEqual(weights.at(-1));
  });
});

describe("fit and the event loop", () => {
  test("lets timers have their turn", async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns++;
    }, 1);
    // the number of steps is for the case that the timer never fires: then training would hold it up for good
    const stop: Callback = {
      onBatchEnd: ({ model }) => (turns >= 2 || model.steps >= 20_000 ? "stop" : undefined),
    };
    await smallNetwork(1).fit(data, { epochs: 1e6, callbacks: [stop] });
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test("does not begin if its signal has aborted", async () => {
    const model = smallNetwork(1);
    const before = bitsOf(model);
    const signal = AbortSignal.abort(new Error("not today"));
    const calls: string[] = [];
    const training = model.fit(data, { signal, callbacks: [recorder("a", calls)] });
    await expect(training).rejects.toThrow(new Error("not today"));
    expect(bitsOf(model)).toEqual(before);
    expect(calls).toEqual([]);
  });

  test("ends between two steps when its signal aborts", async () => {
    const model = smallNetwork(1);
    const controller = new AbortController();
    const abort: Callback = { onBatchEnd: ({ batch }) => (batch === 3 ? controller.abort() : undefined) };
    const training = model.fit(data, { batchSize: 1, signal: controller.signal, callbacks: [abort] });
    await expect(training).rejects.toMatchObject({ name: "AbortError" });
    expect(model.steps).toBe(3);
    expect((await model.fit(data)).loss).toHaveLength(1);
  });

  test("ends also where the signal aborts after the last step, or in the validation", async () => {
    const last = new AbortController();
    const abort: Callback = { onBatchEnd: () => last.abort() };
    const training = smallNetwork(1).fit(data, { signal: last.signal, callbacks: [abort] });
    await expect(training).rejects.toMatchObject({ name: "AbortError" });

    const during = new AbortController();
    function* validationData() {
      during.abort();
      yield data;
    }
    const validated = smallNetwork(1).fit(data, { signal: during.signal, validationData });
    await expect(validated).rejects.toMatchObject({ name: "AbortError" });
  });

  test("refuses to run twice at once", async () => {
    const model = smallNetwork(1);
    const first = model.fit(data);
    await expect(model.fit(data)).rejects.toThrow(
      new Error("Sequential.fit: expected no other fit of this model, got a second one. Await the first."),
    );
    await first;
    await model.fit(data);
  });
});

describe("fit, where something is wrong,", () => {
  test("stops at the first loss that is not finite", async () => {
    const images = data.images.clone();
    images.data[5 * 36] = Number.NaN; // in the sixth image
    const model = smallNetwork(1);
    await expect(
      model.fit({ images, labels: data.labels }, { batchSize: 2, shuffle: false }),
    ).rejects.toThrow(
      new Error(
        "Sequential.fit: expected a finite loss, got NaN at step 2. " +
          "The images of this batch hold a value that is not finite.",
      ),
    );
    expect(model.steps).toBe(2);
  });

  test("finds weights that the last step has broken, which no loss has shown yet", async () => {
    const points = { images: Tensor.from([[1e20]]), labels: Tensor.from([[0]]) };
    const optimizer = new SGD({ learningRate: 1e10 });
    // the gradient 2·(1e20)² is beyond float32
    await expect(line(1, 0).fit(points, { optimizer, loss: new MeanSquaredError() })).rejects.toThrow(
      new Error(
        "Sequential.fit: expected finite weights after epoch 1, got NaN or an infinity in dense_1/kernel. " +
          "Lower the learning rate, or limit the gradients with clipNorm.",
      ),
    );
  });

  test("refuses options that are none, before it changes anything", async () => {
    const { NaN: nan } = Number;
    const refused: [object, Error][] = [
      [
        { epochs: 0 },
        new RangeError("Sequential.fit: expected epochs to be a whole number >= 1, got 0 (number)."),
      ],
      [
        { epochs: nan },
        new RangeError("Sequential.fit: expected epochs to be a whole number >= 1, got NaN (number)."),
      ],
      [
        { batchSize: 0.5 },
        new RangeError("Sequential.fit: expected batchSize to be a whole number >= 1, got 0.5 (number)."),
      ],
      [
        { batchSize: nan },
        new RangeError("Sequential.fit: expected batchSize to be a whole number >= 1, got NaN (number)."),
      ],
      [
        { shuffle: "no" },
        new TypeError('Sequential.fit: expected shuffle to be true or false, got "no" (string).'),
      ],
      [
        { validationSplit: nan },
        new RangeError(
          "Sequential.fit: expected validationSplit to be a finite number >= 0 and < 1, got NaN (number).",
        ),
      ],
      [
        { validationSplit: 1 },
        new RangeError(
          "Sequential.fit: expected validationSplit to be a finite number >= 0 and < 1, got 1 (number).",
        ),
      ],
      [
        { clipNorm: nan },
        new RangeError("Sequential.fit: expected clipNorm to be a finite number > 0, got NaN (number)."),
      ],
      [
        { optimizer: "adam" },
        new TypeError(
          'Sequential.fit: expected an optimizer, got "adam" (string). Pass one, as in { optimizer: new Adam() }.',
        ),
      ],
      [
        { loss: "mse" },
        new TypeError(
          'Sequential.fit: expected a loss, got "mse" (string). Pass one, as in { loss: new MeanSquaredError() }.',
        ),
      ],
      [
        { weightAverage: 0.99 },
        new TypeError(
          "Sequential.fit: expected weightAverage to be a WeightAverage, got 0.99 (number). Pass a new WeightAverage().",
        ),
      ],
      [
        { signal: new AbortController() },
        new TypeError(
          "Sequential.fit: expected signal to be an AbortSignal, got a value of type AbortController. An AbortController has it as `signal`.",
        ),
      ],
      [
        { callbacks: [{}, () => "stop"] },
        new TypeError(
          "Sequential.fit: expected callbacks to be objects, as in { onEpochEnd() {} }, got a value of type Function.",
        ),
      ],
      [
        { callbacks: [null] },
        new TypeError(
          "Sequential.fit: expected callbacks to be objects, as in { onEpochEnd() {} }, got null.",
        ),
      ],
      [
        { callbacks: new EarlyStopping() },
        new TypeError(
          "Sequential.fit: expected callbacks to be an array, got a value of type EarlyStopping.",
        ),
      ],
    ];
    const model = smallNetwork(1);
    const before = [bitsOf(model), model.random.state()];
    for (const [options, error] of refused) await expect(model.fit(data, options)).rejects.toThrow(error);
    expect([bitsOf(model), model.random.state()]).toEqual(before);
  });

  test("refuses data that do not fit, before it changes anything", async () => {
    const { images, labels } = data;
    const refused: [Dataset, Error][] = [
      [
        { images: new Tensor([0, 6, 6, 1]), labels: [] },
        new RangeError("Sequential.fit: expected at least one image, got none."),
      ],
      [
        { images, labels: [...labels.subarray(0, 9), 3] },
        new RangeError("Sequential.fit: expected labels from 0 to 2, got 3 at index 9."),
      ],
      [
        { images, labels: labels.subarray(1) },
        new ShapeError("Sequential.fit: expected as many labels as images, 10, got 9."),
      ],
      [
        { images: images.reshape([10, 36]), labels },
        new ShapeError(
          "Sequential.fit: expected images of shape [N, 6, 6, 1], got [10, 36]. Give them their axes: images.reshape([10, 6, 6, 1]).",
        ),
      ],
      [
        { images: images.data as never, labels },
        new TypeError(
          "Sequential.fit: expected images to be a Tensor, or { data: Uint8Array, shape }, got a value of type Float32Array.",
        ),
      ],
    ];
    const model = smallNetwork(1);
    const before = [bitsOf(model), model.random.state()];
    for (const [wrong, error] of refused) await expect(model.fit(wrong)).rejects.toThrow(error);
    expect([bitsOf(model), model.random.state()]).toEqual(before);
  });
});
