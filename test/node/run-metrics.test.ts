import { describe, expect, test } from "vitest";
import { formatMetrics, parseMetrics } from "../../src/node/run-metrics.js";
import { figures, metrics, repeats } from "../helpers/run-metrics.js";

describe("parseMetrics", () => {
  test("reads what formatMetrics has written", () => {
    expect(parseMetrics(formatMetrics(metrics), "metrics.json")).toEqual(metrics);
    const runs = [figures, { ...figures, seed: 2 }];
    const more = { ...metrics, holdout: 0.2, patience: 3, threads: 2, repeats: { ...repeats, runs } };
    expect(parseMetrics(formatMetrics(more), "metrics.json")).toEqual(more);
  });

  test.each<[string, string, string]>([
    ["text that is no JSON", "{", 'metrics.json: expected the metrics to be JSON, got "{".'],
    [
      "a list",
      "[]",
      "metrics.json: expected the metrics to be an object, got []. Train again to have it written anew.",
    ],
    [
      "a missing field",
      JSON.stringify({ ...metrics, seed: undefined }),
      "metrics.json: expected seed to be a number, got undefined. Train again to have it written anew.",
    ],
    [
      "a field of another type",
      JSON.stringify({ ...metrics, augment: "no" }),
      'metrics.json: expected augment to be a boolean, got "no". Train again to have it written anew.',
    ],
    [
      "a number beyond float64, which could not be written again",
      JSON.stringify(metrics).replace('"testLoss":0.05', '"testLoss":1e999'),
      "metrics.json: expected testLoss to be a number, got Infinity. Train again to have it written anew.",
    ],
    [
      "an optional field of another type",
      JSON.stringify({ ...metrics, holdout: "20%" }),
      'metrics.json: expected holdout to be a number, got "20%". Train again to have it written anew.',
    ],
    [
      "a history without accuracies",
      JSON.stringify({ ...metrics, history: { ...metrics.history, accuracy: null } }),
      "metrics.json: expected history to be lists of numbers, got an object. Train again to have it written anew.",
    ],
    [
      "a history with a number that is none",
      JSON.stringify(metrics).replace('"loss":[1,0.5]', '"loss":[1,1e999]'),
      "metrics.json: expected history to be lists of numbers, got an object. Train again to have it written anew.",
    ],
    [
      "a history with an accuracy too few",
      JSON.stringify({ ...metrics, history: { ...metrics.history, accuracy: [0.5] } }),
      "metrics.json: expected history.accuracy.length to be 2, as that of loss, got 1. Train again to have it written anew.",
    ],
    [
      "a history with a validation of some epochs",
      JSON.stringify({ ...metrics, history: { ...metrics.history, val_loss: [1] } }),
      "metrics.json: expected history.val_loss.length to be 0 or 2, as that of loss, got 1. Train again to have it written anew.",
    ],
    [
      "no versions",
      JSON.stringify({ ...metrics, versions: { tinyconv: "0.1.0" } }),
      "metrics.json: expected versions.node to be a string, got undefined. Train again to have it written anew.",
    ],
    [
      "a backend there is not",
      JSON.stringify({ ...metrics, backend: "gpu" }),
      'metrics.json: expected backend to be simd or plain, got "gpu". Train again to have it written anew.',
    ],
    [
      "repeats that are none",
      JSON.stringify({ ...metrics, repeats: 5 }),
      "metrics.json: expected repeats to be an object, got 5. Train again to have it written anew.",
    ],
    [
      "repeats without a mean",
      JSON.stringify({ ...metrics, repeats: { runs: [figures] } }),
      "metrics.json: expected repeats.meanTestAccuracy to be a number, got undefined. Train again to have it written anew.",
    ],
    [
      "repeats without runs",
      JSON.stringify({ ...metrics, repeats }),
      "metrics.json: expected repeats.runs to be a list, got undefined. Train again to have it written anew.",
    ],
    [
      "a run in the repeats without a seed",
      JSON.stringify({ ...metrics, repeats: { ...repeats, runs: [figures, { ...figures, seed: "2" }] } }),
      'metrics.json: expected repeats.runs[1].seed to be a number, got "2". Train again to have it written anew.',
    ],
    [
      "a run in the repeats without a history",
      JSON.stringify({ ...metrics, repeats: { ...repeats, runs: [{ ...figures, history: [] }] } }),
      "metrics.json: expected repeats.runs[0].history to be lists of numbers, got []. Train again to have it written anew.",
    ],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseMetrics(text, "metrics.json")).toThrow(new Error(message));
  });
});
