import { describe, expect, test } from "vitest";
import { CONTESTANTS } from "../../../bench/peers/contestants.js";
import type { Outcome } from "../../../bench/peers/run.js";
import { type Entry, formatRows } from "../../../bench/peers/table.js";

function entry(name: string, outcomes: Outcome[]): Entry {
  const contestant = CONTESTANTS.find((one) => one.name === name)!;
  return { net: "lenet", threads: 1, contestant, outcomes };
}

function result(trainImagesPerSecond: number, inferMs: number): Outcome {
  return { version: "v1", parameters: 10, trainImagesPerSecond, inferMs };
}

/** The cells of row `i`. */
function cells(table: string, i: number): string[] {
  return table
    .split("\n")
    [i]!.split(" | ")
    .map((cell) => cell.replaceAll(/^\| | \|$/g, ""));
}

describe("formatRows", () => {
  test("gives medians over the rounds, and how many times as fast tinyconv is", () => {
    const table = formatRows([
      entry("tinyconv", [result(3000, 1), result(1000, 9), result(2000, 2)]),
      entry("pytorch", [result(900, 8), result(1100, 4)]),
    ]);
    expect(cells(table, 0)).toEqual(["lenet", "1", "tinyconv", "2,000", "-", "2.000", "v1"]);
    expect(cells(table, 1)).toEqual(["lenet", "1", "pytorch", "1,000 (2.00x)", "-", "6.000 (3.00x)", "v1"]);
  });

  test("compares ConvNetJS with the plain backend", () => {
    const table = formatRows([
      entry("tinyconv", [result(3000, 1)]),
      entry("tinyconv-plain", [result(300, 1)]),
      entry("convnetjs", [result(100, 1)]),
    ]);
    expect(cells(table, 2)[3]).toBe("100 (3.00x)");
    expect(cells(table, 2).at(-1)).toBe("v1; compared with tinyconv-plain");
  });

  test("has a row for what fails, and says why, once", () => {
    const table = formatRows([entry("pytorch", [{ fails: "a | b" }, { fails: "a | b" }])]);
    expect(table).toBe("| lenet | 1 | pytorch | - | - | - | fails: a \\| b |");
  });
});
