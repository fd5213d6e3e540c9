import { describe, expect, test } from "vitest";
import type { History } from "../../../src/model/history.js";
import { curves } from "../../../src/node/report/curves.js";
import { exampleMetrics, svgOf, textsOf } from "./example.js";

const { history } = exampleMetrics();

/** The paths of the lines, and the points on them. */
function marksOf(svg: string): { lines: string[]; points: string[] } {
  const group = (name: string): string[] =>
    [...svg.matchAll(new RegExp(`<g class="mark-${name} role-mark[^>]*>(.*?)</g>`, "g"))].flatMap(
      ([, content]) => content!.match(/<path[^>]*>/g) ?? [],
    );
  return { lines: group("line"), points: group("symbol") };
}

describe("curves", () => {
  test("are those of loss, accuracy and learning rate", () => {
    expect(curves(history).map(({ name, title }) => [name, title])).toEqual([
      ["loss", "Loss"],
      ["accuracy", "Accuracy"],
      ["learning-rate", "Learning rate"],
    ]);
  });

  test("say in words where training began and ended", () => {
    expect(curves(history).map(({ label }) => label)).toEqual([
      "training 1.5000 to 0.5000, validation 0.7500 to 0.2500 over 2 epochs.",
      "training 65.00% to 75.00%, validation 80.00% to 90.00% over 2 epochs.",
      "0.00500 to 0.00100 over 2 epochs.",
    ]);
  });

  test("have a line each for training and validation, dashed for validation, with a legend", async () => {
    const svg = await svgOf(curves(history)[0]!);
    const { lines, points } = marksOf(svg);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('stroke-dasharray="5,4"');
    expect(points).toHaveLength(4);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(["Loss", "epoch", "1", "2", "training", "validation"]),
    );
  });

  test("start at zero for loss and learning rate, and end at 100 % for accuracy", async () => {
    const [loss, accuracy, rate] = await Promise.all(
      curves(history).map(async (one) => textsOf(await svgOf(one))),
    );
    expect(loss).toEqual(expect.arrayContaining(["0", "1.5"]));
    expect(rate).toEqual(expect.arrayContaining(["0", "0.005"]));
    expect(accuracy).toEqual(expect.arrayContaining(["60%", "100%"]));
  });

  test("show high accuracies on a scale of their own", async () => {
    const high: History = { ...history, accuracy: [0.985, 0.99], val_accuracy: [0.991, 0.992] };
    expect(textsOf(await svgOf(curves(high)[1]!))).toEqual(expect.arrayContaining(["98%", "100%"]));
  });

  test("are drawn of more epochs than a call can have arguments", () => {
    const long = Array.from({ length: 200_000 }, (_, i) => 1 / (i + 1));
    const endless: History = { ...history, loss: long, accuracy: long, learningRate: long };
    expect(curves(endless).map(({ name }) => name)).toEqual(["loss", "accuracy", "learning-rate"]);
  });

  test("have one line and no legend where there was no validation", async () => {
    const plain: History = { ...history, val_loss: [], val_accuracy: [] };
    const [loss] = curves(plain);
    expect(loss!.label).toBe("1.5000 to 0.5000 over 2 epochs.");
    const svg = await svgOf(loss!);
    expect(marksOf(svg).lines).toHaveLength(1);
    expect(textsOf(svg)).not.toContain("training");
  });

  test("show one epoch as a point in the middle", async () => {
    const one: History = {
      ...history,
      loss: [0.5],
      val_loss: [],
      accuracy: [0.9],
      val_accuracy: [],
      learningRate: [0.1],
    };
    const [loss, , rate] = curves(one);
    expect(loss!.label).toBe("0.5000 over one epoch.");
    const svg = await svgOf(loss!);
    expect(marksOf(svg).points).toHaveLength(1);
    expect(marksOf(svg).points[0]).toMatch(/translate\(120(\.0\d*)?,/); // of 240
    expect(textsOf(svg).filter((text) => text === "1")).toHaveLength(1);
    expect(textsOf(await svgOf(rate!))).toEqual(expect.arrayContaining(["0", "0.1"]));
  });

  test("label ten epochs at most, and have no points where there are many", async () => {
    const many = Array.from({ length: 95 }, (_, i) => 1 / (i + 1));
    const svg = await svgOf(curves({ ...history, loss: many, val_loss: [] })[0]!);
    const epochs = textsOf(svg).slice(0, textsOf(svg).indexOf("epoch"));
    expect(epochs).toEqual(["10", "20", "30", "40", "50", "60", "70", "80", "90"]);
    expect(marksOf(svg).points).toEqual([]);
  });

  test("are none where no epoch was finished", () => {
    expect(curves({ ...history, loss: [], accuracy: [] })).toEqual([]);
  });
});
