/*
 * Times one network in a process of its own, so that the memory it needs is its own too, and prints a report as JSON.
 */
import { Adam, setBackend } from "tinyconv";
import { createNetwork } from "tinyconv/mnist";
import { BATCH_SIZE, batchAt, loadDigits, takeImages } from "./digits.js";
import { trainingFlop } from "./flop.js";
import { measure } from "./measure.js";
import { peakTileGflops } from "./peak-tile.js";
import { type Report, readTask } from "./task.js";

const { net, threads, backend, seconds } = readTask();
const digits = await loadDigits();
setBackend(backend);
const model = createNetwork(net, { seed: 1 });
const optimizer = new Adam();

let step = 0;
const training = await measure(seconds, () => {
  model.trainOnBatch(batchAt(digits, step++), { optimizer, threads });
});
const { images } = batchAt(digits, 0);
const inference = await measure(seconds, () => model.predict(images, { threads }));
const image = takeImages(digits, 0, 1).images;
const single = await measure(seconds, () => model.predict(image, { threads }));

const trainImagesPerSecond = BATCH_SIZE * training.runsPerSecond;
const report: Report = {
  net,
  threads,
  backend,
  node: process.version,
  trainImagesPerSecond: round(trainImagesPerSecond),
  inferImagesPerSecond: round(BATCH_SIZE * inference.runsPerSecond),
  inferMs: round(single.medianMs),
  gflops: round((trainImagesPerSecond * trainingFlop(model)) / 1e9),
  peakTileGflops: round(peakTileGflops()),
  peakRssMb: round(process.resourceUsage().maxRSS / 1024),
};
console.log(JSON.stringify(report));

/** Four digits: timings are not better than that. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
