import { describe, expect, test } from "vitest";
import { ConfusionMatrix } from "../../../src/model/metrics.js";
import { classChart } from "../../../src/node/report/class-chart.js";
import { svgOf, textsOf } from "./example.js";

describe("classChart", () => {
  // recall 90 % and 100 %, precision 100 % and 50 / 60
  const matrix = new ConfusionMatrix([
    [90, 10],
    [0, 50],
  ]);

  test("labels each bar with the share that is missing to recall and precision", async () => {
    const texts = textsOf(await svgOf(classChart(matrix)));
    expect(texts.filter((text) => /^\d+\.\d%$/.test(text))).toEqual(["10.0%", "0.0%", "0.0%", "16.7%"]);
    expect(texts).toEqual(
      expect.arrayContaining([
        "0",
        "1",
        "missed (1 − recall)",
        "false alarms (1 − precision)",
        "Errors by class",
      ]),
    );
  });

  test("has bars from zero, as long as their share", async () => {
    const svg = await svgOf(classChart(matrix));
    const [, bars] = svg.match(/<g class="mark-rect role-mark[^>]*>(.*?)<\/g>/)!;
    const lengths = [...bars!.matchAll(/d="M0,[\d.]+h([\d.]+)v/g)].map(([, length]) => Number(length));
    expect(lengths).toHaveLength(4);
    expect(lengths[3]).toBeCloseTo(290 / 1.2, 3); // the axis is a fifth longer than the longest bar
    expect(lengths[0]! / lengths[3]!).toBeCloseTo(0.1 / (1 / 6), 3);
    expect([lengths[1], lengths[2]]).toEqual([0, 0]);
  });

  test("says in words where the most errors are", () => {
    expect(classChart(matrix).label).toBe("the most are 16.7% false alarms (1 − precision), of the digit 1.");
  });

  test("says none of a class that has no images, and draws a perfect network too", async () => {
    const perfect = new ConfusionMatrix([
      [9, 0],
      [0, 0],
    ]);
    const texts = textsOf(await svgOf(classChart(perfect)));
    expect(texts.filter((text) => text === "none")).toHaveLength(2);
    expect(texts.filter((text) => text === "0.0%")).toHaveLength(2);
  });
});
