import {
  type Code,
  FLOAT,
  f32x4,
  type Local,
  load,
  repeat,
  store,
  VECTOR_BYTES,
  v128,
  when,
} from "./assembler.js";
import { defineJob, type Job } from "./job.js";
import { type Kernel, kernel } from "./kernel.js";
import { addressOf, inMemory } from "./memory.js";
import { run } from "./threads.js";

/*
 * Operations on each element by itself. The arrays are walked a vector at a time, and what is left at the end one
 * element at a time, by the same code.
 */

/** What an elementwise operation does with the elements at one place of its arrays. */
interface Elements {
  /** The element of each array. */
  readonly of: readonly Local[];
  /** Each number of the operation, in all lanes. */
  readonly numbers: readonly Local[];
  /** A further vector, for an intermediate result. */
  readonly local: () => Local;
}

/** An operation, and which of its arrays it writes to. */
interface Operation {
  readonly name: string;
  readonly arrays: number;
  readonly numbers: number;
  /** Sets the elements that change. */
  readonly body: (elements: Elements) => Code;
  readonly writes: readonly number[];
}

/** Called with the addresses of the arrays, how many whole vectors they have, how many elements behind them, and the numbers. */
function elementwiseKernel({ name, arrays, numbers, body, writes }: Operation): Kernel {
  const parameters = [
    ...new Array<"i32">(arrays).fill("i32"),
    "i32" as const,
    "i32" as const,
    ...new Array<"f32">(numbers).fill("f32"),
  ];
  return kernel(name, parameters, (locals, ...given) => {
    const places = given.slice(0, arrays);
    const [vectors, rest] = given.slice(arrays, arrays + 2) as [Local, Local];
    const splats = locals.locals(numbers, "v128");
    const of = locals.locals(arrays, "v128");
    const code = body({ of, numbers: splats, local: () => locals.local("v128") });
    const loop = (counter: Local, read: (address: Code) => Code, lanes: number): Code =>
      when(
        counter.get,
        repeat(counter, [
          ...of.flatMap((element, k) => element.set(read(places[k]!.get))),
          ...code,
          ...writes.flatMap((k) => store(places[k]!.get, of[k]!, lanes)),
          ...places.flatMap((place) => place.add(lanes * FLOAT)),
        ]),
      );
    return [
      ...splats.flatMap((splat, k) => splat.set(f32x4.splat(given[arrays + 2 + k]!.get))),
      ...loop(vectors, load.vector, VECTOR_BYTES / FLOAT),
      ...loop(rest, load.first, 1),
    ];
  });
}

/** Elements that one thread does at least. */
const UNIT = 1024;

/** An operation as a function of arrays of one length; it returns false, and does nothing, where they are elsewhere. */
function elementwise(operation: Operation): {
  readonly job: Job;
  readonly apply: (arrays: readonly Float32Array[], numbers?: readonly number[]) => boolean;
} {
  const arrays = Array.from({ length: operation.arrays }, (_, k) => `array${k}`);
  const numbers = Array.from({ length: operation.numbers }, (_, k) => `number${k}`);
  const job: Job = defineJob<string>(
    operation.name,
    ["length", ...arrays, ...numbers],
    (args, begin, end) => {
      const first = begin * UNIT;
      const length = Math.min(end * UNIT, args.length!) - first;
      elementwiseKernel(operation)(
        ...arrays.map((name) => args[name]! + first * FLOAT),
        length >> 2,
        length & 3,
        ...numbers.map((name) => args[name]!),
      );
    },
  );
  const apply = (data: readonly Float32Array[], values: readonly number[] = []): boolean => {
    if (!inMemory(...data)) return false;
    const { length } = data[0]!;
    const args: Record<string, number> = { length };
    for (const [k, name] of arrays.entries()) args[name] = addressOf(data[k]!);
    for (const [k, name] of numbers.entries()) args[name] = values[k]!;
    run(job, args, { units: Math.ceil(length / UNIT), work: UNIT });
    return true;
  };
  return { job, apply };
}

const { add, sub, mul, div, sqrt, gt, le } = f32x4;

const relu = elementwise({
  name: "relu",
  arrays: 2,
  numbers: 0,
  writes: [1],
  body: ({ of: [x, y] }) => y!.set(v128.andNot(x!.get, le(x!.get, v128.const(0)))), // NaN is not <= 0
});

/** y = max(x, 0); see `relu`. */
export const simdRelu = (x: Float32Array, y: Float32Array): boolean => relu.apply([x, y]);

const reluGradient = elementwise({
  name: "reluGradient",
  arrays: 3,
  numbers: 0,
  writes: [2],
  body: ({ of: [dy, y, dx] }) => dx!.set(v128.and(dy!.get, gt(y!.get, v128.const(0)))),
});

/** dx = dy where y > 0, else 0; see `reluGradient`. */
export const simdReluGradient = (dy: Float32Array, y: Float32Array, dx: Float32Array): boolean =>
  reluGradient.apply([dy, y, dx]);

const rescale = elementwise({
  name: "rescale",
  arrays: 2,
  numbers: 2,
  writes: [1],
  body: ({ of: [x, y], numbers: [scale, offset] }) => y!.set(add(mul(scale!.get, x!.get), offset!.get)),
});

/** y = scale·x + offset; see `rescale`. */
export const simdRescale = (x: Float32Array, y: Float32Array, scale: number, offset: number): boolean =>
  rescale.apply([x, y], [scale, offset]);

const addTo = elementwise({
  name: "addTo",
  arrays: 2,
  numbers: 0,
  writes: [0],
  body: ({ of: [sum, x] }) => sum!.set(add(sum!.get, x!.get)),
});

/** sum += x. */
export const simdAddTo = (sum: Float32Array, x: Float32Array): boolean => addTo.apply([sum, x]);

const sgd = elementwise({
  name: "sgdUpdate",
  arrays: 2,
  numbers: 1,
  writes: [0],
  body: ({ of: [theta, g], numbers: [alpha] }) => theta!.set(sub(theta!.get, mul(alpha!.get, g!.get))),
});

/** θ ← θ − α·g; see `sgdUpdate`. */
export const simdSgd = (theta: Float32Array, g: Float32Array, alpha: number): boolean =>
  sgd.apply([theta, g], [alpha]);

const momentum = (nesterov: boolean) =>
  elementwise({
    name: nesterov ? "nesterovUpdate" : "momentumUpdate",
    arrays: 3,
    numbers: 2,
    writes: [0, 2],
    body: ({ of: [theta, g, v], numbers: [alpha, mu], local }) => {
      const push = local();
      return [
        ...push.set(mul(alpha!.get, g!.get)),
        ...v!.set(sub(mul(mu!.get, v!.get), push.get)),
        ...theta!.set(add(theta!.get, nesterov ? sub(mul(mu!.get, v!.get), push.get) : v!.get)),
      ];
    },
  });
const plainMomentum = momentum(false);
const nesterovMomentum = momentum(true);

/** v ← μ·v − α·g, θ ← θ + v, or with Nesterov θ ← θ + (μ·v − α·g); see `momentumUpdate`. */
export const simdMomentum = (
  theta: Float32Array,
  g: Float32Array,
  v: Float32Array,
  { alpha, mu, nesterov }: { readonly alpha: number; readonly mu: number; readonly nesterov: boolean },
): boolean => (nesterov ? nesterovMomentum : plainMomentum).apply([theta, g, v], [alpha, mu]);

const adam = elementwise({
  name: "adamUpdate",
  arrays: 4,
  numbers: 8,
  writes: [0, 2, 3],
  body: ({ of: [theta, g, m, v], numbers: [alpha, eps, keep1, keep2, take1, take2, sum1, sum2] }) => [
    ...m!.set(add(mul(keep1!.get, m!.get), mul(take1!.get, g!.get))),
    ...v!.set(add(mul(keep2!.get, v!.get), mul(take2!.get, mul(g!.get, g!.get)))),
    ...theta!.set(
      sub(
        theta!.get,
        div(mul(alpha!.get, div(m!.get, sum1!.get)), add(sqrt(div(v!.get, sum2!.get)), eps!.get)),
      ),
    ),
  ],
});

/** The numbers of a step of Adam, each rounded to float32. */
export interface AdamNumbers {
  readonly alpha: number;
  readonly eps: number;
  readonly keep1: number;
  readonly keep2: number;
  readonly take1: number;
  readonly take2: number;
  readonly sum1: number;
  readonly sum2: number;
}

/** A step of Adam; see `adamUpdate`. */
export const simdAdam = (
  theta: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  { alpha, eps, keep1, keep2, take1, take2, sum1, sum2 }: AdamNumbers,
): boolean => adam.apply([theta, g, m, v], [alpha, eps, keep1, keep2, take1, take2, sum1, sum2]);

const shrink = elementwise({
  name: "shrink",
  arrays: 1,
  numbers: 1,
  writes: [0],
  body: ({ of: [x], numbers: [part] }) => x!.set(sub(x!.get, mul(part!.get, x!.get))),
});

/** x ← x − part·x; see `shrink`. */
export const simdShrink = (x: Float32Array, part: number): boolean => shrink.apply([x], [part]);

const moveTowards = elementwise({
  name: "moveTowards",
  arrays: 2,
  numbers: 1,
  writes: [0],
  body: ({ of: [x, target], numbers: [part] }) =>
    x!.set(add(x!.get, mul(part!.get, sub(target!.get, x!.get)))),
});

/** x ← x + part·(target − x); see `moveTowards`. */
export const simdMoveTowards = (x: Float32Array, target: Float32Array, part: number): boolean =>
  moveTowards.apply([x, target], [part]);

/** The jobs of this file, for the threads. */
export const ELEMENTWISE_JOBS: readonly Job[] = [
  relu,
  reluGradient,
  rescale,
  addTo,
  sgd,
  plainMomentum,
  nesterovMomentum,
  adam,
  shrink,
  moveTowards,
].map(({ job }) => job);
