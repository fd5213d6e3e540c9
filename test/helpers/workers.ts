import { createNetwork } from "../../src/mnist/networks.js";
import { WORD } from "../../src/tensor/simd/control.js";
import { controlWords } from "../../src/tensor/simd/threads.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** How many units of jobs the worker threads have done so far. */
export function unitsDoneByWorkers(): number {
  const words = controlWords();
  return words ? Atomics.load(words, WORD.done) : 0;
}

/** Works until all workers have had time to start, and did some of it. */
export async function waitForWorkers(threads: number): Promise<void> {
  const model = createNetwork("lenet");
  const images = new Tensor([60, 28, 28, 1]);
  const before = unitsDoneByWorkers();
  for (let tries = 0; unitsDoneByWorkers() === before; tries++) {
    if (tries > 500)
      throw new Error("expected the workers to start within some seconds, got no work from them");
    model.predict(images, { threads });
    await new Promise((resume) => setTimeout(resume, 10));
  }
}
