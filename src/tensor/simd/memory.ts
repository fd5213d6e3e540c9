import { FLOAT, MAX_PAGES } from "./assembler.js";

/*
 * The memory that the kernels compute in: one WebAssembly memory for the process, which all threads share. Tensors in
 * it are ordinary tensors, whose `data` is a view of it; so whoever reads or writes a tensor need not know.
 *
 * There is one, and not one a model, because a kernel is bound to the memory it was made for, and because memories
 * are slow to be collected. A shared memory grows without moving: views that exist stay valid.
 */

const PAGE = 65536;

/** Kernels read whole vectors, so they may read this many bytes past the last tensor, and never write there. */
const SLACK = 64;

/** Every block begins at a multiple of a cache line, so that no two threads write to one line of two tensors. */
const ALIGNMENT = 64;

/** What is not shared cannot grow without breaking the views, so it is given all that it may ever have. */
const FIXED_PAGES = 4096;

let memory: WebAssembly.Memory | undefined;
let isShared = false;
let view = new Float32Array(0);
const buffers = new WeakSet<ArrayBufferLike>(); // when any thread grows the memory, it gets a new buffer object

/** The memory of this thread; undefined until `openMemory` or `attachMemory`. */
export function currentMemory():
  | { readonly memory: WebAssembly.Memory; readonly shared: boolean }
  | undefined {
  return memory && { memory, shared: isShared };
}

/**
 * Makes the memory, if there is none yet.
 *
 * @throws what WebAssembly throws where there can be no memory.
 */
export function openMemory(): void {
  if (memory) return;
  registry = new FinalizationRegistry(release); // without one, nothing would ever be given back
  try {
    const made = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
    attachMemory(made, made.buffer instanceof SharedArrayBuffer);
  } catch {
    // no shared memory here, or no room for the addresses of a large one
    attachMemory(new WebAssembly.Memory({ initial: FIXED_PAGES, maximum: FIXED_PAGES }), false);
  }
}

/** Takes a memory into use, as a worker does with the one that it is handed. */
export function attachMemory(given: WebAssembly.Memory, shared: boolean): void {
  memory = given;
  isShared = shared;
  refresh();
}

function refresh(): void {
  if (!memory) return;
  view = new Float32Array(memory.buffer);
}

/** The floats of the whole memory, for at least the first `bytes` bytes. */
export function floatsOf(bytes: number): Float32Array {
  if (view.byteLength < bytes) refresh();
  if (view.byteLength < bytes) {
    memory?.grow(0); // another thread has grown it, and the news has not arrived here
    refresh();
  }
  return view;
}

/** True if all arrays are views of the memory, so that kernels can compute with them. */
export function inMemory(...arrays: readonly Float32Array[]): boolean {
  return arrays.every((array) => buffers.has(array.buffer));
}

/** A range of the memory. */
interface Block {
  readonly address: number;
  readonly bytes: number;
}

const free: Block[] = []; // in the order of the addresses, no two of them side by side
let end = ALIGNMENT; // of what has ever been used; address 0 stays empty
let registry: FinalizationRegistry<Block> | undefined;

/**
 * An array of zeros in the memory; undefined where it is full. Its range is used again when the array, which must not
 * be handed on in parts, is collected.
 */
export function allocateInMemory(length: number): Float32Array | undefined {
  if (!memory) return undefined;
  const block = reserve(length * FLOAT);
  if (!block) return undefined;
  const { buffer } = memory;
  const array = new Float32Array(buffer, block.address, length);
  buffers.add(buffer);
  registry?.register(array, block);
  weigh(array);
  return array;
}

/** The address of an array in the memory. */
export function addressOf(array: Float32Array): number {
  return array.byteOffset;
}

/**
 * A collector that sees only the small objects that stand for large ranges has no reason to run. It does count the
 * bytes of array buffers, so a large array is given one of its size that nobody ever touches: address space, of which
 * no page is used, that weighs what the array weighs, and goes when it goes. It is a resizable one, where there are such,
 * since those are given pages of their own by the system; others may come from the heap of C, which writes zeros over what
 * it has used before.
 */
const weights = new WeakMap<Float32Array, ArrayBuffer>();
const LARGE = 2 ** 17;
const ResizableBuffer: new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer = ArrayBuffer;

function weigh(array: Float32Array): void {
  if (array.byteLength < LARGE) return;
  try {
    weights.set(array, new ResizableBuffer(array.byteLength, { maxByteLength: array.byteLength }));
  } catch {
    // short of addresses: then the collector runs anyway
  }
}

function reserve(wanted: number): Block | undefined {
  const bytes = Math.ceil(Math.max(wanted, 1) / ALIGNMENT) * ALIGNMENT;
  const at = free.findIndex((block) => block.bytes >= bytes);
  if (at === -1) return extend(bytes);
  const { address, bytes: length } = free[at]!;
  if (length === bytes) free.splice(at, 1);
  else free[at] = { address: address + bytes, bytes: length - bytes };
  floatsOf(address + bytes).fill(0, address / FLOAT, (address + bytes) / FLOAT);
  return { address, bytes };
}

/** A block behind all others, where the memory is zero as it was made. */
function extend(bytes: number): Block | undefined {
  const address = end;
  if (!growTo(address + bytes + SLACK)) return undefined;
  end += bytes;
  return { address, bytes };
}

function growTo(bytes: number): boolean {
  if (!memory) return false;
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return true;
  if (!isShared) return false;
  try {
    memory.grow(missing);
  } catch {
    return false;
  }
  refresh();
  return true;
}

/** Gives a block back, and joins it with the free ones beside it. */
function release({ address, bytes }: Block): void {
  const next = free.findIndex((block) => block.address > address);
  const at = next === -1 ? free.length : next;
  const before = free[at - 1];
  const after = free[at];
  const joinsBefore = before !== undefined && before.address + before.bytes === address;
  const joinsAfter = after !== undefined && address + bytes === after.address;
  const start = joinsBefore ? before.address : address;
  const stop = joinsAfter ? after.address + after.bytes : address + bytes;
  free.splice(at - (joinsBefore ? 1 : 0), (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0), {
    address: start,
    bytes: stop - start,
  });
}

/** Bytes of the memory that have ever been used, and those of them that are in use now. */
export function memoryUse(): { readonly reserved: number; readonly used: number } {
  const unused = free.reduce((sum, { bytes }) => sum + bytes, 0);
  return { reserved: end, used: end - ALIGNMENT - unused };
}
