/*
 * A WebAssembly assembler, of as much of WebAssembly as the kernels need.
 *
 * A piece of code is the list of its bytes, and a bigger piece is made of smaller ones: WebAssembly is a stack
 * machine, so the code of `a + b` is the code of a, the code of b, and the byte of the addition. A function of this
 * file that takes code and returns code therefore reads like the expression that it assembles:
 *
 *     sum.set(f32x4.add(sum.get, f32x4.mul(a.get, b.get)))
 *
 * Source of the encoding: WebAssembly Core Specification 2.0, chapter 5, "Binary Format".
 */

/** Bytes of WebAssembly instructions. */
export type Code = readonly number[];

/** The types of values that kernels compute with. */
export type ValueType = "i32" | "f32" | "v128";

const TYPE_BYTES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** An unsigned number in LEB128: seven bits a byte, the lowest first; all bytes but the last have the top bit set. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

/** A signed 32-bit number in LEB128; it ends where the rest is nothing but copies of the sign bit. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value < -0x40 || value > 0x3f; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value & 0x7f];
}

/** A local variable of the function that is being assembled; parameters are its first ones. */
export class Local {
  /** Pushes its value. */
  readonly get: Code;
  readonly #index: number;

  constructor(index: number) {
    this.#index = index;
    this.get = [0x20, ...unsigned(index)];
  }

  set(value: Code): Code {
    return [...value, 0x21, ...unsigned(this.#index)];
  }

  /** Sets it and leaves the value on the stack. */
  tee(value: Code): Code {
    return [...value, 0x22, ...unsigned(this.#index)];
  }

  /** Adds a constant to an i32. */
  add(summand: number): Code {
    return summand === 0 ? [] : this.set(i32.add(this.get, i32.const(summand)));
  }
}

const binary =
  (...opcode: readonly number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];

/** 32-bit whole numbers: addresses and counters. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  notEqual: binary(0x47),
  and: binary(0x71),
  shiftRight: binary(0x76), // of unsigned numbers
};

/** The byte that begins every vector instruction. */
const VECTOR = 0xfd;

/** Four float32 at a time, each lane on its own, each result rounded as `Math.fround` rounds. */
export const f32x4 = {
  splat: (a: Code): Code => [...a, VECTOR, 0x13],
  add: binary(VECTOR, ...unsigned(0xe4)),
  sub: binary(VECTOR, ...unsigned(0xe5)),
  mul: binary(VECTOR, ...unsigned(0xe6)),
  div: binary(VECTOR, ...unsigned(0xe7)),
  sqrt: (a: Code): Code => [...a, VECTOR, ...unsigned(0xe3)],
  // comparisons give lanes of all ones or all zeros; they are false for NaN, but for `ne`
  eq: binary(VECTOR, 0x41),
  gt: binary(VECTOR, 0x44),
  le: binary(VECTOR, 0x45),
};

/** The bits of a vector. */
export const v128 = {
  /** One number in all four lanes. */
  const: (value: number): Code => {
    const bytes = [...new Uint8Array(new Float32Array(4).fill(value).buffer)]; // little-endian where there are engines
    return [VECTOR, 0x0c, ...bytes];
  },
  and: binary(VECTOR, 0x4e),
  /** a and not b. */
  andNot: binary(VECTOR, 0x4f),
  or: binary(VECTOR, 0x50),
  /** Four of the eight lanes of a (0 to 3) and b (4 to 7). */
  lanes: (a: Code, b: Code, chosen: readonly number[]): Code => {
    const bytes = chosen.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * FLOAT + byte));
    return [...a, ...b, VECTOR, 0x0d, ...bytes];
  },
  /** a where the mask is set, b elsewhere. */
  select: (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, VECTOR, 0x52],
};

/** The number of bytes of a float32, and of a vector of four. */
export const FLOAT = 4;
export const VECTOR_BYTES = 16;

/** Loads from `address + offset`. The offset, a constant, costs nothing. */
export const load = {
  /** Four consecutive float32. */
  vector: (address: Code, offset = 0): Code => [...address, VECTOR, 0x00, 2, ...unsigned(offset)],
  /** One float32, in all four lanes. */
  splat: (address: Code, offset = 0): Code => [...address, VECTOR, 0x09, 2, ...unsigned(offset)],
  /** One float32 in the first lane, zeros in the others. */
  first: (address: Code, offset = 0): Code => [...address, VECTOR, 0x5c, 2, ...unsigned(offset)],
};

/** Stores the first `lanes` lanes of a vector at `address + offset`. */
export function store(address: Code, value: Local, lanes: number, offset = 0): Code {
  const lane = (from: number): Code => [
    ...address,
    ...value.get,
    VECTOR,
    ...(from === 0 && lanes >= 2 ? [0x5b] : [0x5a]), // two lanes at once, or one
    2,
    ...unsigned(offset + from * FLOAT),
    from,
  ];
  if (lanes === 4) return [...address, ...value.get, VECTOR, 0x0b, 2, ...unsigned(offset)];
  return lanes === 3 ? [...lane(0), ...lane(2)] : lane(0);
}

/** Runs the body again as long as `condition`, which is computed after it, is not zero. */
export function doWhile(body: Code, condition: Code): Code {
  return [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];
}

/** Runs the body if the condition is not zero. */
export function when(condition: Code, body: Code): Code {
  return [...condition, 0x04, 0x40, ...body, 0x0b];
}

/** Runs the body `counter` times, at least once, and leaves zero in the counter. */
export function repeat(counter: Local, body: Code): Code {
  return doWhile(body, counter.tee(i32.sub(counter.get, i32.const(1))));
}

/** The locals of the function that is being assembled. */
export class Locals {
  readonly #types: ValueType[] = [];

  local(type: ValueType): Local {
    this.#types.push(type);
    return new Local(this.#types.length - 1);
  }

  locals(count: number, type: ValueType): Local[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  get types(): readonly ValueType[] {
    return this.#types;
  }
}

/**
 * A module that imports a memory, `m.m`, and exports one function without result, `f`.
 *
 * @param parameters the types of the parameters
 * @param body assembles the function, given its parameters and a source of further locals
 */
export function assemble(
  parameters: readonly ValueType[],
  body: (locals: Locals, ...parameters: readonly Local[]) => Code,
  { shared }: { readonly shared: boolean },
): Uint8Array<ArrayBuffer> {
  const locals = new Locals();
  const code = body(locals, ...parameters.map((type) => locals.local(type)));
  const own = locals.types.slice(parameters.length);
  const typeOf = (type: ValueType): number => TYPE_BYTES[type];
  const func = [
    ...list(own.map((type) => [1, typeOf(type)])), // each local is a group of its own
    ...code,
    0x0b,
  ];
  // a limit has to be stated for a shared memory; any memory with a lower one may be imported
  const limits = shared ? [0x03, 0, ...unsigned(MAX_PAGES)] : [0x00, 0];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
    ...section(1, [[0x60, ...list(parameters.map((type) => [typeOf(type)])), 0]]), // the function's type
    ...section(2, [[1, 0x6d, 1, 0x6d, 0x02, ...limits]]), // the memory m.m
    ...section(3, [[0]]), // one function, of that type
    ...section(7, [[1, 0x66, 0x00, 0]]), // exported as f
    ...section(10, [[...unsigned(func.length), ...func]]),
  ]);
}

/** The most that 32-bit addresses reach, in pages of 64 KiB. */
export const MAX_PAGES = 65536;

function list(items: readonly Code[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function section(id: number, items: readonly Code[]): number[] {
  const content = list(items);
  return [id, ...unsigned(content.length), ...content];
}
