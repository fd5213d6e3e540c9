import { describe, expect, test } from "vitest";
import {
  bytes,
  createMessage,
  decodeMessage,
  encodeMessage,
  float,
  floats,
  int,
  ints,
  message,
  messages,
  string,
  strings,
} from "../../../src/formats/onnx/protobuf.js";

const POINT = { x: int(1), y: int(2) };
const ALL = {
  number: int(1),
  numbers: ints(2),
  float: float(3),
  floats: floats(4),
  text: string(5),
  texts: strings(6),
  bytes: bytes(7),
  point: message(8, POINT),
  points: messages(16, POINT),
};

const NOT_PROTOBUF =
  "read: expected a protocol buffer, got bytes that are none. The file is truncated, damaged or of another kind.";

const decode = (file: readonly number[], mostMessages = 10) =>
  decodeMessage(ALL, Uint8Array.from(file), { where: "read", mostMessages, messages: 0 });

/**
 * Messages and their bytes, by hand. A tag is 8 times the field's number plus the wire type: 0 for a varint, 5 for four
 * bytes, 2 for what has its length in front.
 */
const CASES: readonly [string, Parameters<typeof createMessage<typeof ALL>>[1], readonly number[]][] = [
  ["an empty message", {}, []],
  ["0, which is not the same as nothing", { number: 0 }, [0x08, 0]],
  ["300 as 0101100 and 10, low bits first", { number: 300 }, [0x08, 0b10101100, 0b10]],
  ["-1 as 64 ones", { number: -1 }, [0x08, ...Array(9).fill(0xff), 0x01]],
  [
    "the largest whole number, 53 ones",
    { number: Number.MAX_SAFE_INTEGER },
    [0x08, ...Array(7).fill(0xff), 0x0f],
  ],
  [
    "a list with a tag for each number",
    { numbers: [1, -2] },
    [0x10, 1, 0x10, 0xfe, ...Array(8).fill(0xff), 1],
  ],
  ["a float32, its low byte first", { float: 1.5 }, [0x1d, 0, 0, 0xc0, 0x3f]],
  ["floats", { floats: [-2, 0] }, [0x25, 0, 0, 0, 0xc0, 0x25, 0, 0, 0, 0]],
  ["a text in UTF-8", { text: "aß" }, [0x2a, 3, 0x61, 0xc3, 0x9f]],
  ["texts, an empty one too", { texts: ["a", ""] }, [0x32, 1, 0x61, 0x32, 0]],
  ["bytes", { bytes: Uint8Array.of(8, 255) }, [0x3a, 2, 8, 255]],
  ["a message", { point: { x: 1, y: undefined } }, [0x42, 2, 0x08, 1]],
  [
    "messages, their tag two bytes long",
    {
      points: [
        { x: 1, y: 2 },
        { x: undefined, y: undefined },
      ],
    },
    [0x82, 0x01, 4, 0x08, 1, 0x10, 2, 0x82, 0x01, 0],
  ],
];

describe.each(CASES)("%s", (_title, fields, file) => {
  test("is written", () => {
    expect([...encodeMessage(ALL, createMessage(ALL, fields))]).toEqual(file);
  });

  test("is read", () => {
    expect(decode(file)).toEqual(createMessage(ALL, fields));
  });
});

describe("decodeMessage", () => {
  test("reads lists that are packed, in several pieces, or both", () => {
    const minusOne = [...Array(9).fill(0xff), 0x01];
    expect(decode([0x12, 12, 1, ...minusOne, 3]).numbers).toEqual([1, -1, 3]);
    expect(decode([0x10, 1, 0x12, 2, 2, 3, 0x10, 4, 0x12, 0]).numbers).toEqual([1, 2, 3, 4]);
    expect(decode([0x22, 8, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]).floats).toEqual([1, -2]);
  });

  test("takes the fields in any order", () => {
    expect(decode([0x2a, 1, 0x61, 0x08, 7])).toEqual(createMessage(ALL, { text: "a", number: 7 }));
  });

  test("leaves out fields that the schema does not have, of every wire type", () => {
    const varint = [0x78, 0x80, 0x01]; // field 15
    const fourBytes = [0x7d, 1, 2, 3, 4];
    const eightBytes = [0x79, 1, 2, 3, 4, 5, 6, 7, 8];
    const withLength = [0x7a, 2, 0x08, 9];
    const group = [0x7b, 0x08, 9, 0x7c];
    const file = [...varint, ...fourBytes, ...eightBytes, ...withLength, ...group, 0x08, 7];
    expect(decode(file)).toEqual(createMessage(ALL, { number: 7 }));
  });

  test("gives bytes as a view of the file, and lists of their own to each call", () => {
    const file = Uint8Array.of(0x3a, 1, 5, 0x10, 1);
    const context = () => ({ where: "read", mostMessages: 1, messages: 0 });
    const first = decodeMessage(ALL, file, context());
    expect(first.bytes?.buffer).toBe(file.buffer);
    expect(decodeMessage(ALL, file, context()).numbers).toEqual([1]);
    expect(first.numbers).toEqual([1]);
  });

  const broken: readonly [string, readonly number[]][] = [
    ["ends in a tag", [0x80]],
    ["ends in a number", [0x08, 0x80]],
    ["ends before a number", [0x08]],
    ["ends in a float", [0x1d, 0, 0, 0]],
    ["ends in a text", [0x2a, 2, 0x61]],
    ["ends in bytes", [0x3a, 2, 0]],
    ["ends in a message", [0x42, 3, 0x08, 1]],
    ["has a message that ends in a number", [0x42, 1, 0x08]],
    ["has packed numbers that end in one", [0x12, 1, 0x80]],
    ["has packed floats that end in one", [0x22, 3, 0, 0, 0]],
    ["says of bytes that they are 4 GiB", [0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ["has a number of more than ten bytes", [0x08, ...Array(10).fill(0x80), 0]],
    ["has a text that is not UTF-8", [0x2a, 1, 0xff]],
    ["has a field 0", [0x00, 1]],
    ["has a wire type 6", [0x0e, 1]],
    ["has a tag of more than 32 bits", [0xf8, 0xff, 0xff, 0xff, 0x1f, 1]],
    ["ends in a field that is left out", [0x7d, 0, 0]],
    ["ends in a number that is left out", [0x78, 0x80]],
    ["ends in a group", [0x7b, 0x08, 1]],
    ["has a group that ends as another", [0x7b, 0x74]],
    ["has the end of a group alone", [0x7c]],
    ["has groups nested deep", [...Array(100_000).fill(0x7b), ...Array(100_000).fill(0x7c)]],
  ];
  test.each(broken)("refuses a file that %s", (_title, file) => {
    expect(() => decode(file)).toThrow(new Error(NOT_PROTOBUF));
  });

  test("tells what the library found as the cause", () => {
    const failure = (() => {
      try {
        return decode([0x2a, 2, 0x61]);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toMatchObject({ cause: new RangeError("premature EOF") });
  });

  const otherTypes: readonly [string, readonly number[], string, number][] = [
    ["a float for a number", [0x0d, 0, 0, 0, 0], "number with wire type 0", 5],
    ["a text for a number", [0x0a, 1, 0x61], "number with wire type 0", 2],
    ["a number for a text", [0x28, 1], "text with wire type 2", 0],
    ["a double for a float", [0x19, 0, 0, 0, 0, 0, 0, 0, 0], "float with wire type 5", 1],
    ["a number for a message", [0x40, 1], "point with wire type 2", 0],
    ["a float for one of several numbers", [0x15, 0, 0, 0, 0], "numbers with wire type 0 or 2", 5],
    ["a number for one of several floats", [0x20, 1], "floats with wire type 5 or 2", 0],
    ["a group for a number", [0x0b, 0x0c], "number with wire type 0", 3],
  ];
  test.each(otherTypes)("refuses %s", (_title, file, wanted, got) => {
    expect(() => decode(file)).toThrow(
      new Error(`read: expected field ${wanted}, got ${got}. The file is damaged.`),
    );
  });

  const twice: readonly [string, readonly number[]][] = [
    ["number", [0x08, 1, 0x08, 1]],
    ["text", [0x2a, 0, 0x08, 1, 0x2a, 0]],
    ["point", [0x42, 0, 0x42, 0]],
  ];
  test.each(twice)("refuses the field %s where it comes twice", (name, file) => {
    expect(() => decode(file)).toThrow(
      new Error(`read: expected field ${name} once, got it twice. The file is damaged.`),
    );
  });

  const tooLarge: readonly [string, readonly number[]][] = [
    ["9007199254740992", [...Array(7).fill(0x80), 0x10]],
    ["-9007199254740992", [...Array(7).fill(0x80), 0xf0, 0xff, 0x01]],
    ["9223372036854775807", [...Array(8).fill(0xff), 0x7f]],
  ];
  test.each(tooLarge)("rounds %s, which is no exact number", (number, varint) => {
    expect(decode([0x08, ...varint]).number).toBe(Number(number));
    expect(decode([0x12, varint.length, ...varint]).numbers).toEqual([Number(number)]);
  });

  test("refuses more messages than it is allowed, at any depth", () => {
    const three = [0x42, 0, 0x82, 0x01, 0]; // one with two in it
    expect(decode(three, 3).points).toHaveLength(1);
    expect(() => decode(three, 2)).toThrow(
      new Error("read: expected at most 2 nodes, tensors and other messages, got more."),
    );
  });

  test("counts messages over all of a file", () => {
    const context = { where: "read", mostMessages: 5, messages: 0 };
    decodeMessage(ALL, Uint8Array.of(0x42, 0), context);
    expect(context.messages).toBe(2);
  });
});
