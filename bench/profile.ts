/*
 * Where the time of a training step goes: each operation of the kernels by itself, and everything around them.
 *
 *   npm run --silent profile -- [--net reference|lenet|compact] [--threads N] [--steps N]
 */
import { cpus } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { Augmentation } from "../src/mnist/augmentation.js";
import { augmentedBatches } from "../src/mnist/augmented-batches.js";
import { createNetwork, NETWORKS, type NetworkName } from "../src/mnist/networks.js";
import { formatTable } from "../src/model/table.js";
import { Adam } from "../src/optim/adam.js";
import { Random } from "../src/tensor/random.js";
import { observeJobs } from "../src/tensor/simd/threads.js";
import { trainingFlop } from "./flop.js";
import { peakTileGflops } from "./peak-tile.js";

const BATCH_SIZE = 100;
const PRODUCTS = ["patches", "kernelGradient", "intoPatches", "dense", "denseTransposed", "denseTransposeA"];
const FLOP_PER_VECTOR = 8; // four multiplications, four additions

const { net, threads, steps } = new Command("profile")
  .addOption(new Option("--net <name>", "the network").choices(NETWORKS).default("compact"))
  .option("--threads <n>", "threads that share the work", parseCount, 1)
  .option("--steps <n>", "steps to average over", parseCount, 100)
  .parse()
  .opts<{ net: NetworkName; threads: number; steps: number }>();

const random = new Random(1);
const shape = [BATCH_SIZE * 20, 28, 28, 1];
const images = { data: Uint8Array.from({ length: BATCH_SIZE * 20 * 784 }, () => random.integer(256)), shape };
const labels = Uint8Array.from({ length: BATCH_SIZE * 20 }, () => random.integer(10));
const source = augmentedBatches(
  { images, labels },
  { batchSize: BATCH_SIZE, augmentation: new Augmentation() },
);

const model = createNetwork(net, { seed: 1 });
const optimizer = new Adam();
const spent = new Map<string, { milliseconds: number; vectors: number }>();
let batches = source(1)[Symbol.iterator]();
let gathering = 0;
let training = 0;

const step = (): void => {
  const start = performance.now();
  let next = batches.next();
  if (next.done) {
    batches = source(1)[Symbol.iterator]();
    next = batches.next();
  }
  const begin = performance.now();
  model.trainOnBatch(next.value, { optimizer, threads });
  gathering += begin - start;
  training += performance.now() - begin;
};

for (let i = 0; i < 30; i++) step(); // until everything is compiled and the threads are there
await new Promise((resume) => setTimeout(resume, 200));
for (let i = 0; i < 30; i++) step();
gathering = 0;
training = 0;
observeJobs((name, args, { units, work }, milliseconds) => {
  const isProduct = PRODUCTS.includes(name);
  const sizes = ["C", "F", "KH", "OH", "rows", "inner", "columns"].filter((key) => args[key] !== undefined);
  const label = isProduct ? `${name} ${sizes.map((key) => `${key}=${args[key]}`).join(" ")}` : name;
  const held = spent.get(label) ?? { milliseconds: 0, vectors: 0 };
  held.milliseconds += milliseconds;
  held.vectors += isProduct ? units * work : 0;
  spent.set(label, held);
});
for (let i = 0; i < steps; i++) step();
observeJobs(undefined);

const peak = peakTileGflops();
const total = gathering + training;
const kernels = [...spent.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0);
const row = (label: string, milliseconds: number, gflops?: number): string[] => [
  label,
  (milliseconds / steps).toFixed(3),
  `${((100 * milliseconds) / total).toFixed(1)} %`,
  gflops === undefined ? "" : gflops.toFixed(1),
];
const rows = [...spent]
  .sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
  .map(([label, { milliseconds, vectors }]) =>
    row(label, milliseconds, vectors > 0 ? (vectors * FLOP_PER_VECTOR) / (milliseconds * 1e6) : undefined),
  );
rows.push(row("gather and augment the batch", gathering));
rows.push(row("loss, metrics, checks, small sums", training - kernels));
const gflops = (trainingFlop(model) * BATCH_SIZE * steps) / (total * 1e6);
rows.push(row("a step in all", total, gflops));

console.log(
  `${net}, batch ${BATCH_SIZE}, threads ${threads}, Node ${process.version}, ${cpus()[0]?.model ?? "?"}`,
);
console.log(`${((1000 * BATCH_SIZE * steps) / total).toFixed(0)} images/s with augmentation`);
console.log(
  `bare tile ${peak.toFixed(1)} GFLOP/s on one thread; the step has ${((100 * gflops) / peak).toFixed(0)} % of that\n`,
);
console.log(formatTable(["operation", "ms a step", "share", "GFLOP/s"], rows));

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError("Expected a whole number, 1 or more.");
}
