import { Dense, Sequential } from "tinyconv";

/** What the process has in use at a moment, in bytes. */
export interface MemorySample {
  /** Steps, models, or whatever else is counted, until then. */
  readonly at: number;
  /** What the system has given the process in memory: all there is. */
  readonly rss: number;
  /** Objects on the heap of the engine, those among them that nobody needs and the collector has yet to take. */
  readonly heapUsed: number;
  /** What the engine holds for its heap, used or not. */
  readonly heapTotal: number;
  /** What array buffers and the engine hold beside the heap. */
  readonly external: number;
  /** Size of the memory that the kernels compute in; 0 where plain TypeScript computes. */
  readonly kernels: number;
}

export function sampleMemory(at: number): MemorySample {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  return { at, rss, heapUsed, heapTotal, external, kernels: kernelMemory() };
}

/** The weights of a new model are a view of the whole memory as it is now; in plain TypeScript, of their own bytes. */
function kernelMemory(): number {
  const { weights } = new Sequential({ inputShape: [1] }, [new Dense({ units: 1 })]);
  const { buffer, byteLength } = weights[0]!.value.data;
  return buffer.byteLength === byteLength ? 0 : buffer.byteLength;
}

/** The samples from `from` to `to`. */
export function between(samples: readonly MemorySample[], from: number, to: number): MemorySample[] {
  return samples.filter(({ at }) => at >= from && at <= to);
}

/** The least and the most of something among samples. */
export function range(
  samples: readonly MemorySample[],
  what: Exclude<keyof MemorySample, "at">,
): { readonly least: number; readonly most: number } {
  if (samples.length === 0) throw new Error("range: expected samples, got none.");
  const values = samples.map((sample) => sample[what]);
  return { least: Math.min(...values), most: Math.max(...values) };
}

/** 12345678 as `12.3 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
