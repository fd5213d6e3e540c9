import { beforeAll, describe, expect, test } from "vitest";
import { copyOf, zerosLike } from "../../src/tensor/like.js";
import { allocateInMemory, inMemory, openMemory } from "../../src/tensor/simd/memory.js";
import { Tensor } from "../../src/tensor/tensor.js";

beforeAll(() => openMemory());

/** [[1, 2, 3], [4, 5, 6]] on the heap, or in the memory of the kernels. */
function numbers(place: "heap" | "memory"): Tensor {
  const tensor = new Tensor([2, 3], place === "heap" ? undefined : allocateInMemory(6));
  tensor.data.set([1, 2, 3, 4, 5, 6]);
  return tensor;
}

describe.each(["heap", "memory"] as const)("of a tensor in the %s", (place) => {
  test("zerosLike gives zeros of its shape, beside it", () => {
    const x = numbers(place);
    const zeros = zerosLike(x);
    expect(zeros.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(inMemory(zeros.data)).toBe(place === "memory");
    expect(zeros.data).not.toBe(x.data);
  });

  test("copyOf gives a copy with data of its own, beside it", () => {
    const x = numbers(place);
    const copy = copyOf(x);
    expect(copy.toArray()).toEqual(x.toArray());
    expect(inMemory(copy.data)).toBe(place === "memory");
    copy.data[0] = 9;
    expect(x.data[0]).toBe(1);
  });

  test("a tensor without elements, or of one, is as good as any", () => {
    const data = (size: number): Float32Array | undefined =>
      place === "heap" ? undefined : allocateInMemory(size);
    expect(copyOf(new Tensor([2, 0], data(0))).shape).toEqual([2, 0]);
    expect(inMemory(zerosLike(new Tensor([], data(1))).data)).toBe(place === "memory");
  });
});
