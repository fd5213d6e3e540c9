/**
 * Does something with each of the items, `n` of them at a time, in their order: what waits, for a disk or for another process,
 * need not wait for the others too.
 *
 * @returns what came of each, in the order of the items.
 * @throws what the first has failed with, once those that had begun are over; no more are begun.
 */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  n: number,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const [i, item] of left) {
      if (failed) return;
      try {
        results[i] = await act(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: n }, lane));
  for (const lane of lanes) if (lane.status === "rejected") throw lane.reason;
  return results;
}
