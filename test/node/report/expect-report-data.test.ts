import { expect, test } from "vitest";
import { Conv2D } from "../../../src/layers/conv2d.js";
import { Dense } from "../../../src/layers/dense.js";
import { Flatten } from "../../../src/layers/flatten.js";
import { ConfusionMatrix } from "../../../src/model/metrics.js";
import { Sequential } from "../../../src/model/sequential.js";
import { expectReportData } from "../../../src/node/report/expect-report-data.js";
import type { ReportData } from "../../../src/node/report/report-data.js";
import { ShapeError } from "../../../src/tensor/errors.js";
import { exampleReport } from "./example.js";

const data = await exampleReport();
const mistake = { index: 0, label: 1, predicted: 2, probability: 0.5 };
const check = (wrong: unknown) => () => expectReportData("createReport", wrong as ReportData);
const withResult = (changes: object): unknown => ({ ...data, result: { ...data.result, ...changes } });

test("expectReportData takes what testModel and the metrics of a training give", () => {
  expect(check(data)).not.toThrow();
});

test.each<[what: string, wrong: unknown, error: Error]>([
  [
    "nothing",
    undefined,
    new TypeError("createReport: expected data to be { model, metrics, test, result }, got undefined."),
  ],
  ["no model", { ...data, model: 3 }, new TypeError("createReport: expected a Sequential, got 3 (number).")],
  [
    "metrics without a seed",
    { ...data, metrics: { ...data.metrics, seed: "1" } },
    new Error(
      'createReport (metrics): expected seed to be a number, got "1". readRunMetrics gives those of a training.',
    ),
  ],
  [
    "a history with holes, however long",
    {
      ...data,
      metrics: { ...data.metrics, history: { ...data.metrics.history, loss: new Array(2 ** 32 - 1) } },
    },
    new Error(
      "createReport (metrics): expected history to be lists of numbers, got an object. readRunMetrics gives those of a training.",
    ),
  ],
  [
    "images of another size",
    { ...data, test: { ...data.test, images: { data: new Uint8Array(2), shape: [2, 1, 1, 1] } } },
    new ShapeError("createReport (test): expected images of shape [N, 6, 6, 1], got [2, 1, 1, 1]."),
  ],
  [
    "no result",
    { ...data, result: null },
    new TypeError("createReport (result): expected result to be that of testModel, got null."),
  ],
  [
    "a loss that is no number",
    withResult({ loss: "0.1" }),
    new TypeError('createReport (result): expected loss to be a number, got "0.1" (string).'),
  ],
  [
    "no confusion matrix",
    withResult({ confusion: [[1]] }),
    new TypeError("createReport (result): expected confusion to be a ConfusionMatrix, got [[1]]."),
  ],
  [
    "a confusion matrix of other classes",
    withResult({ confusion: new ConfusionMatrix([[1]]) }),
    new ShapeError(
      "createReport (result): expected confusion to have a row for each of 3 outputs of the model, got 1.",
    ),
  ],
  [
    "no list of mistakes",
    withResult({ mistakes: 3 }),
    new TypeError("createReport (result): expected mistakes to be a list, got 3 (number)."),
  ],
  [
    "more mistakes than images",
    withResult({ mistakes: new Array(31).fill(mistake) }),
    new ShapeError("createReport (result): expected at most 30 mistakes, as there are images, got 31."),
  ],
  [
    "a mistake that is none",
    withResult({ mistakes: [mistake, 3] }),
    new TypeError(
      "createReport (result): expected mistakes[1] to be { index, label, predicted }, got 3 (number).",
    ),
  ],
  [
    "a mistake of an image that is not there",
    withResult({ mistakes: [{ ...mistake, index: 30 }] }),
    new RangeError(
      "createReport (result): expected mistakes[0].index to be a whole number >= 0 and < 30, got 30 (number).",
    ),
  ],
  [
    "a mistake of a class that is not there",
    withResult({ mistakes: [{ ...mistake, predicted: 3 }] }),
    new RangeError(
      "createReport (result): expected mistakes[0].predicted to be a whole number >= 0 and < 3, got 3 (number).",
    ),
  ],
])("expectReportData refuses %s", (_, wrong, error) => {
  expect(check(wrong)).toThrow(error);
});

test("expectReportData refuses models that cannot be drawn", () => {
  const coloured = new Sequential({ inputShape: [6, 6, 3] }, [new Flatten(), new Dense({ units: 3 })]);
  expect(check({ ...data, model: coloured })).toThrow(
    new ShapeError("createReport: expected a model of grey images [H, W, 1], got one of [6, 6, 3]."),
  );
  const flat = new Sequential({ inputShape: [6, 6, 1] }, [new Conv2D({ filters: 2, kernelSize: 3 })]);
  expect(check({ ...data, model: flat })).toThrow(
    new ShapeError(
      "createReport: expected a model that gives a row of classes [K], got one that gives [4, 4, 2].",
    ),
  );
});
