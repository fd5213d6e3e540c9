import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Checkpoints } from "../../src/node/checkpoints.js";
import { Adam } from "../../src/optim/adam.js";
import { failCall, interceptDisk } from "../../trust/faults/disk.js";
import { bitsOf, smallDataset, smallNetwork } from "../helpers/models.js";

// what a full disk leaves of files, and that training goes on from it, is tested in test/trust/faults-disk.test.ts

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "tinyconv-full-")), "checkpoints");
});

afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

/** Two epochs of two steps on a disk that is full from the k-th call on; and how many calls there were. */
async function trainUntilFull(k: number) {
  const checkpoints = await Checkpoints.create(folder, { every: 3 });
  const model = smallNetwork(2);
  let calls = 0;
  const restore = interceptDisk(folder, (call, execution) => {
    calls = call.index;
    return call.index >= k ? failCall(call, execution, "ENOSPC") : execution.whole();
  });
  const options = { epochs: 2, batchSize: 6, optimizer: new Adam(), callbacks: [checkpoints] };
  const error: unknown = await model.fit(smallDataset(12, 1), options).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { checkpoints, model, error, calls, restore };
}

test("a disk that is full, and then has room, gets the step that training ended at by flush", async () => {
  const whole = await trainUntilFull(Number.POSITIVE_INFINITY);
  whole.restore();
  expect(whole.calls).toBeGreaterThan(40);
  let errors = 0;
  for (let k = 1; k <= whole.calls; k++) {
    const { checkpoints, model, error, restore } = await trainUntilFull(k);
    const noSpace = expect.objectContaining({
      message: expect.stringContaining("no space left on the disk."),
    });
    if (error !== undefined) {
      errors++;
      expect(error).toEqual(noSpace);
      const flushed = await checkpoints.flush().catch((error: unknown) => error);
      if (typeof flushed !== "number") expect(flushed).toEqual(noSpace); // a number where it was saved before
    }
    restore();
    expect(await checkpoints.flush()).toBe(model.steps);
    const saved = (await Checkpoints.resume(folder))!;
    expect(saved.state.steps).toBe(model.steps);
    expect(bitsOf(saved.model)).toEqual(bitsOf(model));
    rmSync(folder, { recursive: true });
  }
  expect(errors).toBeGreaterThan(20);
});
