import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failProgram } from "../../trust/faults/failing-program.js";
import { fillDisks } from "../../trust/faults/full-disk.js";
import { killSaves } from "../../trust/faults/kill-saves.js";
import { killSavings } from "../../trust/faults/kill-saving.js";
import { killTrainings } from "../../trust/faults/kill-training.js";
import { trainWithLittleMemory } from "../../trust/faults/little-memory.js";
import { refuseKernels } from "../../trust/faults/refused-kernels.js";
import { canMount } from "../../trust/faults/surroundings-parts.js";
import { failWorker } from "../../trust/faults/workers.js";

/*
 * The short form of the section "Under faults": the program and the built library, in processes of their own.
 */

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "tinyconv-faults-"));
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const LONG = { timeout: 120_000 };
const seed = Number(process.env.FAULTS_SEED ?? 1);

// Windows has no signals, but kill ends the process there as well
describe("a process that is killed", () => {
  test("in a training leaves a checkpoint that leads to the same bits", LONG, async () => {
    const { kills } = await killTrainings({ cwd, kills: 5, seed });
    expect(Object.values(kills).reduce((sum, times) => sum + times)).toBe(5);
  });

  test("while it saves one does so too", LONG, async () => {
    const { kills } = await killSavings({ cwd, kills: 5, seed });
    expect([...kills.values()].reduce((sum, times) => sum + times)).toBe(5);
  });

  test("while it writes a model leaves the old one or the new one, whole", LONG, async () => {
    const left = await killSaves("model", { cwd, kills: 3, seed });
    expect(left.old + left.new).toBe(3);
  });
});

test(
  "the program tells of a disk that fails, by exit code and message, and can be gone on with",
  LONG,
  async () => {
    const { exitCodes } = await failProgram({ cwd, stride: 34 });
    expect(exitCodes.get(1)).toBeGreaterThanOrEqual(2);
  },
);

test("the program tells of a disk that is full, and goes on when there is room", LONG, async (context) => {
  if (!canMount(cwd)) {
    console.warn("Not tested here: a full disk, since none can be mounted.");
    context.skip();
  }
  expect(await fillDisks(cwd, [120, 300])).toMatchObject({ full: 2 });
});

describe("a process", () => {
  test("that is refused the memory of the kernels trains to the same bits without", LONG, async () => {
    expect(await refuseKernels(cwd)).toBe(5);
  });

  test("with a small heap loses nothing, whoever gives up", LONG, async () => {
    const ends = await trainWithLittleMemory({ cwd, scarce: "heap", megabytes: [4, 8, 24] });
    expect(ends["before the first checkpoint"]).toBeGreaterThan(0);
    expect(ends.whole).toBeGreaterThan(0);
  });

  test("with few addresses ends with the same bits or a clear error", LONG, async (context) => {
    if (process.platform !== "linux") {
      console.warn("Not tested here: a limit to the addresses of a process, which needs Linux.");
      context.skip();
    }
    const ends = await trainWithLittleMemory({ cwd, scarce: "addresses", megabytes: [900, 16_000] });
    expect(ends.whole).toBeGreaterThan(0);
  });
});

// a clock that runs ten times as fast, so that nobody waits for 30 s
describe("a worker thread that", () => {
  test.each([
    ["throws", "at its start", "predict"],
    ["exits", "between two jobs", "evaluate"],
    ["exits", "in a job", "fit"],
    ["never answers", "in a job", "predict"],
  ] as const)("%s %s costs one call at most, and no bit", LONG, async (act, time, operation) => {
    const seconds = await failWorker(cwd, { act, time, operation, nth: 3 }, 10);
    expect(seconds > 30).toBe(time === "in a job");
  });
});
