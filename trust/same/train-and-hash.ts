import { Adam, type Backend, currentBackend, oneCycle, setBackend } from "tinyconv";
import { createNetwork, sha256 } from "tinyconv/mnist";
import { weightBytes } from "../../src/formats/weight-bytes.js";
import { readDigits } from "./digits.js";
import type { Trained, Training } from "./training.js";
import { type WorkerPrototype, watchThreads } from "./watch-threads.js";

const BATCH_SIZE = 50;
const WAIT = 20_000; // milliseconds for the first worker to be up

/**
 * Trains `lenet` of seed 1 as the program `tinyconv train` does where nothing else is said, and hashes its weights. It runs
 * in every engine; to be called once in a process or worker.
 *
 * @param file the digits, as `writeDigits` has packed them
 * @param workers the prototype of the engine's workers
 * @param onStarted called when the threads are up, and training begins
 */
export async function trainAndHash(
  { images, epochs, backend, threads }: Training,
  file: Uint8Array,
  workers: WorkerPrototype,
  onStarted: () => void = () => {},
): Promise<Trained> {
  const warnings: string[] = [];
  console.warn = (...words: readonly unknown[]) => warnings.push(words.join(" "));
  const sharedUnits = watchThreads(workers);
  setBackend(backend);
  const digits = readDigits(file, images);
  if (backend === "simd" && threads > 1 && canShareMemory()) await startThreads(threads, sharedUnits);
  onStarted();

  const before = sharedUnits();
  const model = createNetwork("lenet", { seed: 1 });
  const totalSteps = epochs * Math.ceil(images / BATCH_SIZE);
  await model.fit(digits, {
    epochs,
    batchSize: BATCH_SIZE,
    optimizer: new Adam({ learningRate: oneCycle({ peak: 0.003, totalSteps }) }),
    threads,
  });
  const bytes = weightBytes(model);
  return {
    sha256: await sha256(bytes),
    weights: bytes.length / Float32Array.BYTES_PER_ELEMENT,
    backend: currentBackend() satisfies Backend,
    sharedUnits: sharedUnits() - before,
    warnings,
  };
}

/** A page shares memory between threads if it is isolated; Node has no such word, and always does. */
function canShareMemory(): boolean {
  return globalThis.crossOriginIsolated ?? true;
}

/** Lets another network compute until the workers have joined, so that even a short training has them. */
async function startThreads(threads: number, sharedUnits: () => number): Promise<void> {
  const model = createNetwork("lenet");
  const images = { data: new Uint8Array(BATCH_SIZE * 784), shape: [BATCH_SIZE, 28, 28, 1] };
  const end = performance.now() + WAIT;
  while (sharedUnits() === 0) {
    if (performance.now() > end) {
      throw new Error(`trainAndHash: expected workers to join within ${WAIT / 1000} s, got none.`);
    }
    model.predict(images, { threads });
    await new Promise((resume) => setTimeout(resume, 10));
  }
}
