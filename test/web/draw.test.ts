import { describe, expect, test } from "vitest";
import { MaxPool2D, Random, Sequential, Tensor } from "../../src/index.js";
import { colourOf, colourTable, PALETTES, STEPS } from "../../web/src/draw/colours.js";
import { layTiles, nearestSpot, spotAt, tileOf } from "../../web/src/draw/tiles.js";
import { poolWinners } from "../../web/src/draw/winners.js";

describe("tiles", () => {
  test.each([[[26, 26, 16]], [[28, 28, 1]], [[2, 2, 48]], [[3, 7, 5]], [[192]], [[10]], [[1, 1, 40]]])(
    "of %j: every cell is where its tile says, and in the picture",
    (shape) => {
      const tiles = layTiles(shape);
      const seen = new Set<string>();
      for (let c = 0; c < tiles.C; c++) {
        const { x, y } = tileOf(tiles, c);
        for (let h = 0; h < tiles.H; h++) {
          for (let w = 0; w < tiles.W; w++) {
            expect(x + w).toBeLessThan(tiles.width);
            expect(y + h).toBeLessThan(tiles.height);
            expect(spotAt(tiles, x + w + 0.5, y + h + 0.5)).toEqual({ h, w, c });
            seen.add(`${x + w},${y + h}`);
          }
        }
      }
      expect(seen.size).toBe(shape.reduce((a, b) => a * b, 1));
    },
  );

  test("have no cell between them, behind the last one and outside", () => {
    const tiles = layTiles([2, 2, 5]);
    const second = tileOf(tiles, 1);
    expect(spotAt(tiles, second.x - 0.5, 0)).toBeUndefined();
    expect(nearestSpot(tiles, second.x - 0.5, 0)).toEqual({ h: 0, w: 1, c: 0 });
    expect(spotAt(tiles, -0.5, 0)).toBeUndefined();
    expect(spotAt(tiles, tiles.width - 0.5, tiles.height - 0.5)).toBeUndefined();
  });
});

test("the winners of a max-pool are where its gradient goes", () => {
  const random = new Random(4);
  for (const options of [
    { poolSize: 2, strides: 2, padding: "valid" },
    { poolSize: 3, strides: 2, padding: "same" },
    {
      poolSize: [2, 3],
      strides: 1,
      padding: [
        [1, 0],
        [0, 2],
      ],
    },
  ] as const) {
    const x = new Tensor([1, 7, 6, 3]);
    for (let i = 0; i < x.size; i++) x.data[i] = random.integer(4); // many ties
    const model = new Sequential({ inputShape: [7, 6, 3] }, [new MaxPool2D(options as never)]);
    const dy = model.forward(x).clone();
    dy.data.fill(1);
    const dx = model.backward(dy, { inputGradient: true })!;
    const { poolSize, strides, padding } = options;
    const wins = poolWinners(x.data, [7, 6, 3], { kernelSize: poolSize, strides, padding } as never);
    expect([...wins]).toEqual(Array.from(dx.data, (value) => (value > 0 ? 1 : 0)));
  }
});

test("colours go from the ground to the strongest on both sides", () => {
  const { zero, positive, negative } = PALETTES.light;
  expect(colourOf(0, PALETTES.light)).toEqual(zero);
  expect(colourOf(1, PALETTES.light)).toEqual(positive);
  expect(colourOf(-1, PALETTES.light)).toEqual(negative);
  expect(colourOf(7, PALETTES.light)).toEqual(positive);
  const table = colourTable(PALETTES.light);
  for (const value of [-1, -0.4, 0, 0.2, 1]) {
    const at = 3 * Math.round(STEPS * (1 + value));
    expect([...table.slice(at, at + 3)]).toEqual(colourOf(value, PALETTES.light));
  }
  const half = colourOf(0.5, PALETTES.light);
  expect(half[0]).toBe(Math.round((zero[0] + positive[0]) / 2));
});
