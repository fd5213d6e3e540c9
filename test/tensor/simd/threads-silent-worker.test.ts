import { expect, test, vi } from "vitest";
import { createNetwork } from "../../../src/mnist/networks.js";
import { WORD } from "../../../src/tensor/simd/control.js";
import { controlWords } from "../../../src/tensor/simd/threads.js";

test("a worker that went into a job and never came out ends it with an error, and training goes on without it", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const model = createNetwork("lenet");
  const images = { data: new Uint8Array(20 * 784).fill(9), shape: [20, 28, 28, 1] };
  const before = model.predict(images, { threads: 2 });

  Atomics.add(controlWords()!, WORD.inside, 1);
  let now = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => now);
  // a process that stood still for an hour has not waited for an hour
  const nap = vi.spyOn(Atomics, "wait").mockImplementation(() => {
    now += nap.mock.calls.length === 1 ? 3_600_000 : 150;
    return "timed-out";
  });
  expect(() => model.predict(images, { threads: 2 })).toThrow(
    "tinyconv: expected every thread to finish its share, got no answer from a worker thread for 30 s.",
  );
  expect(nap.mock.calls.length).toBeGreaterThan(150);
  expect(warn.mock.calls).toEqual([
    ["tinyconv: a worker thread failed (it does not answer), so one thread computes from now on."],
  ]);
  expect(model.predict(images, { threads: 2 }).data).toEqual(before.data);
});
