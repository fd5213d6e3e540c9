/*
 * Worker threads as Node and browsers have them. The library may not import Node's modules, since it runs in browsers
 * too, but it may ask for them.
 */

/** What a new worker is told. */
export interface Hello {
  readonly memory: WebAssembly.Memory;
  /** Of the control block. */
  readonly address: number;
  /** The number of the worker among the threads, from 1: the main thread is 0. */
  readonly thread: number;
}

/** A worker that was started. */
export interface StartedWorker {
  terminate(): unknown;
}

interface NodeWorker extends StartedWorker {
  postMessage(message: Hello): void;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "exit", listener: () => void): void;
  unref(): void;
}

interface NodePort {
  once(event: "message", listener: (message: Hello) => void): void;
}

interface NodeModules {
  "node:worker_threads": {
    readonly Worker: new (url: URL, options: { execArgv: string[]; name: string }) => NodeWorker;
    readonly parentPort: NodePort | null;
  };
  "node:os": { availableParallelism(): number };
}

interface NodeProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name];
}

const { process } = globalThis as { readonly process?: NodeProcess };

/** A variable of the environment, where there is one. */
export function environmentVariable(name: string): string | undefined {
  return process?.env?.[name];
}

/** How many threads can compute at the same time. */
export function availableCores(): number {
  return (
    process?.getBuiltinModule?.("node:os").availableParallelism() ??
    globalThis.navigator?.hardwareConcurrency ??
    1
  );
}

/**
 * Starts a worker, which neither keeps the process alive nor outlives it.
 *
 * @param onFailure called when it cannot start, or has ended
 */
export function startWorker(hello: Hello, onFailure: (reason: string) => void): StartedWorker {
  const threads = process?.getBuiltinModule?.("node:worker_threads");
  if (threads) {
    const worker = new threads.Worker(workerFile(), { execArgv: [], name: "tinyconv" });
    worker.on("error", ({ message }) => onFailure(message));
    worker.on("exit", () => onFailure("it has ended"));
    worker.postMessage(hello);
    worker.unref();
    return worker;
  }
  // bundlers know a worker file by this very form
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "tinyconv" });
  // a file that is missing or not allowed comes without a message
  worker.onerror = ({ message }) => onFailure(message || "its file worker.js cannot be loaded");
  worker.postMessage(hello);
  return worker;
}

/** The worker of the build; run from the sources, the library takes that too, since Node starts no TypeScript. */
function workerFile(): URL {
  const isSource = import.meta.url.endsWith(".ts");
  return new URL(isSource ? "../../../dist/worker.js" : "./worker.js", import.meta.url);
}

/** In a worker: calls the listener, once, with what it is told. */
export function onHello(listener: (hello: Hello) => void): void {
  const port = process?.getBuiltinModule?.("node:worker_threads").parentPort;
  if (port) port.once("message", listener);
  else {
    const onMessage = ({ data }: MessageEvent<Hello>): void => listener(data);
    globalThis.addEventListener("message", onMessage, { once: true });
  }
}
