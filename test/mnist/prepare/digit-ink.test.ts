import { describe, expect, test } from "vitest";
import { isolateDigit } from "../../../src/mnist/prepare/digit-ink.js";
import type { InkLevels } from "../../../src/mnist/prepare/ink-levels.js";
import { plane } from "../../helpers/plane.js";

const levels: InkLevels = { threshold: 0.5, paper: 0, full: 1, noise: 0 };

/** The ink that is kept, drawn with # for whole, . for none, and tenths. */
function kept(rows: readonly string[], change: Partial<InkLevels> = {}): string[] | undefined {
  const digit = isolateDigit(plane(...rows), { ...levels, ...change });
  if (digit === undefined) return undefined;
  const { data, width } = digit.ink;
  const marks = Array.from(data, (value) => ".123456789#"[Math.round(10 * value)]);
  return rows.map((_, y) => marks.slice(y * width, (y + 1) * width).join(""));
}

describe("isolateDigit", () => {
  test("keeps the largest part, and drops specks", () => {
    const strokes = [
      "................................", //
      ".##.............................",
      ".##..####################.......",
      ".....####################....#..",
      ".....####################.......",
      "................................",
    ];
    expect(kept(strokes)).toEqual([
      "................................",
      ".##.............................", // 4 pixels are more than 3 % of 60
      ".##..####################.......",
      ".....####################.......", // 1 is less
      ".....####################.......",
      "................................",
    ]);
  });

  test("keeps the detached stroke of a 5, and drops what is far", () => {
    const five = [
      "......................",
      "...####...............",
      "......................",
      "..#...................",
      "..###.................",
      ".....#................",
      ".....#............##..",
      "..###.............##..",
      "......................",
    ];
    const alone = kept(five);
    expect(alone).toEqual(five.map((row) => row.replace("............##..", "................")));
    expect(isolateDigit(plane(...five), levels)?.box).toEqual({ x: 2, y: 1, width: 5, height: 7 });
  });

  test("drops what hangs in from the edge, even if it is larger", () => {
    const rows = [
      "####......", //
      "####......",
      "####......",
      "......#...",
      "......#...",
      "......#...",
      "......#...",
      "......#...",
      "..........",
    ];
    expect(kept(rows)).toEqual(["..........", "..........", "..........", ...rows.slice(3)]);
  });

  test("keeps a digit that was cut at the edge of the picture, with its parts", () => {
    const cut = [
      "..####.", //
      ".......",
      ".##....",
      ".####..",
      "....##.",
      "....##.",
      ".####..",
    ];
    expect(kept(cut)).toEqual(cut);
  });

  test("does not take a frame for the digit within", () => {
    const framed = [
      "##############", //
      "#............#",
      "#.....##.....#",
      "#....###.....#",
      "#...####.....#",
      "#.....##.....#",
      "#.....##.....#",
      "#.....##.....#",
      "#...######...#",
      "#...######...#",
      "#............#",
      "##############",
    ];
    const blank = ".".repeat(14);
    const inside = framed.map((row) => `.${row.slice(1, -1)}.`);
    expect(kept(framed)).toEqual([blank, ...inside.slice(1, -1), blank]);
  });

  test("keeps soft edges within two pixels", () => {
    expect(kept([".............", "1134######432", "............."])).toEqual([
      ".............",
      "..34######43.",
      ".............",
    ]);
  });

  test("keeps nothing of another part, however near it is", () => {
    const rows = ["........", "..####..", "..####..", "..####..", "......#.", "#3......", "........"];
    rows.splice(1, 3, ...Array<string>(9).fill("..####.."));
    expect(kept(rows)).toEqual(rows.map((row) => (row === "#3......" ? ".3......" : row)));
  });

  test("makes ink of what lies between paper and full ink, in a straight line", () => {
    expect(kept(["..........", ".456789#..", ".........."], { paper: 0.4, full: 0.9 })).toEqual([
      "..........",
      "..2468##..",
      "..........",
    ]);
  });

  test.each<[string, string[]]>([
    ["no ink", ["......", "......"]],
    ["a speck", ["........", "..####..", "..####..", "........"]],
    [
      "dust",
      [
        ".".repeat(24),
        ".######.....#.#.#.#.#.#.",
        ".".repeat(24),
        "............#.#.#.#.#.#.",
        ".".repeat(24),
      ],
    ],
    ["only something at the edge", ["#######...", "..........", "..........", "..........", ".........."]],
  ])("finds no digit in %s", (_, rows) => {
    expect(kept(rows)).toBeUndefined();
  });

  test("finds none that is fainter than what is full ink elsewhere", () => {
    const rows = ["###.......", "###.......", "..........", "..666666..", ".........."];
    expect(kept(rows, { paper: 0.5, full: 1 })).toEqual([
      "..........",
      "..........",
      "..........",
      "..222222..",
      "..........",
    ]);
    expect(kept(rows, { paper: 0.5, full: 1.5 })).toBeUndefined();
  });
});
