import { describe, expect, test } from "vitest";
import { allocate, allocateArray, allocateBytes, copyArray } from "../../src/tensor/allocate.js";
import { withoutMemoryFor } from "../helpers/refuse-arrays.js";

describe("allocate", () => {
  test("gives zeros, as many as the shape has elements", () => {
    expect(allocate("Here", [2, 3])).toEqual(new Float32Array(6));
    expect(allocate("Here", [])).toEqual(new Float32Array(1));
    expect(allocate("Here", [0, 3])).toEqual(new Float32Array(0));
  });

  test("names the shape that is too large, and its size", () => {
    expect(() => allocate("Here", [1e6, 1e6])).toThrow(
      new RangeError("Here: expected a shape that fits into memory, got [1000000, 1000000] (4000 GB)."),
    );
    expect(() => allocate("Here", [2 ** 40], "Use less.")).toThrow(
      new RangeError(
        "Here: expected a shape that fits into memory, got [1099511627776] (4400 GB). Use less.",
      ),
    );
  });

  test("keeps what the engine says of it", () => {
    const withCause = expect.objectContaining({ cause: expect.any(RangeError) });
    expect(() => allocate("Here", [2 ** 40])).toThrow(withCause);
  });
});

describe("allocateBytes", () => {
  test("gives bytes of 0, as many as the shape has elements", () => {
    expect(allocateBytes("Here", [2, 3])).toEqual(new Uint8Array(6));
  });

  test("names the shape that is too large, and its size", () => {
    const message = "Here: expected a shape that fits into memory, got [1000000000, 1000000] (1000000 GB).";
    expect(() => allocateBytes("Here", [1e9, 1e6])).toThrow(new RangeError(message));
    expect(() => allocateBytes("Here", [1e9, 1e6], "Use less.")).toThrow(
      new RangeError(`${message} Use less.`),
    );
  });
});

test("allocateArray gives zeros of a type, and names what is too large", () => {
  expect(allocateArray(Uint32Array, "Here", [2, 3])).toEqual(new Uint32Array(6));
  expect(() => allocateArray(Float64Array, "Here", [1e12])).toThrow(
    new RangeError("Here: expected a shape that fits into memory, got [1000000000000] (8000 GB)."),
  );
});

test("copyArray gives a copy, and tells where there is no memory for one", () => {
  const data = Float32Array.of(1, 2, 3, 4, 5);
  const copy = copyArray("Here", data);
  expect(copy).toEqual(data);
  expect(copy.buffer).not.toBe(data.buffer);
  expect(() => withoutMemoryFor("Float32Array", () => copyArray("Here", data))).toThrow(
    new RangeError("Here: expected a shape that fits into memory, got [5] (2e-8 GB)."),
  );
});
