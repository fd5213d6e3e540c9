import { assemble, type Code, type Local, type Locals, type ValueType } from "./assembler.js";
import { currentMemory } from "./memory.js";

/** A function of WebAssembly that computes in the memory; it is given addresses and counts, and float32 numbers. */
export type Kernel = (...args: number[]) => void;

const kernels = new Map<string, Kernel>();

/** More than come up in any model. A program that goes through more shapes has its kernels made again. */
const MOST_KERNELS = 1024;

/**
 * The kernel with that name, assembled for this thread when it is first asked for. The name has to say all that `body`
 * depends on, the numbers of the shape too.
 */
export function kernel(
  name: string,
  parameters: readonly ValueType[],
  body: (locals: Locals, ...parameters: readonly Local[]) => Code,
): Kernel {
  const made = kernels.get(name);
  if (made) return made;
  const open = currentMemory();
  if (!open) throw new Error(`kernel: expected an open memory for ${name}, got none.`);
  if (kernels.size >= MOST_KERNELS) kernels.clear();
  const module = new WebAssembly.Module(assemble(parameters, body, open));
  const { exports } = new WebAssembly.Instance(module, { m: { m: open.memory } });
  const fresh = exports.f as Kernel;
  kernels.set(name, fresh);
  return fresh;
}
