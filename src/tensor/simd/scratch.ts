import { addressOf, allocateInMemory } from "./memory.js";

/** What scratch memory is for; the same operation can use several. */
type Slot = "padded" | "kernel" | "sums" | "rows" | "threads";

const arrays = new Map<Slot, Float32Array>();

/**
 * Working memory for one operation: `length` floats of whatever values; undefined where there is no room. It is shared
 * by all operations, so nothing may be expected to stay in it; what is needed at the same time has slots of its own.
 */
export function scratchArray(slot: Slot, length: number): Float32Array | undefined {
  let array = arrays.get(slot);
  if (!array || array.length < length) {
    const spare = array ? Math.ceil(1.5 * array.length) : 0; // as few as possible are left behind
    arrays.delete(slot);
    array = allocateInMemory(Math.max(length, spare)) ?? allocateInMemory(length);
    if (!array) return undefined;
    arrays.set(slot, array);
  }
  return array.length === length ? array : array.subarray(0, length);
}

/** The address of a `scratchArray`. */
export function scratchAddress(slot: Slot, length: number): number | undefined {
  const array = scratchArray(slot, length);
  return array && addressOf(array);
}
