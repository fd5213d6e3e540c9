import { controlAt, WORD } from "../../src/tensor/simd/control.js";
import type { Hello } from "../../src/tensor/simd/worker-port.js";

/** What workers of Node and of browsers have in common. */
export interface WorkerPrototype {
  postMessage(message: Hello): void;
}

/**
 * Listens to what the library tells the workers that it starts from now on, among it where the words lie that the threads
 * speak through. Gives the function that tells how many units of work all workers have done so far.
 */
export function watchThreads(prototype: WorkerPrototype): () => number {
  let words: Int32Array | undefined;
  const { postMessage } = prototype;
  prototype.postMessage = function (hello) {
    words ??= controlAt(hello.memory.buffer, hello.address).words;
    postMessage.call(this, hello);
  };
  return () => (words ? Atomics.load(words, WORD.done) : 0);
}
