/*
 * A training that may be interrupted at any moment, by Ctrl-C or a crash. Run it again, and it goes on from its last
 * checkpoint, and ends with the weights it would have had without the interruption.
 *
 *   npx tsx examples/resume.ts runs/resume         half a minute; press Ctrl-C in its middle, and run it again
 *   npx tsx examples/resume.ts runs/resume 500     interrupts itself after 500 steps
 */
import process from "node:process";
import { Adam, saveModel } from "tinyconv";
import { createNetwork, sha256 } from "tinyconv/mnist";
import { Checkpoints, findMnistData, readMnistFolder } from "tinyconv/node";

const folder = process.argv[2] ?? "runs/resume";
const lastStep = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
const limit = Number(process.argv[4] ?? 60_000);

const { train, test } = await readMnistFolder(findMnistData());
const some = {
  images: { data: train.images.data.subarray(0, limit * 28 * 28), shape: [limit, 28, 28, 1] },
  labels: train.labels.subarray(0, limit),
};

// where an earlier run was, if there was one
const saved = await Checkpoints.resume(folder, { every: 200 });
const model = saved?.model ?? createNetwork("lenet", { seed: 1 });
const checkpoints = saved?.checkpoints ?? (await Checkpoints.create(folder, { every: 200 }));
console.log(saved ? `going on from ${saved.path}` : `starting; checkpoints go to ${folder}`);

const interruption = new AbortController();
process.once("SIGINT", () => interruption.abort());

try {
  // the same data and options as before; the optimizer is a new one, which gets back what the old one kept
  await model.fit(some, {
    epochs: 4,
    batchSize: 100,
    optimizer: new Adam(),
    resume: saved?.state,
    signal: interruption.signal,
    callbacks: [
      checkpoints,
      {
        onBatchEnd: () => {
          if (model.steps === lastStep) interruption.abort();
        },
        onEpochEnd: ({ epoch, logs }) => {
          console.log(`epoch ${epoch}: loss ${logs.loss.toFixed(4)}, accuracy ${logs.accuracy.toFixed(4)}`);
        },
      },
    ],
  });
  const { accuracy } = await model.evaluate(test);
  console.log(`test accuracy ${(100 * accuracy).toFixed(2)} %`);
  console.log(`the model's SHA-256: ${await sha256(saveModel(model))}`);
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  const step = await checkpoints.flush(); // saves what was done since the last checkpoint
  console.log(`interrupted after step ${step}, which is saved; run this again to go on`);
}
