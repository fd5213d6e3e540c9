import { messageOf } from "./message-of.js";

/** What a worker answers that could not do what it was asked. */
export interface Problem {
  readonly problem: string;
}

/** Asks a worker for one thing, and ends it with its answer. */
export async function askWorker<Answer>(start: () => Worker, task: unknown): Promise<Answer | Problem> {
  let worker: Worker | undefined;
  try {
    const started = start();
    worker = started;
    return await new Promise<Answer | Problem>((done) => {
      started.onmessage = ({ data }: MessageEvent<Answer | Problem>) => done(data);
      started.onerror = ({ message }) => done({ problem: message || "the worker cannot be started" });
      started.postMessage(task);
    });
  } catch (error) {
    return { problem: messageOf(error) };
  } finally {
    worker?.terminate();
  }
}
