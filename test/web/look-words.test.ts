import { describe, expect, test } from "vitest";
import { createNetwork } from "../../src/mnist/networks.js";
import { fieldColours } from "../../web/src/look/field-colours.js";
import { formatNumber, formatOperand } from "../../web/src/look/format-number.js";
import { strongestCell, valueAt } from "../../web/src/look/pass.js";
import { cellWords, layerName, placesWords, shapeWords } from "../../web/src/look/words.js";
import { Playground } from "../../web/src/playground.js";

const playground = new Playground(createNetwork("lenet", { seed: 2 }));
playground.setPixels(Uint8Array.from({ length: 784 }, (_, i) => (i * 7919) % 256));

describe("formatNumber", () => {
  test.each([
    [0, "0"],
    [-0, "0"],
    [180, "180"],
    [-3, "−3"],
    [0.83456, "0.835"],
    [-0.0123, "−0.012"],
    [12.345, "12.35"],
    [1234.56, "1234.6"],
    [0.000123, "1.2e−4"],
    [-12_345_678, "−1.2e7"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "−∞"],
  ])("writes %s as %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test("puts a negative number of a formula into brackets", () => {
    expect([formatOperand(-0.5), formatOperand(0.5)]).toEqual(["(−0.500)", "0.500"]);
  });
});

describe("words", () => {
  test("say where a cell is, counted from 1, and what is in it", () => {
    const { outputs } = playground;
    const value = (layer: number, i: number): string => formatNumber(outputs[layer]!.data[i]!);
    expect(cellWords(playground, { layer: 1, h: 2, w: 4, c: 1 })).toBe(
      `conv2d_1, row 3, column 5, channel 2 of 8: ${value(1, (2 * 28 + 4) * 8 + 1)}`,
    );
    expect(cellWords(playground, { layer: 7, h: 0, w: 0, c: 3 })).toBe(
      `flatten_1, number 4 of 784: ${value(7, 3)}`,
    );
    expect(cellWords(playground, { layer: 8, h: 0, w: 0, c: 3 })).toBe(
      `dense_1, number 4 of 10, for the digit 3: ${value(8, 3)}`,
    );
    const pixel = playground.pixels[28 + 2]!;
    expect(cellWords(playground, { layer: -1, h: 1, w: 2, c: 0 })).toBe(`input, row 2, column 3: ${pixel}`);
  });

  test("name layers and shapes", () => {
    expect([-1, 0, 4].map((layer) => layerName(playground, layer))).toEqual([
      "input",
      "rescaling_1",
      "conv2d_2",
    ]);
    expect([-1, 4, 8].map((layer) => shapeWords(playground, layer))).toEqual([
      "[28, 28, 1]",
      "[14, 14, 16]",
      "[10]",
    ]);
  });

  test.each([
    [[], "none"],
    [[4], "5"],
    [[2, 3, 4], "3–5"],
    [[0, 1, 2, 3, 4, 5], "all 6"],
    [[0, 2, 4], "1, 3, 5"],
  ])("say %j of six as %s", (places, text) => {
    expect(placesWords(places, 6)).toBe(text);
  });
});

describe("strongestCell", () => {
  test("has the largest value of the layer", () => {
    for (const layer of [-1, 1, 5, 8]) {
      const values = [...(playground.outputs[layer]?.data ?? playground.pixels)];
      expect(valueAt(playground, strongestCell(playground, layer))).toBe(Math.max(...values));
    }
  });
});

describe("fieldColours", () => {
  test("makes what is inside bluish, and dims what is outside", () => {
    const colours = fieldColours(Uint8Array.from([200, 200, 0, 0]), 2, { rows: [0, 1], columns: [1] });
    expect([...colours]).toEqual(
      [
        [70, 70, 70, 255],
        [170, 210, 230, 255],
        [0, 0, 0, 255],
        [30, 70, 140, 255],
      ].flat(),
    );
  });
});
