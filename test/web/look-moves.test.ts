import { describe, expect, test } from "vitest";
import { createNetwork } from "../../src/mnist/networks.js";
import { type Move, moveCell, moveOfKey } from "../../web/src/look/moves.js";
import { extentOf, shapeAt } from "../../web/src/look/pass.js";
import { Playground } from "../../web/src/playground.js";

const playground = new Playground(createNetwork("lenet"));
const cell = { layer: 1, h: 3, w: 5, c: 2 }; // of [28, 28, 8]

describe("moveCell", () => {
  test.each<[Move, object]>([
    ["up", { h: 2 }],
    ["down", { h: 4 }],
    ["left", { w: 4 }],
    ["right", { w: 6 }],
    ["previous channel", { c: 1 }],
    ["next channel", { c: 3 }],
    ["previous layer", { layer: 0, c: 0 }], // [28, 28, 1]
    ["next layer", { layer: 2 }],
  ])("goes %s", (move, change) => {
    expect(moveCell(playground, cell, move)).toEqual({ ...cell, ...change });
  });

  test("stays at the edges", () => {
    const first = { layer: -1, h: 0, w: 0, c: 0 };
    for (const move of ["up", "left", "previous channel", "next channel", "previous layer"] as const) {
      expect(moveCell(playground, first, move), move).toEqual(first);
    }
    const last = { layer: 6, h: 6, w: 6, c: 15 }; // of [7, 7, 16]
    for (const move of ["down", "right", "next channel"] as const) {
      expect(moveCell(playground, last, move), move).toEqual(last);
    }
    const output = { layer: 8, h: 0, w: 0, c: 9 };
    expect(moveCell(playground, output, "next layer")).toEqual(output);
  });

  test("keeps the place in the picture from layer to layer", () => {
    const before = { layer: 2, h: 27, w: 12, c: 7 }; // of [28, 28, 8]
    expect(moveCell(playground, before, "next layer")).toEqual({ layer: 3, h: 13, w: 6, c: 7 }); // [14, 14, 8]
    const pooled = { layer: 6, h: 6, w: 0, c: 4 };
    expect(moveCell(playground, pooled, "next layer")).toEqual({ layer: 7, h: 0, w: 0, c: 4 }); // [784]
    const row = { layer: 7, h: 0, w: 0, c: 783 };
    expect(moveCell(playground, row, "previous layer")).toEqual({ layer: 6, h: 3, w: 3, c: 15 });
  });

  test("goes from number to number by the arrows in a row", () => {
    const number = { layer: 8, h: 0, w: 0, c: 4 };
    const to = (move: Move): number => moveCell(playground, number, move).c;
    expect([to("left"), to("up"), to("right"), to("down")]).toEqual([3, 3, 5, 5]);
  });

  test("never leaves a layer", () => {
    const moves: readonly Move[] = ["next layer", "right", "down", "next channel"];
    let at: typeof cell = { layer: -1, h: 27, w: 27, c: 0 };
    for (let i = 0; i < 60; i++) {
      at = moveCell(playground, at, moves[i % moves.length]!);
      const { H, W, C } = extentOf(shapeAt(playground, at.layer));
      expect(at.h < H && at.w < W && at.c < C, JSON.stringify(at)).toBe(true);
    }
    expect(at.layer).toBe(8);
  });
});

describe("moveOfKey", () => {
  test("knows the keys, and no others", () => {
    const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "[", "]", "PageUp", "PageDown"];
    expect(keys.map(moveOfKey)).toEqual([
      "up",
      "down",
      "left",
      "right",
      "previous channel",
      "next channel",
      "previous layer",
      "next layer",
    ]);
    expect(["a", "Escape", "constructor"].map(moveOfKey)).toEqual([undefined, undefined, undefined]);
  });
});
