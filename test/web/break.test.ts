import { beforeAll, describe, expect, test } from "vitest";
import { findMnistData, type MnistData, readMnistFolder } from "../../src/node/index.js";
import { EXPERIMENTS } from "../../web/src/break/experiments.js";
import { type Outcome, runSetup } from "../../web/src/break/run-setup.js";

describe("what goes wrong in practice", () => {
  let outcomes: Map<string, { right: Outcome; broken: Outcome }>;

  beforeAll(async () => {
    const data: MnistData = await readMnistFolder(findMnistData());
    const first = ({ images, labels }: MnistData["train"], n: number) => ({
      images: { data: images.data.subarray(0, n * 784), shape: [n, 28, 28, 1] },
      labels: Uint8Array.from(labels.subarray(0, n)),
    });
    const [train, test] = [first(data.train, 4000), first(data.test, 1000)];
    outcomes = new Map(
      EXPERIMENTS.map(({ id, right, broken }) => [
        id,
        { right: runSetup(right(), train, test), broken: runSetup(broken(), train, test) },
      ]),
    );
  }, 120_000);

  const largest = ({ losses }: Outcome): number => Math.max(...losses.map((loss) => (loss > 0 ? loss : 1e9)));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

  test("all go well as they should be", () => {
    for (const [id, { right }] of outcomes) {
      expect(right.accuracy, id).toBeGreaterThan(id === "threshold" ? 0.6 : 0.8);
      expect(largest(right), id).toBeLessThan(3);
    }
  });

  test("without the division the loss jumps up, and the network guesses", () => {
    const { broken } = outcomes.get("scale")!;
    expect(largest(broken)).toBeGreaterThan(50);
    expect(broken.accuracy).toBeLessThan(0.25);
  });

  test("with too high a learning rate the loss leaps about", () => {
    const { broken } = outcomes.get("rate")!;
    expect(largest(broken)).toBeGreaterThan(5);
    expect(broken.accuracy).toBeLessThan(0.5);
  });

  test("from zeros the loss stays at ln 10", () => {
    const { broken } = outcomes.get("zeros")!;
    for (const loss of broken.losses) expect(Math.abs(loss - Math.log(10))).toBeLessThan(0.1);
    expect(broken.accuracy).toBeLessThan(0.25);
  });

  test("without its correction Adam's first steps are too long", () => {
    const { right, broken } = outcomes.get("adam")!;
    expect(largest(broken)).toBeGreaterThan(largest(right) + 0.3);
    expect(broken.accuracy).toBeLessThan(right.accuracy);
  });

  test("with a lost += it learns more slowly", () => {
    const { right, broken } = outcomes.get("sum")!;
    expect(mean(broken.losses.slice(-20))).toBeGreaterThan(1.5 * mean(right.losses.slice(-20)));
    expect(broken.losses.at(-1)!).toBeLessThan(broken.losses[0]!);
  });

  test("a threshold changes the answers and nothing else", () => {
    const { right, broken } = outcomes.get("threshold")!;
    expect(broken.losses).toEqual(right.losses);
    expect(broken.accuracy).toBeLessThan(right.accuracy - 0.1);
  });
});
