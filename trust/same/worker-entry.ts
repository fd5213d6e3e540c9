/* Run by a web worker: trains as it is told, on the digits that lie beside it; says when it begins, and what came out. */
import { trainAndHash } from "./train-and-hash.js";
import type { Trained, Training } from "./training.js";

/** What the worker answers. */
export type WorkerAnswer = "started" | { readonly trained: Trained } | { readonly error: string };

globalThis.addEventListener("message", ({ data }: MessageEvent<Training>) => {
  train(data).then(
    (trained) => answer({ trained }),
    (error: unknown) => answer({ error: String(error) }),
  );
});

async function train(training: Training): Promise<Trained> {
  const response = await fetch("./digits.bin");
  if (!response.ok) throw new Error(`digits.bin: expected the server to have it, got ${response.status}.`);
  return trainAndHash(training, new Uint8Array(await response.arrayBuffer()), Worker.prototype, () =>
    answer("started"),
  );
}

function answer(message: WorkerAnswer): void {
  globalThis.postMessage(message);
}
