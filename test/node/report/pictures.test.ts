import { describe, expect, test } from "vitest";
import { loadLibraries } from "../../../src/node/report/libraries.js";
import { createPictures } from "../../../src/node/report/pictures.js";
import { exampleReport, svgOf, textsOf } from "./example.js";

const libraries = await loadLibraries();

describe("createPictures", () => {
  test("titles each digit with the answer, and with what it is where that is something else", async () => {
    const data = await exampleReport();
    const { labels } = data.test;
    const wrong = new Map(data.result.mistakes.map(({ index, predicted }) => [index, predicted]));
    const expected = Array.from({ length: 25 }, (_, i) =>
      wrong.has(i) ? `${wrong.get(i)}, is ${labels[i]}` : String(labels[i]),
    );
    expect(expected.some((title) => title.includes("is"))).toBe(true);
    const [digits] = await createPictures(libraries, data);
    const texts = textsOf(await svgOf(digits!)).filter((text) => text !== "");
    expect(texts).toEqual([...expected, "Test images and answers"]);
    const right = expected.filter((title) => !title.includes("is")).length;
    expect(digits!.label).toBe(`25 digits, ${right} right: ${labels.subarray(0, 25).join(" ")}.`);
  });

  test("shows the twenty mistakes the network was surest of, with both probabilities", async () => {
    const data = await exampleReport();
    const all = data.model.predict(data.test.images);
    const percent = (n: number, digit: number): string => `${(100 * all.at(n, digit)).toFixed(1)}%`;
    const { mistakes } = data.result;
    expect(mistakes.length).toBeGreaterThanOrEqual(20);
    const expected = mistakes.slice(0, 20);
    const mistakePicture = (await createPictures(libraries, data)).find(({ name }) => name === "mistakes")!;
    expect(textsOf(await svgOf(mistakePicture))).toEqual([
      ...expected.map(({ index, predicted }) => `${predicted} (${percent(index, predicted)})`),
      ...expected.map(({ index, label }) => `is ${label} (${percent(index, label)})`),
      "The worst mistakes",
    ]);
  });
});
