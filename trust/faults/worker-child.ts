import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { CheckpointEvent } from "../../src/model/callback.js";
import type { Tensor } from "../../src/tensor/tensor.js";

/*
 * A process of its own that computes with a built library whose worker threads fail:
 * `tsx worker-child.ts DIST OPERATION SPEED SECONDS`. Prints what came of it as JSON, see `ChildReport`.
 */

/** What the process tells of. */
export interface ChildReport {
  /** Messages of the calls that have thrown. */
  readonly errors: readonly string[];
  /** The calls that gave another result than one thread did. */
  readonly wrong: number;
  /** The calls that came after the warning. */
  readonly after: number;
  /** Of the longest call. */
  readonly seconds: number;
}

const [dist, operation, speed, most] = process.argv.slice(2) as [string, string, string, string];
const load = (name: string): Promise<unknown> => import(pathToFileURL(`${dist}/${name}`).href);
const { Adam, loadCheckpoint, saveCheckpoint } = (await load(
  "index.js",
)) as typeof import("../../src/index.js");
const { createNetwork } = (await load("mnist/index.js")) as typeof import("../../src/mnist/index.js");

/** Calls after the warning. Until there is one, it calls for so many seconds. */
const CALLS_AFTER = 5;
const end = Date.now() + 1000 * Number(most);

let warnings = 0;
const { warn } = console;
console.warn = (...args: readonly unknown[]) => {
  warnings++;
  warn.apply(console, [...args]);
};

hurryClock(Number(speed));
const data = Uint8Array.from({ length: 20 * 784 }, (_, i) => (i * 7919) % 251);
const images = { data, shape: [20, 28, 28, 1] };
const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 10);
const hashOf = (tensors: readonly Tensor[]): string => {
  const hash = createHash("sha256");
  for (const tensor of tensors) hash.update(tensor.data);
  return hash.digest("hex");
};

const model = createNetwork("lenet", { seed: 1 });
const OPERATIONS: Readonly<Record<string, (threads: number) => Promise<string>>> = {
  predict: async (threads) => hashOf([model.predict(images, { threads })]),
  evaluate: async (threads) => String((await model.evaluate({ images, labels }, { threads })).loss),
  fit: trainOrResume,
};
const act = OPERATIONS[operation]!;
const expected = await act(1);

const errors: string[] = [];
let [wrong, after, seconds] = [0, 0, 0];
while (after < CALLS_AFTER && Date.now() < end) {
  const begin = performance.now();
  const failed = warnings > 0;
  try {
    if ((await act(2)) !== expected) wrong++;
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error));
  }
  seconds = Math.max(seconds, (performance.now() - begin) / 1000);
  if (failed) after++;
  await setTimeout(10);
}
const report: ChildReport = { errors, wrong, after, seconds };
console.log(JSON.stringify(report));

/** Trains a new network; if that fails, goes on from its last checkpoint, and throws only then, with the right end. */
async function trainOrResume(threads: number): Promise<string> {
  let checkpoint: Uint8Array | undefined;
  const keep = {
    onCheckpoint: (event: CheckpointEvent) => {
      checkpoint = saveCheckpoint(event.model, event.state());
    },
  };
  const options = { epochs: 2, batchSize: 10, threads };
  const model = createNetwork("lenet", { seed: 1 });
  try {
    await model.fit({ images, labels }, { ...options, optimizer: new Adam(), callbacks: [keep] });
  } catch (error) {
    const { model, state } = loadCheckpoint(checkpoint!);
    await model.fit({ images, labels }, { ...options, optimizer: new Adam(), resume: state });
    if (hashOf(model.getWeights()) !== expected) wrong++;
    throw error;
  }
  return hashOf(model.getWeights());
}

/** Lets the clock of this thread run faster, and its naps be shorter: patience ends sooner then. */
function hurryClock(speed: number): void {
  const { now } = performance;
  const { wait } = Atomics;
  performance.now = () => speed * now.call(performance);
  Atomics.wait = (
    words: Int32Array | BigInt64Array,
    index: number,
    value: number | bigint,
    time = Infinity,
  ) => Reflect.apply(wait, Atomics, [words, index, value, time / speed]) as ReturnType<typeof wait>;
}
