import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { trustPage } from "../../trust/page.js";
import { ResultsFolder } from "../../trust/results.js";
import { runSection } from "../../trust/run-section.js";
import type { Part, Section } from "../../trust/section.js";
import { sourceHash } from "../../trust/source-hash.js";

let root: string;
let progress: ResultsFolder;
let results: ResultsFolder;
let lines: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tinyconv-trust-"));
  progress = new ResultsFolder(join(root, "progress"));
  results = new ResultsFolder(join(root, "results"));
  lines = [];
});

afterEach(() => rmSync(root, { recursive: true }));

const run = (section: Section, fresh = false, source = "a"): Promise<void> =>
  runSection(section, { progress, results, source, fresh, log: (line) => lines.push(line) });

/** A section of two parts, which counts how often each was proved; the second fails while `broken`. */
function example() {
  const state = { broken: false, first: 0, second: 0 };
  const section: Section = {
    name: "sums",
    title: "Sums",
    text: "They are right.",
    columns: ["sum", "result"],
    parts: [
      {
        name: "1 + 1",
        prove: async ({ log }) => {
          log("adding");
          return [String(1 + ++state.first)];
        },
      },
      {
        name: "1 + 2",
        prove: async () => {
          if (state.broken) throw new Error("4 is not 3");
          return [String(2 + ++state.second)];
        },
      },
    ],
  };
  return { section, state };
}

test("a section that fails keeps what held, and goes on from there", async () => {
  const { section, state } = example();
  state.broken = true;
  await expect(run(section)).rejects.toThrow("sums: 1 of 2 parts do not hold.");
  expect(results.read("sums")).toEqual({});
  expect(lines).toEqual([
    "sums 1/2: 1 + 1",
    "  adding",
    "  2",
    "sums 2/2: 1 + 2",
    "  does not hold: 4 is not 3",
  ]);
  state.broken = false;
  await run(section);
  expect(state).toEqual({ broken: false, first: 1, second: 1 });
  expect(results.read("sums")).toMatchObject({ "1 + 1": { cells: ["2"] }, "1 + 2": { cells: ["3"] } });
  expect(progress.read("sums")).toEqual({});
});

test("what a stopped run had done of another source is done again", async () => {
  const { section, state } = example();
  state.broken = true;
  await expect(run(section)).rejects.toThrow();
  state.broken = false;
  await run(section, false, "b");
  expect(state.first).toBe(2);
  expect(results.read("sums")).toMatchObject({ "1 + 1": { source: "b" }, "1 + 2": { source: "b" } });
});

test("the hash of a source is that of its names and contents", () => {
  const folder = join(root, "src");
  mkdirSync(join(folder, "b"), { recursive: true });
  const hashOf = (text: string, name = "a.ts"): string => {
    writeFileSync(join(folder, "b", name), text);
    return sourceHash(folder);
  };
  const first = hashOf("1");
  expect(first).toMatch(/^[0-9a-f]{12}$/);
  expect(hashOf("2\n")).not.toBe(first);
  expect(hashOf("2\r\n")).toBe(hashOf("2\n"));
  expect(hashOf("1")).toBe(first);
  expect(hashOf("1", "c.ts")).not.toBe(first);
});

test("a part that does not hold keeps none of the others from being proved", async () => {
  const { section } = example();
  const [first, second] = section.parts;
  const fails = { name: "fails", prove: () => Promise.reject(new Error("no")) };
  const mixed = { ...section, parts: [fails, first!, second!] };
  await expect(run(mixed)).rejects.toThrow("sums: 1 of 3 parts do not hold.");
  expect(Object.keys(progress.read("sums"))).toEqual(["1 + 1", "1 + 2"]);
});

test("a whole section is proved anew when its command is given again, and a stopped one with --fresh", async () => {
  const { section, state } = example();
  await run(section);
  await run(section);
  expect(state.first).toBe(2);
  state.broken = true;
  await expect(run(section)).rejects.toThrow();
  state.broken = false;
  await run(section, true);
  expect(state.first).toBe(4);
});

test("a part is told whether it may take something over from an earlier run", async () => {
  const { section } = example();
  const told: boolean[] = [];
  const part: Part = {
    name: "told",
    prove: async ({ fresh }) => {
      told.push(fresh);
      return ["yes"];
    },
  };
  await run({ ...section, parts: [part] });
  await run({ ...section, parts: [part] }, true);
  expect(told).toEqual([false, true]);
});

test("the page has each section with its table, its command, and where and when it ran", async () => {
  const { section } = example();
  expect(trustPage([section], results)).toContain(
    "## Sums\n\nThey are right.\n\n| sum | result |\n| --- | --- |\n| 1 + 1 | – |\n| 1 + 2 | – |\n\n`npm run trust -- sums`: not run yet.\n",
  );
  const where = { date: "2026-11-28", node: "20.20.2", machine: "2 cores of A", seconds: 70 };
  const result = { cells: ["2"], source: "5eed", ...where };
  results.write("sums", { "1 + 1": result, "1 + 2": { ...result, cells: ["3"], date: "2026-11-29" } });
  expect(trustPage([section], results)).toContain(
    "| 1 + 1 | 2 |\n| 1 + 2 | 3 |\n\n`npm run trust -- sums`: 2026-11-28, 2026-11-29, Node 20.20.2, 2 cores of A; 3 min; source 5eed.\n",
  );
});
