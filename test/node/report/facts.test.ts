import { describe, expect, test } from "vitest";
import { formatTime, headFacts, settingFacts, versionFacts } from "../../../src/node/report/facts.js";
import { exampleMetrics, exampleReport } from "./example.js";

describe("headFacts", () => {
  test("are the figures of this test, and of the training", async () => {
    const data = await exampleReport();
    const { loss, calibrationError } = data.result;
    expect(headFacts(data)).toEqual([
      ["test loss", loss.toFixed(4)],
      ["calibration error", `${(100 * calibrationError).toFixed(2)}%`],
      ["parameters", "1,234"],
      ["training time", "1:07 min"],
      ["training images/s", "1,791"],
      ["seed", "7"],
    ]);
  });
});

describe("settingFacts", () => {
  test("are what was set", () => {
    expect(settingFacts(exampleMetrics())).toEqual([
      ["network", "small"],
      ["data", "data/<b>&"],
      ["training images", "60,000"],
      ["validation images", "12,000"],
      ["test images", "30"],
      ["epochs", "2"],
      ["batch size", "10"],
      ["optimizer", "adamw"],
      ["learning rate", "0.005, one-cycle"],
      ["augmented images", "yes"],
      ["averaged weights", "no"],
      ["seed", "7"],
    ]);
  });

  test("say what was switched on and off", () => {
    const facts = new Map(settingFacts(exampleMetrics({ augment: false, weightAverage: true })));
    expect([facts.get("augmented images"), facts.get("averaged weights")]).toEqual(["no", "yes"]);
  });

  test("name what may be set besides", () => {
    const more = { holdout: 0.2, validationSplit: 0.25, patience: 1, limit: 5000, threads: 2 };
    expect(settingFacts(exampleMetrics(more))).toEqual(
      expect.arrayContaining([
        ["held out for the test", "20%"],
        ["validation split", "25%"],
        ["patience", "1 epoch"],
        ["training images at most", "5,000"],
        ["threads at most", "2"],
      ]),
    );
  });

  test("tell when training ended early", () => {
    expect(settingFacts(exampleMetrics({ epochs: 9 }))).toContainEqual(["epochs", "2 of 9"]);
  });
});

describe("versionFacts", () => {
  test("are those of the training", () => {
    expect(versionFacts(exampleMetrics())).toEqual([
      ["tinyconv", "1.2.3"],
      ["Node", "20.20.0"],
      ["backend", "plain"],
    ]);
  });
});

describe("formatTime", () => {
  test.each([
    [0.04, "0.0 s"],
    [59.94, "59.9 s"],
    [59.96, "1:00 min"],
    [3599.4, "59:59 min"],
    [3599.6, "1:00:00 h"],
    [7205, "2:00:05 h"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(formatTime(seconds)).toBe(text);
  });
});
