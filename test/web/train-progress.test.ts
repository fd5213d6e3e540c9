import { describe, expect, test } from "vitest";
import type { BatchEvent } from "../../src/index.js";
import { percent } from "../../web/src/percent.js";
import { Course } from "../../web/src/train/course.js";
import { createModel } from "../../web/src/train/create.js";
import { ProgressMeter } from "../../web/src/train/progress-meter.js";
import type { EpochReport, Progress } from "../../web/src/train/protocol.js";

/** A meter at a clock that the test sets, and the steps of epochs of five batches of ten digits. */
function measured() {
  const model = createModel({ model: "small", seed: 0 });
  const reports: Progress[] = [];
  let now = 1000;
  const meter = new ProgressMeter(
    (progress) => reports.push(progress),
    () => now,
  );
  let sums = { loss: 0, right: 0 };
  const step = (epoch: number, batch: number, after: number, loss: number, right: number): void => {
    now += after;
    model.steps++;
    if (batch === 1) sums = { loss: 0, right: 0 };
    sums = { loss: sums.loss + 10 * loss, right: sums.right + right };
    const images = 10 * batch;
    const event: BatchEvent = {
      model,
      epoch,
      batch,
      batches: 5,
      images,
      loss: sums.loss / images,
      accuracy: sums.right / images,
      learningRate: 0.1,
      seconds: 0.5,
    };
    meter.add(event);
  };
  return { reports, step };
}

describe("ProgressMeter", () => {
  test("reports the first step, then every 100 ms, with the means since the last report", () => {
    const { reports, step } = measured();
    step(1, 1, 0, 2, 1);
    step(1, 2, 40, 1.5, 4);
    step(1, 3, 40, 1, 5);
    step(1, 4, 40, 0.5, 6);
    expect(reports).toHaveLength(2);
    expect(reports[0]).toEqual({
      step: 1,
      epoch: 1,
      epochsDone: 0.2,
      loss: 2,
      accuracy: 0.1,
      imagesPerSecond: 20,
    });
    expect(reports[1]).toMatchObject({ step: 4, epoch: 1, epochsDone: 0.8, imagesPerSecond: 80 });
    expect(reports[1]!.loss).toBeCloseTo(1, 12); // of steps 2 to 4
    expect(reports[1]!.accuracy).toBeCloseTo(0.5, 12);
  });

  test("reports the end of an epoch, and begins anew with the next, not with its first step", () => {
    const { reports, step } = measured();
    step(1, 1, 0, 2, 1);
    for (const batch of [2, 3, 4, 5]) step(1, batch, 10, 1, 5);
    expect(reports.map((report) => report.step)).toEqual([1, 5]);
    expect(reports[1]!.epochsDone).toBe(1);
    step(2, 1, 500, 0.75, 8); // the test was in between
    step(2, 2, 50, 0.5, 9);
    expect(reports).toHaveLength(2);
    step(2, 3, 50, 0.25, 10);
    expect(reports[2]).toMatchObject({ step: 8, epoch: 2, epochsDone: 1.6 });
    expect(reports[2]!.loss).toBeCloseTo(0.5, 12);
    expect(reports[2]!.accuracy).toBeCloseTo(0.9, 12);
  });
});

describe("Course", () => {
  const progress = (epochsDone: number, loss: number, accuracy: number): Progress => ({
    step: 1,
    epoch: 1,
    epochsDone,
    loss,
    accuracy,
    imagesPerSecond: 1,
  });
  const epoch = (epoch: number, testLoss: number, testAccuracy: number): EpochReport => ({
    epoch,
    loss: 9,
    accuracy: 9,
    testLoss,
    testAccuracy,
    confusion: [],
    mistakes: [],
  });

  test("puts the test of an epoch at the place of the report of its end", () => {
    const course = new Course();
    expect(course.x).toEqual([]);
    course.addProgress(progress(0.5, 2, 0.3));
    course.addProgress(progress(1, 1, 0.6));
    course.addEpoch(epoch(1, 0.8, 0.7));
    course.addEpoch(epoch(2, 0.4, 0.8)); // without a report of its end
    expect(course.x).toEqual([0.5, 1, 2]);
    expect(course.loss).toEqual([2, 1, null]);
    expect(course.accuracy).toEqual([0.3, 0.6, null]);
    expect(course.testLoss).toEqual([null, 0.8, 0.4]);
    expect(course.testAccuracy).toEqual([null, 0.7, 0.8]);
  });
});

test("percent writes a share with the digits that are asked for", () => {
  expect(percent(0.974)).toBe("97 %");
  expect(percent(0.974, 1)).toBe("97.4 %");
});
