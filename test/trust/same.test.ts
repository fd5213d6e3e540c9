import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { BACKENDS } from "../../src/tensor/simd/backend.js";
import { type DrivenBrowser, firefoxObstacle, launchChromium } from "../../trust/same/browsers.js";
import { trainIn } from "../../trust/same/compare.js";
import { CHROMIUM, CHROMIUM_ALONE, type Engine, FIREFOX, NODE_AT_HAND } from "../../trust/same/engines.js";
import { type Prepared, prepare } from "../../trust/same/prepare.js";
import { runInPage } from "../../trust/same/run-in-page.js";
import { expectWeights, SAME } from "../../trust/same/section.js";
import { serveSite } from "../../trust/same/serve-site.js";
import { programOptions } from "../../trust/same/text.js";
import { FULL, SHORT, type Trained } from "../../trust/same/training.js";
import type { WorkerAnswer } from "../../trust/same/worker-entry.js";
import { findBrowser, REMEDY } from "../browser/find-browser.js";
import { runProgram } from "../helpers/program.js";

const TIMEOUT = 240_000; // milliseconds, for what trains several times or starts a browser, and perhaps three pages

const hasNoChromium = findBrowser(process.env, process.platform) === undefined;
const firefoxProblem = firefoxObstacle();
if (hasNoChromium) console.warn(`\nSKIPPED: training in Chromium. ${REMEDY}\n`);
if (firefoxProblem !== undefined) console.warn(`\nSKIPPED: training in Firefox, since ${firefoxProblem}\n`);

describe("a short training has the committed checksum", () => {
  let prepared: Prepared;
  beforeAll(async () => {
    prepared = await prepare("build/trust/same-short");
  }, TIMEOUT);

  async function expectSame(
    engine: Engine,
    backend: (typeof BACKENDS)[number],
    threads: readonly number[],
  ): Promise<void> {
    const { outcomes } = await trainIn(engine, prepared, SHORT, backend, threads);
    expect(outcomes.map(({ sha256 }) => sha256)).toEqual(threads.map(() => SHORT.sha256));
  }

  test.each(BACKENDS)("in this Node, by %s, with 1, 2 and 3 threads", { timeout: TIMEOUT }, (backend) =>
    expectSame(NODE_AT_HAND, backend, [1, 2, 3]),
  );

  test.skipIf(hasNoChromium)("in Chromium", { timeout: TIMEOUT }, async () => {
    await expectSame(CHROMIUM, "simd", [3]);
    await expectSame(CHROMIUM_ALONE, "simd", [3]);
  });

  test.skipIf(firefoxProblem !== undefined)("in Firefox", { timeout: TIMEOUT }, () =>
    expectSame(FIREFOX, "simd", [3]),
  );

  test("by the program, whose options the page gives", { timeout: TIMEOUT }, async () => {
    expect(SAME.text).toContain(`npm run mnist -- train ${programOptions(FULL)} `);
    const cwd = mkdtempSync(join(tmpdir(), "tinyconv-same-"));
    try {
      const options = [...programOptions(SHORT).split(" "), "--no-report", "--out", join(cwd, "same")];
      const trained = await runProgram(["train", ...options], { cwd });
      expect([trained.exitCode, trained.stderr]).toEqual([0, ""]);
      const { stdout } = await runProgram(["inspect", join(cwd, "same")], { cwd });
      expect(stdout).toContain(`SHA-256 of the weights: ${SHORT.sha256}\n`);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });
});

describe("runInPage", () => {
  const training = { images: 1, epochs: 1, backend: "simd", threads: 3 } as const;
  const trained: Trained = { sha256: "ab", weights: 1, backend: "simd", sharedUnits: 5, warnings: [] };

  /** A browser in whose pages the worker gives these answers, a page for each; without one it says nothing. */
  function browserThatAnswers(...answers: readonly (WorkerAnswer | undefined)[]) {
    const opened: string[] = [];
    class FakeWorker {
      onmessage?: (event: { readonly data: WorkerAnswer }) => void;
      postMessage(): void {
        const data = answers[opened.length - 1];
        if (data !== undefined) queueMicrotask(() => this.onmessage?.({ data }));
      }
    }
    vi.stubGlobal("Worker", FakeWorker);
    const browser: Pick<DrivenBrowser, "newPage"> = {
      newPage: async () => ({
        goto: async (url) => void opened.push(url),
        evaluate: (inPage, argument) => inPage(argument),
        mouse: { move: async () => {}, down: async () => {}, up: async () => {} },
        on: () => {},
      }),
    };
    return { browser, opened };
  }

  afterEach(() => vi.unstubAllGlobals());

  test("begins anew in another page where no training starts, as in a Firefox that is stuck", async () => {
    const { browser, opened } = browserThatAnswers(undefined, undefined, { trained });
    expect(await runInPage(browser, "http://here/", training, 20)).toBe(trained);
    expect(opened).toHaveLength(3);
  });

  test("ends with an error after three pages", async () => {
    const { browser, opened } = browserThatAnswers();
    await expect(runInPage(browser, "http://here/", training, 20)).rejects.toThrow(
      new Error("http://here/: expected a training to start within 0.02 s, got none in 3 pages."),
    );
    expect(opened).toHaveLength(3);
  });

  test("takes an error of a training for what it is", async () => {
    const { browser, opened } = browserThatAnswers({ error: "too late" });
    await expect(runInPage(browser, "http://here/", training)).rejects.toThrow(
      new Error("http://here/: expected trained weights, got: too late"),
    );
    expect(opened).toHaveLength(1);
  });

  test.skipIf(hasNoChromium)(
    "gives up a page whose worker never says that it has started",
    {
      timeout: TIMEOUT,
    },
    async () => {
      const site = mkdtempSync(join(tmpdir(), "tinyconv-stuck-"));
      writeFileSync(join(site, "index.html"), "<!doctype html><title>stuck</title>");
      writeFileSync(join(site, "worker-entry.js"), "for (;;);");
      const browser = await launchChromium();
      const { url, close } = await serveSite(site, true);
      try {
        await expect(runInPage(browser, url, training, 100)).rejects.toThrow(
          new Error(`${url}: expected a training to start within 0.1 s, got none in 3 pages.`),
        );
      } finally {
        await browser.close();
        await close();
        rmSync(site, { recursive: true });
      }
    },
  );
});

describe("trainIn", () => {
  const nothing: Prepared = { site: "", program: "", digits: "" };

  /** An engine that says this of every training. */
  function engineThatSays(trained: Partial<Trained>, sharesMemory = true) {
    const state = { closed: 0 };
    const engine: Engine = {
      name: "Here",
      sharesMemory,
      open: async () => ({
        version: "1",
        train: async () => ({
          sha256: "",
          weights: 1,
          backend: "simd",
          sharedUnits: 0,
          warnings: [],
          ...trained,
        }),
        close: async () => void state.closed++,
      }),
    };
    return { engine, state };
  }

  test.each<[string, Partial<Trained>, number, boolean]>([
    ["Here, simd, threads: 1: expected no warning, got: it is slow.", { warnings: ["it is slow."] }, 1, true],
    ["Here, simd, threads: 1: expected it to compute, got plain.", { backend: "plain" }, 1, true],
    [
      "Here, simd, threads: 2: expected other threads to take part, got 0 units of work by others.",
      {},
      2,
      true,
    ],
    [
      "Here, simd, threads: 1: expected one thread, got 5 units of work by others.",
      { sharedUnits: 5 },
      1,
      true,
    ],
    [
      "Here, simd, threads: 2: expected one thread, got 5 units of work by others.",
      { sharedUnits: 5 },
      2,
      false,
    ],
  ])(
    "refuses what was not asked for, and closes the engine: %s",
    async (message, trained, threads, shares) => {
      const { engine, state } = engineThatSays(trained, shares);
      await expect(trainIn(engine, nothing, SHORT, "simd", [threads])).rejects.toThrow(new Error(message));
      expect(state.closed).toBe(1);
    },
  );

  test("gives what came out for each number of threads", async () => {
    const { engine } = engineThatSays({ sharedUnits: 7, sha256: "ab" });
    const { version, outcomes } = await trainIn(engine, nothing, SHORT, "simd", [2, 3]);
    expect(version).toBe("1");
    expect(outcomes).toMatchObject([
      { threads: 2, sha256: "ab" },
      { threads: 3, sha256: "ab" },
    ]);
  });
});

test("a row does not hold if the weights are others with any number of threads", () => {
  const outcome = { weights: 1, backend: "simd", sharedUnits: 0, warnings: [] } as const;
  const right = [1, 2].map((threads) => ({ ...outcome, threads, sha256: SHORT.sha256 }));
  expect(() => expectWeights("Here", right, SHORT)).not.toThrow();
  expect(() => expectWeights("Here", [...right, { ...outcome, threads: 3, sha256: "0000" }], SHORT)).toThrow(
    new Error(
      `Here: expected weights with the SHA-256 ${SHORT.sha256}, got\n` +
        `  threads: 1, ${SHORT.sha256}\n  threads: 2, ${SHORT.sha256}\n  threads: 3, 0000`,
    ),
  );
});
