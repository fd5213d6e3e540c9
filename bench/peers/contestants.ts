import type { Task } from "./task.js";

/** A library that runs the networks, in a process of its own for each task. */
export interface Contestant {
  readonly name: string;
  /** The script, beside this file or above it, and what it gets besides the task. */
  readonly script: string;
  readonly args: (task: Task) => readonly string[];
  /** Whether it can use more than one thread. */
  readonly threads: boolean;
  /** The contestant whose speed is divided by this one's. */
  readonly against: string;
}

/** The program that runs the scripts of each kind. */
export interface Programs {
  readonly node: string;
  readonly python: string;
}

const asTask = (task: Task, ...more: string[]): string[] => [JSON.stringify(task), ...more];
const peer = { args: (task: Task) => asTask(task), threads: true, against: "tinyconv" };

export const CONTESTANTS: readonly Contestant[] = [
  { ...peer, name: "tinyconv", script: "../main.ts", args: (task) => benchArgs(task, "simd") },
  {
    ...peer,
    name: "tinyconv-plain",
    script: "../main.ts",
    args: (task) => benchArgs(task, "plain"),
    threads: false,
  },
  { ...peer, name: "pytorch", script: "contestants/pytorch.py" },
  {
    ...peer,
    name: "pytorch-channels-last",
    script: "contestants/pytorch.py",
    args: (task) => asTask(task, "channels-last"),
  },
  { ...peer, name: "onnxruntime-node", script: "contestants/onnxruntime-node.ts" },
  { ...peer, name: "onnxruntime-web", script: "contestants/onnxruntime-web.ts" },
  // TensorFlow.js does not start its threads in Node
  { ...peer, name: "tfjs-wasm", script: "contestants/tfjs-wasm.ts", threads: false },
  {
    ...peer,
    name: "tfjs-wasm-with-kernel",
    script: "contestants/tfjs-wasm.ts",
    args: (task) => asTask(task, "with-kernel"),
    threads: false,
  },
  {
    ...peer,
    name: "convnetjs",
    script: "contestants/convnetjs.ts",
    threads: false,
    against: "tinyconv-plain",
  },
];

/** The command line of tinyconv's own benchmark, which verifies before it times, as the others do. */
function benchArgs({ net, threads, seconds }: Task, backend: string): string[] {
  return ["--json", "--net", net, "--backend", backend, "--threads", `${threads}`, "--seconds", `${seconds}`];
}
