import { describe, expect, test } from "vitest";
import { floatBytes } from "../../src/formats/weight-bytes.js";
import { describeTensor, sha256 } from "../../src/node/inspect-tensors.js";

// printf abc | sha256sum
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

describe("sha256", () => {
  test("is that of all pieces, one behind the other", () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(sha256([bytes("abc")])).toBe(ABC);
    expect(sha256([bytes("a"), bytes(""), bytes("bc")])).toBe(ABC);
  });
});

describe("describeTensor", () => {
  const data = floatBytes(Float32Array.of(1, Number.NaN, Infinity, -Infinity, 3e38, 0));

  test("counts what is NaN or infinite in float32, by either name of it", () => {
    const notFinite = (type: string) => describeTensor({ name: "w", type, shape: [6], data }).notFinite;
    expect([notFinite("F32"), notFinite("FLOAT"), notFinite("I32")]).toEqual([3, 3, 0]);
  });

  test("counts elements, and hashes bytes where there are any", () => {
    const tensor = { name: "w", type: "U8", shape: [3, 1] };
    expect(describeTensor({ ...tensor, data: new TextEncoder().encode("abc") })).toEqual({
      ...tensor,
      elements: 3,
      sha256: ABC,
      notFinite: 0,
    });
    expect(describeTensor({ ...tensor, data: undefined }).sha256).toBeUndefined();
  });
});
