import { describe, expect, test } from "vitest";
import { MeanSquaredError } from "../../src/layers/mean-squared-error.js";
import { EarlyStopping, type EarlyStoppingOptions } from "../../src/model/early-stopping.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { line } from "../helpers/models.js";

/**
 * Lets epochs with these figures go by, in which the weight is the number of the epoch. Gives the number of epochs
 * until the stop, and the weight at the end.
 */
function run(stopping: EarlyStopping, figures: readonly number[]): { epochs: number; weight: number } {
  const model = line(0, 0);
  stopping.onTrainBegin({ validates: true });
  let epoch = 0;
  for (const figure of figures) {
    epoch++;
    model.setWeights([Tensor.from([[epoch]]), Tensor.from([0])]);
    const logs = {
      loss: 0,
      accuracy: 0,
      learningRate: 0,
      seconds: 0,
      imagesPerSecond: 0,
      [stopping.monitor]: figure,
    };
    if (stopping.onEpochEnd({ model, epoch, epochs: figures.length, logs }) === "stop") break;
  }
  stopping.onTrainEnd(model);
  return { epochs: epoch, weight: model.getWeights()[0]!.at(0, 0) };
}

const stopping = (options?: EarlyStoppingOptions): EarlyStopping => new EarlyStopping(options);

describe("EarlyStopping", () => {
  test("stops after `patience` epochs without improvement, and goes back to the best", () => {
    const early = stopping({ patience: 2 });
    expect(run(early, [5, 3, 4, 3, 1])).toEqual({ epochs: 4, weight: 2 });
    expect(early.bestEpoch).toBe(2);
    expect(early.bestValue).toBe(3);
  });

  test("counts the epochs anew after each improvement", () => {
    expect(run(stopping({ patience: 2 }), [5, 6, 4, 5, 3, 4, 4, 0])).toEqual({ epochs: 7, weight: 5 });
  });

  test("by default waits for no second epoch, as with a patience of 1", () => {
    for (const patience of [undefined, 0, 1]) {
      expect(run(stopping({ patience }), [5, 4, 4, 1])).toEqual({ epochs: 3, weight: 2 });
    }
  });

  test("wants a gain of more than minDelta", () => {
    expect(run(stopping({ minDelta: 0.5 }), [5, 4.5, 1])).toEqual({ epochs: 2, weight: 1 });
    expect(run(stopping({ minDelta: 0.5 }), [5, 4.25, 3.5])).toEqual({ epochs: 3, weight: 3 });
  });

  test("wants an accuracy to rise and a loss to fall", () => {
    for (const monitor of ["accuracy", "val_accuracy"] as const) {
      expect(run(stopping({ monitor }), [0.5, 0.75, 0.25])).toEqual({ epochs: 3, weight: 2 });
    }
    for (const monitor of ["loss", "val_loss"] as const) {
      expect(run(stopping({ monitor }), [0.5, 0.75, 0.25])).toEqual({ epochs: 2, weight: 1 });
    }
  });

  test("goes back to the best epoch also where training came to its end by itself", () => {
    expect(run(stopping({ patience: 5 }), [2, 1, 3])).toEqual({ epochs: 3, weight: 2 });
  });

  test("keeps the last weights if asked to", () => {
    expect(run(stopping({ restoreBestWeights: false }), [2, 1, 3])).toEqual({ epochs: 3, weight: 3 });
  });

  test("takes NaN for no improvement, but never stops at the first epoch", () => {
    const { NaN: nan } = Number;
    expect(run(stopping({ patience: 2 }), [5, nan, nan, 1])).toEqual({ epochs: 3, weight: 1 });
    expect(run(stopping(), [nan, 5, 6])).toEqual({ epochs: 3, weight: 2 });
    expect(run(stopping({ patience: 2 }), [nan, nan, 5])).toEqual({ epochs: 2, weight: 2 }); // no best to go back to
  });

  test("takes a finite figure for better than an infinite one", () => {
    expect(run(stopping(), [Number.POSITIVE_INFINITY, 7, 8])).toEqual({ epochs: 3, weight: 2 });
  });

  test("begins anew in each training", () => {
    const early = stopping();
    run(early, [1, 2]);
    expect(run(early, [9, 8, 8])).toEqual({ epochs: 3, weight: 2 });
    early.onTrainBegin({ validates: true });
    expect(early.bestEpoch).toBe(0);
    expect(early.bestValue).toBeNaN();
  });

  test("says before the first step how to get the figure that it would miss", async () => {
    const model = line(0, 0);
    const data = { images: Tensor.from([[1]]), labels: Tensor.from([[1]]) };
    const options = { loss: new MeanSquaredError(), callbacks: [stopping()] };
    await expect(model.fit(data, options)).rejects.toThrow(
      new Error(
        "EarlyStopping: expected validation data, of which to monitor val_loss, got none. " +
          "Give fit validationData or a validationSplit, or monitor the training loss.",
      ),
    );
    expect(model.steps).toBe(0);
    await model.fit(data, { ...options, callbacks: [stopping({ monitor: "loss" })] });
    expect(model.steps).toBe(1);
  });

  test("refuses options that are none", () => {
    expect(() => stopping({ monitor: "f1" as never })).toThrow(
      new RangeError(
        'EarlyStopping: expected monitor to be "loss" or "accuracy" or "val_loss" or "val_accuracy", got "f1" (string).',
      ),
    );
    expect(() => stopping({ patience: Number.NaN })).toThrow(
      new RangeError("EarlyStopping: expected patience to be a whole number >= 0, got NaN (number)."),
    );
    expect(() => stopping({ minDelta: -1 })).toThrow(
      new RangeError("EarlyStopping: expected minDelta to be a finite number >= 0, got -1 (number)."),
    );
    expect(() => stopping({ restoreBestWeights: 1 as never })).toThrow(
      new TypeError("EarlyStopping: expected restoreBestWeights to be true or false, got 1 (number)."),
    );
  });
});
