import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EventLoopYielder } from "../../src/model/event-loop.js";

/** Whether a task of the event loop, and not only a microtask, had its turn during the call. */
async function letsOthersIn(call: () => Promise<void>): Promise<boolean> {
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  await call();
  return turned;
}

describe("EventLoopYielder", () => {
  let now = 0;
  beforeEach(() => {
    now = 1000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("gives way once 50 ms have gone by, and not before", async () => {
    const eventLoop = new EventLoopYielder();
    now = 1049;
    expect(await letsOthersIn(() => eventLoop.breathe())).toBe(false);
    now = 1050;
    expect(await letsOthersIn(() => eventLoop.breathe())).toBe(true);
    now = 1099;
    expect(await letsOthersIn(() => eventLoop.breathe())).toBe(false);
    now = 1100;
    expect(await letsOthersIn(() => eventLoop.breathe())).toBe(true);
  });
});
