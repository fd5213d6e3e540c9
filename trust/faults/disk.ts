import promises, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { resolve, sep } from "node:path";

/** What the library asks of the disk. */
export const FUNCTIONS = [
  ...(["access", "mkdir", "open", "readdir", "realpath"] as const),
  ...(["rename", "rm", "rmdir", "stat", "writeFile"] as const),
];

/** What it asks of an open file. */
const METHODS = ["chmod", "close", "readFile", "stat", "sync", "writeFile"] as const;

/** A call to the disk. */
export interface DiskCall {
  /** Its place in the order of the calls, from 1. */
  readonly index: number;
  /** As `open`, or `sync` of an open file or folder. */
  readonly name: string;
  /** Of the file or folder; of a rename, the one that is renamed. */
  readonly path: string;
}

/** What can be done with a call. */
export interface Execution {
  /** Does what was asked for. */
  whole(): Promise<unknown>;
  /** Of a write to an open file only the first half, of any other call nothing. */
  half(): Promise<unknown>;
}

/** Stands between the library and the disk. */
export type Interception = (call: DiskCall, execution: Execution) => Promise<unknown>;

/**
 * From now on, hands every call of `node:fs/promises` to a path in the folder to `intercept`, in place of the disk.
 *
 * @returns what ends that.
 */
export function interceptDisk(folder: string, intercept: Interception): () => void {
  let index = 0;
  const hand = (name: string, path: string, execution: Execution): Promise<unknown> =>
    intercept({ index: ++index, name, path }, execution);

  /** An open file, whose methods are handed on too. */
  const watch = (handle: FileHandle, path: string): FileHandle => {
    for (const name of METHODS) {
      const original = handle[name];
      const act = (args: readonly unknown[]): Promise<unknown> => Reflect.apply(original, handle, args);
      const value = (...args: readonly unknown[]): Promise<unknown> =>
        hand(name, path, {
          whole: () => act(args),
          half: async () => name === "writeFile" && act([firstHalf(args[0])]),
        });
      Object.defineProperty(handle, name, { value });
    }
    return handle;
  };

  const originals = FUNCTIONS.map((name) => [name, promises[name]] as const);
  for (const [name, original] of originals) {
    const replacement = async (...args: readonly unknown[]): Promise<unknown> => {
      const act = (): Promise<unknown> => Reflect.apply(original, promises, args);
      const [path] = args;
      if (typeof path !== "string" || !isInside(path, folder)) return act();
      const result = await hand(name, path, { whole: act, half: async () => {} });
      return name === "open" ? watch(result as FileHandle, path) : result;
    };
    Object.assign(promises, { [name]: replacement });
  }
  syncBuiltinESMExports(); // to those who import the functions by their names
  return () => {
    Object.assign(promises, Object.fromEntries(originals));
    syncBuiltinESMExports();
  };
}

function isInside(path: string, folder: string): boolean {
  return `${resolve(path)}${sep}`.startsWith(`${resolve(folder)}${sep}`);
}

function firstHalf(content: unknown): unknown {
  const isList = typeof content === "string" || content instanceof Uint8Array;
  return isList ? content.slice(0, content.length / 2) : content;
}

/** The codes that a disk may fail with, and how the library has to put them. */
export const DISK_ERRORS = {
  EIO: "the disk has failed to read or write it",
  ENOSPC: "no space left on the disk",
  EDQUOT: "no space left of what you may use on the disk",
} as const;

export type DiskError = keyof typeof DISK_ERRORS;

/** Carries a call out as a disk does that fails at it: half of what is to be written is, and a file is closed all the same. */
export async function failCall(
  { name, path }: DiskCall,
  execution: Execution,
  code: DiskError,
): Promise<never> {
  await (name === "close" ? execution.whole() : execution.half());
  throw Object.assign(new Error(`${code}: injected, ${name} '${path}'`), { code });
}
