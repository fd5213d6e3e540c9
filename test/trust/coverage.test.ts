import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { armsOf, combineArms, type FileCoverage } from "../../trust/coverage/branches.js";
import { sharesOf } from "../../trust/coverage/prove.js";
import { BRANCHES, FOLDERS } from "../../trust/coverage/section.js";
import { count, percent, summarize, untaken } from "../../trust/coverage/summary.js";

/** The coverage of a file with a branch for each `type line:column` and how often its arms were taken. */
function coverage(...branches: readonly (readonly [at: string, ...counts: number[]])[]): FileCoverage {
  const split = branches.map(([at, ...counts]) => {
    const [type, line, column] = at.split(/[ :]/);
    const start = { line: Number(line), column: Number(column) };
    return { branch: { type: type!, loc: { start }, locations: counts.map(() => ({ start })) }, counts };
  });
  return {
    branchMap: Object.fromEntries(split.map(({ branch }, i) => [i, branch])),
    b: Object.fromEntries(split.map(({ counts }, i) => [i, counts])),
  };
}

describe("the arms of branches", () => {
  test("are told apart also where two branches of a type begin in one place", () => {
    const arms = armsOf(coverage(["cond-expr 3:2", 1, 0], ["cond-expr 3:2", 0, 5], ["if 4:0", 2, 0]));
    expect(arms.map(({ branch, index, taken }) => `${branch} ${index} ${taken}`)).toEqual([
      "cond-expr 3:2 0 true",
      "cond-expr 3:2 1 false",
      "cond-expr 3:2 (2) 0 false",
      "cond-expr 3:2 (2) 1 true",
      "if 4:0 0 true",
      "if 4:0 1 false",
    ]);
  });

  test("are taken if they are so in one of the coverages, and none is added by another", () => {
    const first = coverage(["if 1:0", 1, 0], ["if 2:0", 0, 0], ["if 3:0", 0, 0]);
    const second = coverage(["if 1:0", 0, 1], ["if 2:1", 1, 1], ["switch 3:0", 1, 1], ["if 9:0", 1, 1]);
    const third = coverage(["if 2:0", 1, 0]);
    const taken = (others: FileCoverage[]) => combineArms(first, others).map((arm) => arm.taken);
    expect(taken([])).toEqual([true, false, false, false, false, false]);
    expect(taken([second])).toEqual([true, true, false, false, false, false]);
    expect(taken([second, third])).toEqual([true, true, true, false, false, false]);
  });
});

describe("the summary", () => {
  const files = summarize(
    {
      "/x/src/b.ts": coverage(["if 1:0", 1, 0]),
      "/x/src/a.ts": coverage(["binary-expr 7:4", 0, 1, 0]),
      "/x/web/src/a.ts": coverage(["if 1:0", 1, 0]),
    },
    [{ "/x/src/b.ts": coverage(["if 1:0", 0, 0]) }, { "/x/src/c.ts": coverage(["if 1:0", 0, 0]) }],
    "/x",
  );

  test("has the files of src that the tests' own process has seen, and no other, in order", () => {
    expect(files.map(({ file }) => file)).toEqual(["src/a.ts", "src/b.ts"]);
    expect(count(files)).toEqual({ taken: 2, all: 5 });
    expect(count([])).toEqual({ taken: 0, all: 0 });
  });

  test("names what was not taken", () => {
    expect(untaken(files)).toEqual([
      "src/a.ts: binary-expr 7:4, way 1",
      "src/a.ts: binary-expr 7:4, way 3",
      "src/b.ts: if 1:0, else",
    ]);
  });

  test("rounds down: less than 95 % is never shown as 95", () => {
    expect(percent({ taken: 9_499, all: 10_000 })).toBe(94.9);
    expect(percent({ taken: 95, all: 100 })).toBe(95);
    expect(percent({ taken: 0, all: 0 })).toBe(100);
  });
});

describe("the shares", () => {
  const file = (name: string, taken: number, all: number) => ({
    file: name,
    arms: armsOf(coverage(["switch 1:0", ...Array.from({ length: all }, (_, i) => (i < taken ? 1 : 0))])),
  });

  test("are those of all files, and of each folder in the first level", () => {
    const files = [file("src/index.ts", 1, 1), file("src/a/b.ts", 17, 18), file("src/a/c/d.ts", 9, 9)];
    expect(sharesOf(files)).toEqual([
      { folder: "src", taken: 27, all: 28, percent: 96.4 },
      { folder: "src/a", taken: 26, all: 27, percent: 96.2 },
    ]);
  });

  test("are refused below 95 %, with what is missing", () => {
    expect(() => sharesOf([file("src/a/b.ts", 18, 19)])).toThrow(
      "Coverage: expected 95 % of the branches of src, got 94.7 %.\nsrc/a/b.ts: switch 1:0, way 19",
    );
  });
});

test("the section has a row for all, and one for each folder of src", () => {
  const folders = readdirSync("src", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect([...FOLDERS].sort()).toEqual(["src", ...folders.map(({ name }) => `src/${name}`)].sort());
  expect(BRANCHES.parts.map(({ name }) => name)).toEqual([
    "all of `src`",
    ...FOLDERS.slice(1).map((folder) => `\`${folder}\``),
  ]);
});
