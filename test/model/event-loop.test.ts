import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { breathe } from "../../src/model/event-loop.js";

/** Whether a task of the event loop, and not only a microtask, had its turn during the call. */
async function letsOthersIn(call: () => Promise<void>): Promise<boolean> {
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  await call();
  return turned;
}

describe("breathe", () => {
  let now = 0;
  beforeEach(() => {
    now = 1000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("gives way once 50 ms have gone by since anybody did, and not before", async () => {
    now = 10_000;
    expect(await letsOthersIn(breathe)).toBe(true);
    now = 10_049;
    expect(await letsOthersIn(breathe)).toBe(false);
    now = 10_050;
    expect(await letsOthersIn(breathe)).toBe(true);
    now = 10_099;
    expect(await letsOthersIn(breathe)).toBe(false);
    now = 10_100;
    expect(await letsOthersIn(breathe)).toBe(true);
  });
});
