/*
 * Before anything is timed: training with the task's backend and threads ends with the same weights, bit for bit, as
 * the plain backend on one thread, gives the same probabilities, and lowers the loss.
 */
import { Adam, type Sequential, setBackend } from "tinyconv";
import { createNetwork } from "tinyconv/mnist";
import { batchAt, loadDigits } from "./digits.js";
import { readTask, type Task } from "./task.js";

const STEPS = 3;

const task = readTask();
const batch = batchAt(await loadDigits(), 0);
const expected = train({ ...task, backend: "plain", threads: 1 });
const actual = train(task);

const title = `${task.net}, ${task.backend}, threads ${task.threads}`;
for (const [i, { name, value }] of actual.model.weights.entries()) {
  expectEqual(name, value.data, expected.model.weights[i]!.value.data);
}
expectEqual("a probability", actual.probabilities, expected.probabilities);
const { losses } = actual;
if (!(losses.at(-1)! < losses[0]!)) {
  throw new Error(`${title}: expected the loss to fall, got ${losses.join(", ")}. Nothing was timed.`);
}

/** A few steps on one batch, from the same seed each time. */
function train({ net, backend, threads }: Task) {
  setBackend(backend);
  const model: Sequential = createNetwork(net, { seed: 1 });
  const optimizer = new Adam();
  const losses = Array.from({ length: STEPS }, () => model.trainOnBatch(batch, { optimizer, threads }).loss);
  return { model, losses, probabilities: model.predict(batch.images, { threads }).data };
}

function expectEqual(name: string, actual: Float32Array, expected: Float32Array): void {
  const at = actual.findIndex((value, i) => !Object.is(value, expected[i]));
  if (at === -1) return;
  throw new Error(
    `${title}: expected ${expected[at]} at element ${at} of ${name}, as on the plain backend, got ${actual[at]}. ` +
      "Nothing was timed.",
  );
}
