import fc from "fast-check";
import { Adam, Dense, ShapeError, Tensor } from "../../src/index.js";
import { isPlainObject } from "./arguments.js";

/** An error of the caller's own, as a getter or a callback may throw it: it may pass through as it is. */
export class CallersError extends Error {
  override readonly name = "CallersError";
}

/** A value that nobody should pass, or that only few functions take, made of the one that should be in its place. */
export class Wild {
  constructor(
    readonly label: string,
    readonly make: (right: unknown) => unknown,
    /** A whole number so large that a loop up to it would not end. */
    readonly isHuge = false,
  ) {}

  [fc.toStringMethod](): string {
    return this.label;
  }
}

/** A whole number of no size that memory has room for. */
const HUGE = 2 ** 45;

const value = (label: string, made: unknown): Wild => new Wild(label, () => made);

const SCALARS: readonly Wild[] = [
  ...[undefined, null, true, false, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
    (made) => value(String(made), made),
  ),
  ...[-0, 0.5, -1, 0, 1, 2, 3, 100, 1e-300, 1e308, -HUGE, 5e-324].map((made) => value(String(made), made)),
  ...[HUGE, Number.MAX_SAFE_INTEGER, 2 ** 53].map((made) => new Wild(String(made), () => made, true)),
  ...["", "valid", "1", "relu", "__proto__", "\ud800", "a\u0000b", "x".repeat(100_000)].map((made) =>
    value(`${JSON.stringify(made.slice(0, 12))} (${made.length} characters)`, made),
  ),
  ...[0n, 3n, 2n ** 70n].map((made) => value(`${made}n`, made)),
  new Wild("a symbol", () => Symbol("wild")),
  new Wild("a number object", () => Object(3)),
];

const FUNCTIONS: readonly Wild[] = [
  new Wild("() => undefined", () => () => undefined),
  new Wild("() => NaN", () => () => Number.NaN),
  new Wild("a function that throws", () => () => fail()),
  new Wild("an async function", () => async () => 1),
  new Wild(
    "a generator of numbers",
    () =>
      function* numbers() {
        yield 1;
      },
  ),
  new Wild("a class", () => class {}),
];

const ARRAYS: readonly Wild[] = [
  value("[]", []),
  value("[[]]", [[]]),
  value("[1, [2, 3]]", [1, [2, 3]]),
  value("[undefined]", [undefined]),
  value("[null]", [null]),
  value('["a"]', ["a"]),
  value("[-1, 0.5]", [-1, 0.5]),
  value("[0, 0]", [0, 0]),
  value("[NaN]", [Number.NaN]),
  value("[2^45, 2^45]", [HUGE, HUGE]),
  new Wild("a list of symbols", () => [Symbol("wild")]),
  new Wild("a list with a hole", () => new Array(3)),
  new Wild("a sparse array of 2^32 - 1", () => new Array(2 ** 32 - 1), true),
  new Wild("a list in itself", () => {
    const list: unknown[] = [];
    list.push(list);
    return list;
  }),
  new Wild("deep lists", () => {
    let list: unknown[] = [1];
    for (let depth = 0; depth < 5000; depth++) list = [list];
    return list;
  }),
  value("{ length: 2 }", { length: 2 }),
  value("{ length: -1 }", { length: -1 }),
  new Wild("{ length: 2^45 }", () => ({ length: HUGE }), true),
];

const BUFFERS: readonly Wild[] = [
  new Wild("Float32Array [1, 2]", () => Float32Array.of(1, 2)),
  new Wild("Float32Array []", () => new Float32Array(0)),
  new Wild("Float64Array [1, 2]", () => Float64Array.of(1, 2)),
  new Wild("Uint8Array [0, 1, 2]", () => Uint8Array.of(0, 1, 2)),
  new Wild("Int32Array [-1]", () => Int32Array.of(-1)),
  new Wild("BigInt64Array [1n]", () => BigInt64Array.of(1n)),
  new Wild("a DataView", () => new DataView(new ArrayBuffer(8))),
  new Wild("an ArrayBuffer", () => new ArrayBuffer(8)),
  new Wild("a shared Float32Array", () => new Float32Array(new SharedArrayBuffer(8))),
  new Wild("a shared Uint8Array", () => new Uint8Array(new SharedArrayBuffer(8))),
  new Wild("a detached Float32Array", () => detached(new Float32Array(4))),
  new Wild("a detached Uint8Array", () => detached(new Uint8Array(4))),
];

/** A tensor of another copy of the library, which `instanceof` does not know. */
const Foreign = class Tensor {
  readonly shape = [1, 2];
  readonly data = new Float32Array(2);
};

const TENSORS: readonly Wild[] = [
  new Wild("Tensor []", () => Tensor.from(1)),
  new Wild("Tensor [0]", () => new Tensor([0])),
  new Wild("Tensor [2, 0]", () => new Tensor([2, 0])),
  new Wild("Tensor [2, 2, 2, 2, 2]", () => new Tensor([2, 2, 2, 2, 2])),
  new Wild("Tensor [1, 1] of NaN", () => Tensor.from([[Number.NaN]])),
  new Wild("Tensor over a detached array", () => {
    const tensor = new Tensor([2, 2]);
    detached(tensor.data);
    return tensor;
  }),
  new Wild("Tensor of another copy", () => new Foreign()),
  new Wild("{ shape, data } of a tensor", () => ({ shape: [1], data: new Float32Array(1) })),
];

const OBJECTS: readonly Wild[] = [
  new Wild("{}", () => ({})),
  new Wild("an object without a prototype", () => Object.create(null)),
  new Wild("new Date(NaN)", () => new Date(Number.NaN)),
  new Wild("new Map()", () => new Map()),
  new Wild("new Set([1])", () => new Set([1])),
  new Wild("/x/", () => /x/),
  new Wild("a promise", () => Promise.resolve(1)),
  new Wild("a ShapeError", () => new ShapeError("wild")),
  new Wild("a Dense", () => new Dense({ units: 2 })),
  new Wild("an Adam", () => new Adam()),
  new Wild("an iterator that throws", () => ({ [Symbol.iterator]: fail })),
  new Wild("an object that becomes no text", () => ({ toString: fail, valueOf: fail })),
  new Wild("a proxy that throws", () => new Proxy({}, new Proxy({}, { get: () => fail }))),
];

/** What nearly is what it should be. */
const NEARLY: readonly Wild[] = [
  new Wild("the right one with a field that nobody knows", (right) => spread(right, { misspelt: 1 })),
  new Wild("the right one without its fields, which it inherits", (right) =>
    isPlainObject(right) ? Object.create(right) : [right],
  ),
  new Wild("the right one, each field of which throws", (right) => {
    const fields = Object.keys(Object(right)).slice(0, 10);
    return Object.defineProperties({}, Object.fromEntries(fields.map((key) => [key, { get: fail }])));
  }),
  new Wild("the right one, with every field undefined", (right) =>
    Object.fromEntries(
      Object.keys(Object(right))
        .slice(0, 10)
        .map((key) => [key, undefined]),
    ),
  ),
  new Wild("the right one in a list", (right) => [right]),
  new Wild("the right one twice", (right) => (Array.isArray(right) ? [...right, ...right] : [right, right])),
  new Wild("the right one but for its last element", (right) =>
    Array.isArray(right) ? right.slice(0, -1) : undefined,
  ),
  new Wild("the right one in an object", (right) => ({ value: right })),
  new Wild("a promise of the right one", (right) => Promise.resolve(right)),
  new Wild("a tensor of the right size in one row", (right) =>
    right instanceof Tensor ? right.reshape([1, -1]) : right,
  ),
  new Wild("the right one frozen", (right) =>
    ArrayBuffer.isView(right) || typeof right !== "object" ? right : Object.freeze(spread(right, {})),
  ),
];

const LISTED = [SCALARS, FUNCTIONS, ARRAYS, BUFFERS, TENSORS, OBJECTS, NEARLY];

/** Nested values of every kind that fast-check knows; whole numbers are small, since they may be lengths. */
const ANYTHING = fc
  .anything({
    maxDepth: 2,
    values: [
      fc.integer({ min: -2, max: 3 }),
      fc.double({ max: 3, min: -3 }),
      fc.string({ maxLength: 8 }),
      fc.constantFrom(undefined, null, Number.NaN, true, false),
    ],
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
    withTypedArray: true,
    maxKeys: 4,
  })
  .map((made) => value(fc.stringify(made).slice(0, 200), made));

/** Any of them: what may be put in the place of an argument, or of a part of it. */
export const wild: fc.Arbitrary<Wild> = fc.oneof(
  ...LISTED.map((list) => ({ arbitrary: fc.constantFrom(...list), weight: 3 })),
  { arbitrary: ANYTHING, weight: 4 },
);

function fail(): never {
  throw new CallersError("the caller's own");
}

function detached<T extends Float32Array | Uint8Array>(array: T): T {
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] });
  return array;
}

function spread(right: unknown, more: object): object {
  return Array.isArray(right) ? [...right] : { ...Object(right), ...more };
}
