import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { HAS_STRYKER, type MutationReport, runStryker, STRYKER_REMEDY } from "../../trust/mutants/stryker.js";
import {
  knownSurvivors,
  outdated,
  reasonsText,
  scoreOf,
  unexplained,
} from "../../trust/mutants/survivors.js";

const SOURCE = `function sign(x: number): number {
  if (x < 0) return -1;
  return 1;
}
`;

/** A report on a file of three mutants, and one that does not compile. */
const report: MutationReport = {
  files: {
    "src/sign.ts": {
      source: SOURCE,
      mutants: [
        {
          replacement: "x <= 0",
          location: { start: { line: 2, column: 7 }, end: { line: 2, column: 12 } },
          status: "Survived",
        },
        {
          replacement: "{}",
          location: { start: { line: 1, column: 34 }, end: { line: 4, column: 2 } },
          status: "Killed",
        },
        {
          replacement: "false",
          location: { start: { line: 2, column: 7 }, end: { line: 2, column: 12 } },
          status: "Timeout",
        },
        {
          replacement: "true",
          location: { start: { line: 2, column: 7 }, end: { line: 2, column: 12 } },
          status: "CompileError",
        },
      ],
    },
  },
};
const survivor = {
  file: "src/sign.ts",
  original: "if (x < 0) return -1;",
  mutated: "if (x <= 0) return -1;",
};

describe("a report on mutants", () => {
  test("counts those that were killed or never ended, and shows the lines of those that survived", () => {
    expect(scoreOf(report)).toEqual({ mutants: 3, killed: 2, survived: [survivor] });
  });

  test("shows the first line of a block that was taken away", () => {
    const { source, mutants } = report.files["src/sign.ts"]!;
    const files = { "src/sign.ts": { source, mutants: [{ ...mutants[1]!, status: "NoCoverage" }] } };
    expect(scoreOf({ files }).survived).toEqual([
      {
        file: "src/sign.ts",
        original: "function sign(x: number): number {",
        mutated: "function sign(x: number): number {}",
      },
    ]);
  });

  test("wants a reason for each survivor, and a line of source for each reason", () => {
    const known = [{ ...survivor, reason: "0 has no sign" }];
    expect(unexplained([survivor], known)).toEqual([]);
    const other = { ...survivor, mutated: "if (false) return -1;" };
    expect(unexplained([survivor, other], known)).toEqual([other]);
    expect(outdated(known, () => SOURCE)).toEqual([]);
    expect(outdated(known, () => SOURCE.replace("-1", "-2"))).toEqual(known);
    expect(reasonsText([{ ...survivor, reason: "a" }, ...known, ...known])).toBe(
      "- 2: 0 has no sign\n- 1: a reason of its own each, which is said there.",
    );
  });
});

describe("the survivors that are listed", () => {
  test("are lines of the source as it is, each listed once, with a reason", () => {
    const known = knownSurvivors();
    expect(outdated(known, (file) => readFileSync(file, "utf8"))).toEqual([]);
    expect(new Set(known.map(({ file, original, mutated }) => `${file} ${original} ${mutated}`)).size).toBe(
      known.length,
    );
    for (const { reason } of known) expect(reason).toMatch(/^\S.{20,}\.$/);
  });
});

/** Small files of each folder, against their own tests; `npm run trust -- mutants` mutates all. */
const FEW = ["layers/mean-squared-error", "optim/clip", "tensor/parameter"];

if (!HAS_STRYKER) {
  if (process.env.TINYCONV_TRUST === "required")
    throw new Error(`expected Stryker, got none. ${STRYKER_REMEDY}`);
  console.warn(`SKIPPED: the mutation tests need Stryker. ${STRYKER_REMEDY}`);
}

describe.runIf(HAS_STRYKER)("the mutants of a few files", () => {
  test("are killed, or listed with a reason", { timeout: 600_000 }, async () => {
    const { mutants, killed, survived } = scoreOf(
      await runStryker("few", {
        mutate: FEW.map((name) => `src/${name}.ts`),
        tests: [...FEW.map((name) => `test/${name}.test.ts`), "test/layers/passes-options.test.ts"],
      }),
    );
    expect(mutants).toBeGreaterThan(60);
    expect(killed / mutants).toBeGreaterThanOrEqual(0.9);
    expect(unexplained(survived, knownSurvivors())).toEqual([]);
  });
});
