import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { sideBySide } from "../../trust/faults/side-by-side.js";

test("no more are under way than may be, and the results are in order", async () => {
  let [now, most] = [0, 0];
  const results = await sideBySide([3, 1, 2, 0], 2, async (item) => {
    most = Math.max(most, ++now);
    await setTimeout(item);
    now--;
    return 10 * item;
  });
  expect(results).toEqual([30, 10, 20, 0]);
  expect(most).toBe(2);
});

test("what one fails with is thrown when those that have begun are over, and no more are begun", async () => {
  const [begun, over] = [[] as number[], [] as number[]];
  const all = sideBySide([1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error("one");
    await setTimeout(5);
    over.push(item);
  });
  await expect(all).rejects.toThrow("one");
  expect({ begun, over }).toEqual({ begun: [1, 2], over: [2] });
});
