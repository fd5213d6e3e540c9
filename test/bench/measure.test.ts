import { describe, expect, test } from "vitest";
import { measure } from "../../bench/measure.js";

describe("measure", () => {
  test("runs once to warm up and three times more where there is no time for more", async () => {
    let runs = 0;
    await measure(1e-9, () => runs++);
    expect(runs).toBe(4);
  });

  test("gives runs a second and the median run as numbers above 0, and waits for promises", async () => {
    let done = 0;
    const { runsPerSecond, medianMs } = await measure(1e-9, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      done++;
    });
    expect(done).toBe(4);
    expect(runsPerSecond).toBeGreaterThan(0);
    expect(medianMs).toBeGreaterThan(0);
  });
});
