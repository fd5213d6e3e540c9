import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { relu, reluGradient } from "../../../src/tensor/relu.js";
import { rescale } from "../../../src/tensor/rescale.js";
import {
  simdAdam,
  simdAddTo,
  simdMomentum,
  simdMoveTowards,
  simdRelu,
  simdReluGradient,
  simdRescale,
  simdSgd,
  simdShrink,
} from "../../../src/tensor/simd/elementwise.js";
import { allocateInMemory, openMemory } from "../../../src/tensor/simd/memory.js";
import { Tensor } from "../../../src/tensor/tensor.js";
import { adamUpdate, momentumUpdate, moveTowards, sgdUpdate, shrink } from "../../../src/tensor/update.js";
import { expectSameBits, type Place } from "../../helpers/simd.js";
import { type Fill, wildFills } from "../../helpers/wild-tensor.js";

vi.mock("../../../src/tensor/simd/elementwise.js", { spy: true });

// all remainders of a division by four, and the edges of what a thread takes at a time, 1024 elements
const lengths = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1023, 1024, 1025, 3077));
const rates = fc.constantFrom(0, 0.1, 1e-3, 1, 1e-30);

/** The operation gives the same bits, and the kernels do compute it, for arrays of any length. */
function holds<Options>(
  options: fc.Arbitrary<Options>,
  dispatch: (...args: never[]) => boolean,
  operation: (place: Place, fill: Fill, shape: readonly [number], options: Options) => void,
): void {
  fc.assert(
    fc.property(lengths, wildFills(), options, (length, fill, given) => {
      expectSameBits((place) => operation(place, fill, [length], given), dispatch);
    }),
    { numRuns: 60 },
  );
}

test("relu and its gradient give the plain code's bits", () => {
  holds(fc.constant({}), simdRelu, (place, fill, shape) => {
    relu(place(fill(shape)), { out: place(fill(shape, 1)) });
  });
  holds(fc.constant({}), simdReluGradient, (place, fill, shape) => {
    reluGradient(place(fill(shape)), place(fill(shape, 1)), { out: place(fill(shape, 2)) });
  });
});

test("relu and its gradient may write over an operand", () => {
  holds(fc.constant({}), simdRelu, (place, fill, shape) => {
    const x = place(fill(shape));
    relu(x, { out: x });
  });
  holds(fc.boolean(), simdReluGradient, (place, fill, shape, overDy) => {
    const dy = place(fill(shape));
    const y = place(fill(shape, 1));
    reluGradient(dy, y, { out: overDy ? dy : y });
  });
});

test("rescale gives the plain code's bits, with numbers that are no float32", () => {
  const options = fc.record({
    scale: fc.constantFrom(1 / 255, -3, 1e30),
    offset: fc.constantFrom(0, 0.1, -7),
  });
  holds(options, simdRescale, (place, fill, shape, numbers) => {
    rescale(place(fill(shape)), { ...numbers, out: place(fill(shape, 1)) });
  });
});

test("sgdUpdate gives the plain code's bits", () => {
  holds(rates, simdSgd, (place, fill, shape, learningRate) => {
    sgdUpdate(place(fill(shape)), place(fill(shape, 1)), { learningRate });
  });
});

test("momentumUpdate gives the plain code's bits, with Nesterov's momentum too", () => {
  const options = fc.record({
    learningRate: rates,
    momentum: fc.constantFrom(0.9, 0.5),
    nesterov: fc.boolean(),
  });
  holds(options, simdMomentum, (place, fill, shape, numbers) => {
    momentumUpdate(place(fill(shape)), place(fill(shape, 1)), place(fill(shape, 2)), numbers);
  });
});

test("adamUpdate gives the plain code's bits", () => {
  const options = fc.record({ learningRate: rates, t: fc.integer({ min: 1, max: 50 }) });
  holds(options, simdAdam, (place, fill, shape, { learningRate, t }) => {
    const [beta1, beta2] = [0.9, 0.999];
    const powers = { beta1Power: beta1 ** t, beta2Power: beta2 ** t };
    const [theta, g, m, v] = [0, 1, 2, 3].map((salt) => place(fill(shape, salt))) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    adamUpdate(theta, g, m, v, { learningRate, beta1, beta2, ...powers, epsilon: 1e-7 });
  });
});

test("shrink gives the plain code's bits", () => {
  holds(rates, simdShrink, (place, fill, shape, share) => shrink(place(fill(shape)), share));
});

test("moveTowards gives the plain code's bits", () => {
  holds(rates, simdMoveTowards, (place, fill, shape, share) => {
    moveTowards(place(fill(shape)), place(fill(shape, 1)), share);
  });
});

test("an array on the heap is left to the plain code, and nothing is done", () => {
  openMemory();
  const inside = new Tensor([3], allocateInMemory(3));
  const outside = Tensor.from([1, 2, 3]);
  expect(simdRelu(outside.data, inside.data)).toBe(false);
  expect(simdRelu(inside.data, outside.data)).toBe(false);
  expect(simdAddTo(inside.data, outside.data)).toBe(false);
  expect([...inside.data, ...outside.data]).toEqual([0, 0, 0, 1, 2, 3]);
  expect(simdRelu(inside.data, inside.data)).toBe(true);
});

test("addTo adds element by element", () => {
  openMemory();
  const [sum, x] = [allocateInMemory(5)!, allocateInMemory(5)!];
  sum.set([1, 2, 3, 4, 5]);
  x.set([10, 20, 30, 40, 50]);
  expect(simdAddTo(sum, x)).toBe(true);
  expect([...sum]).toEqual([11, 22, 33, 44, 55]);
});
