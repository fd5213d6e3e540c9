import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assemble,
  type Code,
  doWhile,
  f32x4,
  i32,
  type Local,
  Locals,
  load,
  repeat,
  store,
  type ValueType,
  v128,
  when,
} from "../../../src/tensor/simd/assembler.js";
import { expectSameNumbers } from "../../helpers/simd.js";

const memory = new WebAssembly.Memory({ initial: 1 });
const floats = new Float32Array(memory.buffer);
const words = new Uint32Array(memory.buffer);

/** The assembled function, which computes in `memory`. */
function functionOf(
  parameters: readonly ValueType[],
  body: (locals: Locals, ...parameters: readonly Local[]) => Code,
): (...args: number[]) => void {
  const module = new WebAssembly.Module(assemble(parameters, body, { shared: false }));
  const { exports } = new WebAssembly.Instance(module, { m: { m: memory } });
  return exports.f as (...args: number[]) => void;
}

/** Whether a whole number that is computed from two is the one that is expected. */
function isInteger(
  code: (a: Code, b: Code) => Code,
  [a, b]: readonly [number, number],
  wanted: number,
): boolean {
  const run = functionOf(["i32", "i32", "i32"], (locals, first, second, third) => {
    const one = locals.local("v128");
    const differs = i32.notEqual(code(first!.get, second!.get), third!.get);
    return [...one.set(v128.const(1)), ...when(differs, store(i32.const(0), one, 1))];
  });
  floats[0] = 0;
  run(a, b, wanted);
  return floats[0] === 0;
}

/** The four lanes of what is computed from two vectors. */
function vectorOf(
  code: (a: Code, b: Code) => Code,
  a: readonly number[],
  b: readonly number[] = [0, 0, 0, 0],
): Float32Array {
  const run = functionOf([], (locals) => {
    const result = locals.local("v128");
    const value = code(load.vector(i32.const(0)), load.vector(i32.const(16)));
    return [...result.set(value), ...store(i32.const(32), result, 4)];
  });
  floats.set([...a, ...b]);
  run();
  return floats.slice(8, 12);
}

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe("i32", () => {
  test.each([0, 1, 63, 64, 127, 128, 8191, 8192, 65535, 65536, 2 ** 31 - 1])(
    "has the constants ±%i",
    (value) => {
      for (const constant of [value, -value, -value - 1]) {
        expect(isInteger(() => i32.const(constant), [0, 0], constant)).toBe(true);
        expect(isInteger(() => i32.const(constant), [0, 0], constant + 1)).toBe(false);
      }
    },
  );

  test.each([
    { name: "add", code: i32.add, wanted: (a: number, b: number) => a + b },
    { name: "sub", code: i32.sub, wanted: (a: number, b: number) => a - b },
    { name: "mul", code: i32.mul, wanted: Math.imul },
    { name: "and", code: i32.and, wanted: (a: number, b: number) => a & b },
    { name: "shiftRight", code: i32.shiftRight, wanted: (a: number, b: number) => a >>> b },
    { name: "notEqual", code: i32.notEqual, wanted: (a: number, b: number) => Number(a !== b) },
  ])("has $name", ({ code, wanted }) => {
    fc.assert(
      fc.property(int32, int32, (a, b) => {
        expect(isInteger(code, [a, b], wanted(a, b) | 0)).toBe(true);
        expect(isInteger(code, [a, a], wanted(a, a) | 0)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe("f32x4", () => {
  const { fround } = Math;
  const lanes = fc.array(fc.float(), { minLength: 4, maxLength: 4 });

  test.each([
    { name: "add", code: f32x4.add, wanted: (a: number, b: number) => a + b },
    { name: "sub", code: f32x4.sub, wanted: (a: number, b: number) => a - b },
    { name: "mul", code: f32x4.mul, wanted: (a: number, b: number) => a * b },
    { name: "div", code: f32x4.div, wanted: (a: number, b: number) => a / b },
    { name: "sqrt", code: f32x4.sqrt, wanted: Math.sqrt },
  ])("has $name, rounded to float32 in each lane", ({ code, wanted }) => {
    fc.assert(
      fc.property(lanes, lanes, (a, b) => {
        const expected = Float32Array.from(a, (value, i) => fround(wanted(value, b[i]!)));
        expectSameNumbers(vectorOf(code, a, b), expected);
      }),
      { numRuns: 30 },
    );
  });

  test("has comparisons that give lanes of all ones or all zeros", () => {
    const [a, b] = [
      [1, 2, 3, NaN],
      [2, 2, 2, NaN],
    ];
    const mask = (code: (a: Code, b: Code) => Code): number[] => {
      vectorOf(code, a!, b);
      return [...words.slice(8, 12)];
    };
    const all = 0xffffffff;
    expect(mask(f32x4.eq)).toEqual([0, all, 0, 0]);
    expect(mask(f32x4.gt)).toEqual([0, 0, all, 0]);
    expect(mask(f32x4.le)).toEqual([all, all, 0, 0]);
  });

  test("splats a number into all lanes", () => {
    const run = functionOf(["f32"], (locals, number) => {
      const result = locals.local("v128");
      return [...result.set(f32x4.splat(number!.get)), ...store(i32.const(0), result, 4)];
    });
    run(0.1);
    expect([...floats.slice(0, 4)]).toEqual(new Array(4).fill(fround(0.1)));
  });
});

describe("v128", () => {
  const a = [1, 2, 3, 4];
  const b = [5, 6, 7, 8];

  test("has constants", () => {
    for (const value of [0, -0, 1.5, -3e38, 1e-45, Infinity, NaN]) {
      expectSameNumbers(
        vectorOf(() => v128.const(value), a),
        new Float32Array(4).fill(value),
      );
    }
  });

  test("takes lanes of two vectors in any order", () => {
    expect([...vectorOf((x, y) => v128.lanes(x, y, [0, 4, 3, 7]), a, b)]).toEqual([1, 5, 4, 8]);
    expect([...vectorOf((x, y) => v128.lanes(x, y, [6, 6, 1, 2]), a, b)]).toEqual([7, 7, 2, 3]);
  });

  test("masks", () => {
    const isBig = (x: Code): Code => f32x4.gt(x, v128.const(2));
    expect([...vectorOf((x) => v128.and(x, isBig(x)), a)]).toEqual([0, 0, 3, 4]);
    expect([...vectorOf((x) => v128.andNot(x, isBig(x)), a)]).toEqual([1, 2, 0, 0]);
    expect([...vectorOf((x, y) => v128.select(x, y, isBig(x)), a, b)]).toEqual([5, 6, 3, 4]);
    const both = (x: Code): Code => v128.or(v128.and(x, isBig(x)), v128.andNot(x, isBig(x)));
    expect([...vectorOf(both, a)]).toEqual(a);
  });
});

describe("load and store", () => {
  const loads = [
    { name: "vector", code: load.vector, wanted: (at: number) => [at, at + 1, at + 2, at + 3] },
    { name: "splat", code: load.splat, wanted: (at: number) => [at, at, at, at] },
    { name: "first", code: load.first, wanted: (at: number) => [at, 0, 0, 0] },
  ];

  test.each(loads)(
    "$name loads from any float, with offsets of one, two and three bytes of code",
    ({ code, wanted }) => {
      for (const [index, offset] of [
        [0, 0],
        [3, 0],
        [1, 124],
        [0, 128],
        [5, 8188],
        [2, 16380],
        [2, 16384],
      ] as const) {
        const run = functionOf(["i32"], (locals, address) => {
          const result = locals.local("v128");
          return [...result.set(code(address!.get, offset)), ...store(i32.const(65536 - 16), result, 4)];
        });
        for (let i = 0; i < 5000; i++) floats[i] = i;
        run(4 * index);
        expect([...floats.slice(-4)]).toEqual(wanted(index + offset / 4));
      }
    },
  );

  test.each([1, 2, 3, 4])("stores the first %i lanes, and leaves what is beside them", (lanes) => {
    for (const offset of [0, 4, 4096]) {
      const run = functionOf(["i32"], (locals, address) => {
        const vector = locals.local("v128");
        return [...vector.set(load.vector(i32.const(0))), ...store(address!.get, vector, lanes, offset)];
      });
      floats.fill(-1).set([1, 2, 3, 4]);
      run(36);
      const first = 9 + offset / 4;
      const wanted = [-1, ...[1, 2, 3, 4].map((value, i) => (i < lanes ? value : -1)), -1];
      expect([...floats.slice(first - 1, first + 5)]).toEqual(wanted);
    }
  });
});

describe("control", () => {
  /** Counts in the first float how often `body` wraps what it is given. */
  const counted = (body: (counter: Local, step: Code) => Code) => {
    const run = functionOf(["i32"], (locals, counter) => {
      const vector = locals.local("v128");
      const next = f32x4.add(load.first(i32.const(0)), v128.const(1));
      return body(counter!, [...vector.set(next), ...store(i32.const(0), vector, 1)]);
    });
    return (count: number): number => {
      floats[0] = 0;
      run(count);
      return floats[0];
    };
  };

  test("repeats a body as often as the counter says, at least once", () => {
    const count = counted(repeat);
    expect([1, 2, 1000].map(count)).toEqual([1, 2, 1000]);
  });

  test("runs a body while a condition holds, which it looks at behind it", () => {
    const count = counted((counter, step) =>
      doWhile([...step, ...counter.add(-3)], i32.notEqual(counter.get, i32.const(0))),
    );
    expect([3, 6, 300].map(count)).toEqual([1, 2, 100]);
  });

  test("runs a body when a condition is not zero", () => {
    const count = counted((counter, step) => when(counter.get, step));
    expect([0, 1, -1].map(count)).toEqual([0, 1, 1]);
  });

  test("sets, adds to and hands on locals", () => {
    const locals = new Locals();
    const local = locals.local("i32");
    expect(local.add(0)).toEqual([]); // nothing to do
    expect(locals.types).toEqual(["i32"]);
    const run = functionOf(["i32"], (own, given) => {
      const copy = own.local("i32");
      const vector = own.local("v128");
      return [
        ...vector.set(v128.const(7)),
        // given + given + 4 is the address to write to
        ...given!.set(i32.add(copy.tee(given!.get), copy.get)),
        ...given!.add(4),
        ...store(given!.get, vector, 1),
      ];
    });
    floats.fill(0);
    run(8);
    expect(floats.indexOf(7)).toBe(5);
  });

  test("has room for more locals than one byte can count", () => {
    const run = functionOf([], (locals) => {
      const all = locals.locals(300, "v128");
      const sum = locals.local("v128");
      return [
        ...all.flatMap((local, i) => local.set(v128.const(i))),
        ...all.flatMap((local) => sum.set(f32x4.add(sum.get, local.get))),
        ...store(i32.const(0), sum, 1),
      ];
    });
    run();
    expect(floats[0]).toBe((299 * 300) / 2);
  });
});

describe("assemble", () => {
  const nothing = (): Code => [];

  test("makes modules that are valid with either kind of memory", () => {
    for (const shared of [false, true]) {
      expect(WebAssembly.validate(assemble(["i32", "f32"], nothing, { shared }))).toBe(true);
    }
  });

  test("takes a shared memory of any limit", () => {
    const module = new WebAssembly.Module(assemble([], nothing, { shared: true }));
    for (const maximum of [1, 65536]) {
      const shared = new WebAssembly.Memory({ initial: 1, maximum, shared: true });
      expect(() => new WebAssembly.Instance(module, { m: { m: shared } })).not.toThrow();
    }
    expect(() => new WebAssembly.Instance(module, { m: { m: memory } })).toThrow(WebAssembly.LinkError);
  });

  test("assembles functions longer than one byte can count", () => {
    const run = functionOf(["i32"], (locals, address) => {
      const vector = locals.local("v128");
      const steps = Array.from({ length: 2000 }, () => vector.set(f32x4.add(vector.get, v128.const(1))));
      return [...steps.flat(), ...store(address!.get, vector, 1)];
    });
    run(0);
    expect(floats[0]).toBe(2000);
  });
});
