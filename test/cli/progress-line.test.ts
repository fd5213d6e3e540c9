import { describe, expect, test } from "vitest";
import { formatBarLine, formatPlainLine, type Progress } from "../../src/cli/progress-line.js";

// 30 of 120 seconds gone
const quarter: Progress = {
  epoch: 1,
  epochs: 1,
  done: 0.25,
  seconds: 30,
  loss: 0.31214,
  accuracy: 0.90517,
  imagesPerSecond: 1511.6,
};
const end: Progress = { ...quarter, done: 1, seconds: 120 };

describe("formatPlainLine", () => {
  test("tells the share that is done, the time left and the figures", () => {
    expect(formatPlainLine(quarter)).toBe(
      "Epoch 1/1   25%  ETA 1:30  loss 0.3121  accuracy 0.9052  1,512 images/s",
    );
  });

  test("tells at the end how long it took", () => {
    expect(formatPlainLine(end)).toBe(
      "Epoch 1/1  100%  in 2:00  loss 0.3121  accuracy 0.9052  1,512 images/s",
    );
  });

  test("keeps 100% for the end", () => {
    expect(formatPlainLine({ ...quarter, done: 0.9999 })).toContain("   99%  ");
  });

  test("aligns the numbers of epochs", () => {
    expect(formatPlainLine({ ...end, epoch: 9, epochs: 10 })).toMatch(/^Epoch {2}9\/10 {2}100%/);
    expect(formatPlainLine({ ...end, epoch: 10, epochs: 10 })).toMatch(/^Epoch 10\/10 {2}100%/);
  });
});

describe("formatBarLine", () => {
  test("draws a bar as long as the figures leave room for", () => {
    expect(formatBarLine(quarter, 80)).toBe(
      "Epoch 1/1  [==>........]  ETA 1:30  loss 0.3121  accuracy 0.9052  1,512 images/s".slice(0, 80),
    );
    expect(formatBarLine(quarter, 80)).toHaveLength(80);
    expect(formatBarLine(end, 80)).toMatch(/^Epoch 1\/1 {2}\[=+\] {2}in 2:00 {2}loss/);
  });

  test("draws no longer a bar than is of use", () => {
    const [bar] = formatBarLine(quarter, 500).match(/\[.*\]/)!;
    expect(bar).toBe(`[${"=".repeat(7)}>${".".repeat(22)}]`);
  });

  test("begins empty, ends full, and never exceeds the columns", () => {
    expect(formatBarLine({ ...quarter, done: 0.001 }, 100)).toContain("[....");
    expect(formatBarLine(end, 100)).toContain("====]");
    for (const columns of [1, 10, 20, 60, 72, 79, 120]) {
      expect(formatBarLine(quarter, columns).length).toBeLessThanOrEqual(columns);
    }
  });
});
