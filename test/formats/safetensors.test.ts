import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.js";
import { sizeOf } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { withoutMemoryFor } from "../helpers/refuse-arrays.js";

/** A file with one tensor, written by hand: a = [1, -2]. */
const fileOfA = Uint8Array.of(
  ...[56, 0, 0, 0, 0, 0, 0, 0], // the length of the header: 54 characters and two spaces
  ...new TextEncoder().encode('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  '),
  ...[0x00, 0x00, 0x80, 0x3f], // 1 is 3f800000 in float32; the lowest byte comes first
  ...[0x00, 0x00, 0x00, 0xc0], // -2 is c0000000
);

/** A file with the given header length, header bytes and data bytes, right or wrong. */
function fileOf(headerLength: bigint, header: Uint8Array, data: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, headerLength, true);
  bytes.set(header, 8);
  bytes.set(data, 8 + header.length);
  return bytes;
}

/** The bits of a tensor, so that NaN equals NaN and 0 does not equal -0. */
const bitsOf = ({ data }: Tensor): Uint32Array => new Uint32Array(data.buffer, data.byteOffset, data.length);

// no backslashes: once V8 13 has parsed a key that is one, JSON.parse may read an escape that begins a later key as
// one too (https://github.com/nodejs/node/issues/63785)
const names = fc.oneof(
  fc.string({ unit: "grapheme" }).filter((name) => !name.includes("\\")),
  fc.constantFrom("__proto__", "constructor", "10", "2", '"', "\0", "a/b.c", "\u{1F600}"),
);
const tensors = fc
  .array(fc.nat({ max: 3 }), { maxLength: 4 })
  .chain((shape) =>
    fc
      .array(fc.float(), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
      .map((values) => Tensor.from(values, shape)),
  );
const files = fc.tuple(
  fc.array(fc.tuple(names, tensors)).map((entries) => new Map(entries)),
  fc.array(fc.tuple(names, fc.string({ unit: "grapheme" }))).map((entries) => new Map(entries)),
);

describe("encodeSafetensors", () => {
  test("writes the length of the header, the header and the data", () => {
    expect(encodeSafetensors(new Map([["a", Tensor.from([1, -2])]]))).toEqual(fileOfA);
  });

  test("writes an empty file as an empty object", () => {
    expect(encodeSafetensors(new Map())).toEqual(fileOf(8n, new TextEncoder().encode("{}      ")));
  });

  test("takes metadata as a Map or as an object", () => {
    const metadata = { format: "tinyconv", epoch: "3" };
    const bytes = encodeSafetensors(new Map(), metadata);
    expect(encodeSafetensors(new Map(), new Map(Object.entries(metadata)))).toEqual(bytes);
    expect(decodeSafetensors(bytes).metadata).toEqual(new Map(Object.entries(metadata)));
  });

  test("writes a tensor that is part of a larger array", () => {
    const part = new Tensor([2], Float32Array.of(9, 1, -2, 9).subarray(1, 3));
    expect(encodeSafetensors(new Map([["a", part]]))).toEqual(fileOfA);
  });

  test("begins the data at a multiple of 8 bytes, whatever the names", () => {
    fc.assert(
      fc.property(files, ([written, metadata]) => {
        const bytes = encodeSafetensors(written, metadata);
        expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
      }),
    );
  });

  test.each([
    [{}, "expected tensors to be a Map, got an object."],
    [new Map([["a", 3]]), 'expected tensor "a" to be a Tensor, got 3 (number).'],
    [new Map([[5, new Tensor([1])]]), "expected tensor names to be text, got 5."],
  ])("refuses tensors that are none", (wrong, message) => {
    expect(() => encodeSafetensors(wrong as never)).toThrow(new TypeError(`encodeSafetensors: ${message}`));
  });

  test.each([
    [null, "expected metadata to be a Map or an object, got null."],
    ["text", 'expected metadata to be a Map or an object, got "text" (string).'],
    [{ epoch: 3 }, 'expected metadata "epoch" to be text, got 3.'],
    [new Map([[3, "epoch"]]), "expected metadata keys to be text, got 3."],
  ])("refuses metadata that is not text: %j", (wrong, message) => {
    expect(() => encodeSafetensors(new Map(), wrong as never)).toThrow(
      new TypeError(`encodeSafetensors: ${message}`),
    );
  });

  test("refuses a tensor with the name of the metadata", () => {
    expect(() => encodeSafetensors(new Map([["__metadata__", new Tensor([1])]]))).toThrow(
      new RangeError(
        'encodeSafetensors: expected tensor names other than "__metadata__", got "__metadata__". The format keeps it for texts.',
      ),
    );
  });

  test("refuses half a surrogate pair", () => {
    const half = "\uD83D";
    const message = (what: string) =>
      new RangeError(
        `encodeSafetensors: expected ${what} to be Unicode, got half a surrogate pair in "\\ud83d".`,
      );
    expect(() => encodeSafetensors(new Map([[half, new Tensor([1])]]))).toThrow(message("tensor names"));
    expect(() => encodeSafetensors(new Map(), { [half]: "" })).toThrow(message("metadata keys"));
    expect(() => encodeSafetensors(new Map(), { k: half })).toThrow(message('metadata "k"'));
  });

  test("refuses a header that no reader would take", () => {
    expect(() => encodeSafetensors(new Map(), { k: "x".repeat(1e8) })).toThrow(
      new RangeError(
        "encodeSafetensors: expected a header of at most 100000000 bytes, got 100000032. Shorten the metadata.",
      ),
    );
  });
});

describe("decodeSafetensors", () => {
  test("reads the file written by hand", () => {
    const { tensors, metadata } = decodeSafetensors(fileOfA);
    expect([...tensors]).toEqual([["a", Tensor.from([1, -2])]]);
    expect(metadata.size).toBe(0);
  });

  test("reads back what was written, bit for bit", () => {
    fc.assert(
      fc.property(files, ([written, metadata]) => {
        const read = decodeSafetensors(encodeSafetensors(written, metadata));
        expect(read.metadata).toEqual(metadata);
        expect(new Set(read.tensors.keys())).toEqual(new Set(written.keys()));
        for (const [name, tensor] of written) {
          expect(read.tensors.get(name)!.shape).toEqual(tensor.shape);
          expect(bitsOf(read.tensors.get(name)!)).toEqual(bitsOf(tensor));
        }
      }),
    );
  });

  test("keeps the order of the tensors, of names that look like numbers too", () => {
    const names = ["b", "10", "2", "a"];
    const bytes = encodeSafetensors(new Map(names.map((name) => [name, new Tensor([1])])));
    expect([...decodeSafetensors(bytes).tensors.keys()]).toEqual(names);
  });

  test("keeps NaN, its bits too, infinities and -0", () => {
    const bits = Uint32Array.of(0x7fc00000, 0x7f800001, 0xffc12345, 0x7f800000, 0xff800000, 0x80000000);
    const special = new Tensor([6], new Float32Array(bits.buffer));
    const { tensors } = decodeSafetensors(encodeSafetensors(new Map([["a", special]])));
    expect(bitsOf(tensors.get("a")!)).toEqual(bits);
  });

  test("reads a file that begins at any byte of a larger one", () => {
    for (let shift = 0; shift < 8; shift++) {
      const larger = new Uint8Array(fileOfA.length + 16).fill(255);
      larger.set(fileOfA, shift);
      const { tensors } = decodeSafetensors(larger.subarray(shift, shift + fileOfA.length));
      expect(tensors.get("a")).toEqual(Tensor.from([1, -2]));
    }
  });

  test("reads a header of odd length, as others may write it", () => {
    const odd = fileOf(55n, fileOfA.subarray(8, 63), [...fileOfA.subarray(64)]);
    expect(decodeSafetensors(odd).tensors.get("a")).toEqual(Tensor.from([1, -2]));
  });

  test("reads a file in shared memory and a Node Buffer", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(fileOfA.length));
    shared.set(fileOfA);
    expect(decodeSafetensors(shared).tensors.get("a")).toEqual(Tensor.from([1, -2]));
    expect(decodeSafetensors(Buffer.from(fileOfA)).tensors.get("a")).toEqual(Tensor.from([1, -2]));
  });

  test("gives tensors that do not change when the bytes do", () => {
    const bytes = fileOfA.slice();
    const { tensors } = decodeSafetensors(bytes);
    bytes.fill(0);
    expect(tensors.get("a")).toEqual(Tensor.from([1, -2]));
  });

  test("refuses what is not a Uint8Array", () => {
    expect(() => decodeSafetensors("file" as never)).toThrow(
      new TypeError('decodeSafetensors: expected bytes to be a Uint8Array, got "file" (string).'),
    );
  });

  test.each([0, 1, 7])("refuses a file of %i bytes", (length) => {
    expect(() => decodeSafetensors(fileOfA.subarray(0, length))).toThrow(
      new Error(`decodeSafetensors: expected at least 8 bytes, got ${length}. The file is truncated.`),
    );
  });

  test.each([100_000_001n, 2n ** 53n + 1n, 2n ** 64n - 1n])("refuses a header length of %d", (length) => {
    expect(() => decodeSafetensors(fileOf(length, new Uint8Array(16)))).toThrow(
      new Error(
        `decodeSafetensors: expected a header of at most 100000000 bytes, got ${length}. This is not a safetensors file.`,
      ),
    );
  });

  test("refuses a header longer than the file", () => {
    expect(() => decodeSafetensors(fileOf(17n, new Uint8Array(16)))).toThrow(
      new Error(
        "decodeSafetensors: expected a header of 17 bytes, got 16. The file is truncated, or is not a safetensors file.",
      ),
    );
  });

  test("refuses a header that is not UTF-8", () => {
    expect(() => decodeSafetensors(fileOf(4n, Uint8Array.of(0x7b, 0xff, 0x7d, 0x20)))).toThrow(
      new Error("decodeSafetensors: expected the header to be UTF-8, got bytes that are not."),
    );
  });

  test("refuses a byte order mark", () => {
    expect(() => decodeSafetensors(fileOf(5n, Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)))).toThrow(
      new Error('decodeSafetensors: expected the header to begin with "{", got "\uFEFF{}".'),
    );
  });

  test("refuses a tensor of another type by its name", () => {
    const half = new TextEncoder().encode('{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}');
    expect(() => decodeSafetensors(fileOf(BigInt(half.length), half, [0, 0, 0, 0]))).toThrow(
      new Error(
        'decodeSafetensors: expected tensor "a" to have dtype "F32", got "F16". Convert it to float32 first.',
      ),
    );
  });

  test("refuses bytes behind the last tensor", () => {
    const longer = Uint8Array.of(...fileOfA, 0);
    expect(() => decodeSafetensors(longer)).toThrow(
      new Error("decodeSafetensors: expected 8 bytes of data, as the tensors have, got 9."),
    );
  });

  // two tensors, one of them empty, and metadata: every part of the format is in these bytes
  const sample = encodeSafetensors(
    new Map([
      ["a", Tensor.from([[1, -2]])],
      ["empty", new Tensor([0])],
      ["é", Tensor.from(3)],
    ]),
    { k: '"v"' },
  );

  test("refuses the file cut at every byte", () => {
    for (let length = 0; length < sample.length; length++) {
      expect(() => decodeSafetensors(sample.slice(0, length))).toThrow(
        /^decodeSafetensors: expected .+, got .+\.$/s,
      );
    }
  });

  test("refuses the file, or reads sound tensors, whichever bit is flipped", () => {
    let refused = 0;
    for (let bit = 0; bit < 8 * sample.length; bit++) {
      const bytes = sample.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      if (!decodesSoundly(bytes, 12)) refused++;
    }
    expect(refused).toBeGreaterThan(sample.length); // most bits of the header matter
  });

  test("refuses, or reads sound tensors from, any bytes in the header's place", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 200 }), (noise, at) => {
        const bytes = sample.slice();
        bytes.set(noise.subarray(0, bytes.length - at), at);
        decodesSoundly(bytes, bytes.length);
      }),
      { numRuns: 500 },
    );
  });
});

/** False if the bytes are refused in the words of the decoder; checks the tensors if they are not. */
function decodesSoundly(bytes: Uint8Array, maxDataBytes: number): boolean {
  let read: ReturnType<typeof decodeSafetensors>;
  try {
    read = decodeSafetensors(bytes);
  } catch (error) {
    expect((error as Error).constructor).toBe(Error);
    expect((error as Error).message).toMatch(/^decodeSafetensors: expected .+, got .+\.$/s);
    return false;
  }
  let dataBytes = 0;
  for (const tensor of read.tensors.values()) {
    expect(tensor.data.length).toBe(sizeOf(tensor.shape));
    dataBytes += tensor.data.buffer.byteLength;
  }
  expect(dataBytes).toBeLessThanOrEqual(maxDataBytes);
  for (const text of read.metadata.values()) expect(typeof text).toBe("string");
  // what could be read can be written and read again
  const again = decodeSafetensors(encodeSafetensors(read.tensors, read.metadata));
  expect(new Set(again.tensors.keys())).toEqual(new Set(read.tensors.keys()));
  return true;
}

describe("where there is no memory", () => {
  const tensors = new Map([["a", Tensor.zeros([100])]]);

  test("for a file, that is said", () => {
    expect(() => withoutMemoryFor("Uint8Array", () => encodeSafetensors(tensors))).toThrow(
      /^encodeSafetensors: expected a shape that fits into memory, got \[\d+\]/,
    );
  });

  test("for a tensor, that is said", () => {
    const file = encodeSafetensors(tensors);
    expect(() => withoutMemoryFor("Uint32Array", () => decodeSafetensors(file))).toThrow(
      new RangeError("decodeSafetensors: expected a shape that fits into memory, got [100] (4e-7 GB)."),
    );
  });
});
