import { describe, expect, test } from "vitest";
import { encodeSafetensors } from "../../src/formats/safetensors.js";
import { isSafetensors, listTensors } from "../../src/node/inspect-safetensors.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** A file with that header and so many bytes of data: 0, 1, 2 and so on. */
const fileOf = (header: object | string, dataLength = 0): Uint8Array => {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  for (let i = 0; i < dataLength; i++) bytes[8 + text.length + i] = i;
  return bytes;
};

describe("isSafetensors", () => {
  test("knows such a file by the length of its header, and the brace behind that", () => {
    expect(isSafetensors(fileOf({}))).toBe(true);
    expect(isSafetensors(fileOf("[]"))).toBe(false);
    expect(isSafetensors(fileOf({ a: 1 }).subarray(0, -1))).toBe(false); // cut short
    expect(isSafetensors(new Uint8Array(8))).toBe(false);
    expect(isSafetensors(new Uint8Array(0))).toBe(false);
  });
});

describe("listTensors", () => {
  test("lists tensors of every type, in the order of their data, and the texts", () => {
    const header = {
      b: { dtype: "BF16", shape: [2], data_offsets: [2, 6] },
      empty: { dtype: "F16", shape: [0], data_offsets: [2, 2] },
      a: { dtype: "I8", shape: [2, 1], data_offsets: [0, 2] },
      __metadata__: { format: "pt" },
    };
    const { tensors, metadata } = listTensors(fileOf(header, 6));
    expect(tensors).toEqual([
      { name: "a", type: "I8", shape: [2, 1], data: Uint8Array.of(0, 1) },
      { name: "empty", type: "F16", shape: [0], data: new Uint8Array(0) },
      { name: "b", type: "BF16", shape: [2], data: Uint8Array.of(2, 3, 4, 5) },
    ]);
    expect([...metadata]).toEqual([["format", "pt"]]);
  });

  test("takes __proto__ for a name like others", () => {
    const header = '{"__proto__": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}';
    expect(listTensors(fileOf(header, 1)).tensors.map(({ name }) => name)).toEqual(["__proto__"]);
  });

  test("refuses what decodeSafetensors refuses in a file of float32", () => {
    const bytes = encodeSafetensors(new Map([["a", new Tensor([2])]]));
    expect(listTensors(bytes).tensors).toMatchObject([{ name: "a", type: "F32", shape: [2] }]);
    const longer = new Uint8Array(bytes.length + 4);
    longer.set(bytes);
    expect(() => listTensors(longer)).toThrow(
      new Error("decodeSafetensors: expected 8 bytes of data, as the tensors have, got 12."),
    );
  });

  test.each([
    ["a tensor that is no object", { a: 1 }, "undefined"],
    ["no dtype", { a: { shape: [1], data_offsets: [0, 1] } }, "[0, 1]"],
    ["a shape of text", { a: { dtype: "U8", shape: "1", data_offsets: [0, 1] } }, "[0, 1]"],
    ["a negative length", { a: { dtype: "U8", shape: [-1], data_offsets: [0, 1] } }, "[0, 1]"],
    ["three offsets", { a: { dtype: "U8", shape: [1], data_offsets: [0, 1, 1] } }, "[0, 1, 1]"],
    ["an end before its beginning", { a: { dtype: "U8", shape: [1], data_offsets: [1, 0] } }, "[1, 0]"],
    ["an end behind the file", { a: { dtype: "U8", shape: [5], data_offsets: [0, 5] } }, "[0, 5]"],
  ])("refuses %s", (_, header, got) => {
    expect(() => listTensors(fileOf(header, 4))).toThrow(
      new Error(
        `inspectFile: expected tensor "a" to have dtype, shape and data_offsets within 4 bytes of data, got ${got}. The file is damaged.`,
      ),
    );
  });

  test("refuses a header that is no JSON, or has a name twice", () => {
    expect(() => listTensors(fileOf("{x"))).toThrow(
      new Error('inspectFile: expected the header to be JSON, got "{x".'),
    );
    expect(() => listTensors(fileOf('{"a": 1, "a": 1}'))).toThrow(
      new Error('inspectFile: expected the header to have every key once, got "a" twice.'),
    );
  });
});
