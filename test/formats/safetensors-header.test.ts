import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHeader, writeHeader } from "../../src/formats/safetensors-header.js";

/** The header `{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}` with some fields of "a" changed. */
const headerOfA = (changes: object = {}): string =>
  JSON.stringify({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...changes } });

/** A header of vectors: a name, then where its data begins and ends. */
const headerOf = (...fields: readonly (readonly [name: string, begin: number, end: number])[]): string => {
  const tensors = fields.map(([name, begin, end]) => {
    const field = { dtype: "F32", shape: [(end - begin) / 4], data_offsets: [begin, end] };
    return `${JSON.stringify(name)}: ${JSON.stringify(field)}`;
  });
  return `{${tensors.join(", ")}}`;
};

describe("writeHeader", () => {
  test("writes the metadata, then the tensors in the order given", () => {
    const entries = [
      { name: "w", shape: [2, 3], begin: 0, end: 24 },
      { name: "1", shape: [], begin: 24, end: 28 },
    ];
    expect(writeHeader(entries, [["k", 'say "v"']])).toBe(
      '{"__metadata__":{"k":"say \\"v\\""},' +
        '"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},' +
        '"1":{"dtype":"F32","shape":[],"data_offsets":[24,28]}}',
    );
  });

  test("leaves empty metadata out", () => {
    expect(writeHeader([], [])).toBe("{}");
  });
});

describe("readHeader", () => {
  test("gives each tensor its place", () => {
    expect(readHeader(headerOfA(), 8).entries).toEqual([{ name: "a", shape: [2], begin: 0, end: 8 }]);
  });

  test("orders the tensors by their data, an empty one before the next", () => {
    const { entries } = readHeader(headerOf(["c", 4, 12], ["b", 4, 4], ["1", 12, 12], ["a", 0, 4]), 12);
    expect(entries.map(({ name }) => name)).toEqual(["a", "b", "c", "1"]);
  });

  test("reads texts, of any key", () => {
    const { metadata } = readHeader('{"__metadata__": {"__proto__": "p", "constructor": "c"}}', 0);
    expect([...metadata]).toEqual([
      ["__proto__", "p"],
      ["constructor", "c"],
    ]);
  });

  test("takes names that objects inherit for names like others", () => {
    const { entries } = readHeader(
      headerOf(["__proto__", 0, 4], ["constructor", 4, 8], ["toString", 8, 12]),
      12,
    );
    expect(entries.map(({ name }) => name)).toEqual(["__proto__", "constructor", "toString"]);
  });

  test("reads back what writeHeader wrote", () => {
    const entries = [
      { name: "\u{1F600}", shape: [1, 0], begin: 0, end: 0 },
      { name: "b", shape: [1, 3], begin: 0, end: 12 },
    ];
    expect(readHeader(writeHeader(entries, [["", ""]]), 12)).toEqual({
      entries,
      metadata: new Map([["", ""]]),
    });
  });

  test("accepts vectors exactly when each byte of the data belongs to one of them", () => {
    const vector = fc.tuple(fc.nat({ max: 4 }), fc.integer({ min: 1, max: 3 }));
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 3 }), (vectors) => {
        const owners = new Array<number>(4).fill(0); // of each of the four numbers in 16 bytes of data
        for (const [start, length] of vectors) {
          for (let i = start; i < start + length; i++) owners[i] = (owners[i] ?? 1) + 1; // 5 and on is outside
        }
        const header = headerOf(
          ...vectors.map(([start, n], i) => [`t${i}`, 4 * start, 4 * (start + n)] as const),
        );
        if (owners.every((count) => count === 1)) {
          expect(readHeader(header, 16).entries).toHaveLength(vectors.length);
          accepted++;
        } else {
          expect(() => readHeader(header, 16)).toThrow(/^decodeSafetensors: expected .+, got .+\.$/);
        }
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  const twoDeep = '{"a": {"dtype": "F32", "shape": [[2]], "data_offsets": [0, 8]}}';
  const shapeOfA = 'tensor "a" to have a shape of whole numbers >= 0, less than 2^53 elements';
  const offsetsOfA = 'tensor "a" to have data_offsets [begin, end], 0 <= begin <= end';
  const noGaps = "Tensors may neither overlap nor leave holes.";
  test.each([
    // the JSON itself
    ["", 'the header to begin with "{", got "".'],
    ["[]", 'the header to begin with "{", got "[]".'],
    [" {}", 'the header to begin with "{", got " {}".'],
    ["\uFEFF{}", 'the header to begin with "{", got "\uFEFF{}".'],
    ["{]", 'the header to be JSON, got "{]".'],
    ["{}\0", 'the header to be JSON, got "{}\\u0000".'],
    [twoDeep, "the header to nest at most 3 deep, got deeper nesting."],
    [`{"a": 1, ${headerOfA().slice(1)}`, 'the header to have every key once, got "a" twice.'],
    ['{"\\ud83d": 1}', 'the header to be Unicode, got half a surrogate pair in "\\ud83d".'],
    // texts
    ['{"__metadata__": null}', "__metadata__ to be an object of texts, got null."],
    ['{"__metadata__": ["x"]}', '__metadata__ to be an object of texts, got ["x"].'],
    ['{"__metadata__": {"k": 1}}', 'metadata "k" to be text, got 1.'],
    ['{"__metadata__": {"k": {}}}', 'metadata "k" to be text, got an object.'],
    // the fields of a tensor
    ['{"a": null}', 'tensor "a" to be an object, got null.'],
    ['{"a": [1]}', 'tensor "a" to be an object, got [1].'],
    ['{"a": {}}', 'tensor "a" to have dtype, shape, data_offsets and no more, got [].'],
    [
      '{"a": {"__proto__": {}}}',
      'tensor "a" to have dtype, shape, data_offsets and no more, got ["__proto__"].',
    ],
    [
      headerOfA({ x: 1 }),
      'tensor "a" to have dtype, shape, data_offsets and no more, got ["dtype", "shape", "data_offsets", "x"].',
    ],
    [headerOfA({ dtype: "F16" }), 'tensor "a" to have dtype "F32", got "F16". Convert it to float32 first.'],
    [
      headerOfA({ dtype: ["F32"] }),
      'tensor "a" to have dtype "F32", got ["F32"]. Convert it to float32 first.',
    ],
    // shapes
    [headerOfA({ shape: 2 }), `${shapeOfA}, got 2.`],
    [headerOfA({ shape: { length: 0 } }), `${shapeOfA}, got an object.`],
    [headerOfA({ shape: ["2"] }), `${shapeOfA}, got ["2"].`],
    [headerOfA({ shape: [0.5, 4] }), `${shapeOfA}, got [0.5, 4].`],
    [headerOfA({ shape: [-1, -2] }), `${shapeOfA}, got [-1, -2].`],
    [headerOfA().replace("[2]", "[-0]"), `${shapeOfA}, got [0].`],
    [headerOfA().replace("[2]", "[1e999]"), `${shapeOfA}, got [Infinity].`],
    [headerOfA({ shape: [2 ** 53] }), `${shapeOfA}, got [9007199254740992].`],
    [headerOfA({ shape: [2 ** 27, 2 ** 27] }), `${shapeOfA}, got [134217728, 134217728].`],
    [headerOfA({ shape: [3] }), 'tensor "a" of shape [3] to have 12 bytes, got 8.'],
    [headerOfA({ shape: [0, 2] }), 'tensor "a" of shape [0, 2] to have 0 bytes, got 8.'],
    [headerOfA({ shape: [] }), 'tensor "a" of shape [] to have 4 bytes, got 8.'],
    // places
    [headerOfA({ data_offsets: "0,8" }), `${offsetsOfA}, got "0,8".`],
    [headerOfA({ data_offsets: [0] }), `${offsetsOfA}, got [0].`],
    [headerOfA({ data_offsets: [0, 8, 8] }), `${offsetsOfA}, got [0, 8, 8].`],
    [headerOfA({ data_offsets: [-8, 0] }), `${offsetsOfA}, got [-8, 0].`],
    [headerOfA({ data_offsets: [8, 0] }), `${offsetsOfA}, got [8, 0].`],
    [headerOfA({ data_offsets: [0, 7.5] }), `${offsetsOfA}, got [0, 7.5].`],
    [headerOfA({ data_offsets: [0, 2 ** 53] }), `${offsetsOfA}, got [0, 9007199254740992].`],
    [
      headerOfA({ data_offsets: [0, 16] }),
      'tensor "a" to end within 8 bytes of data, got 16. The file is truncated.',
    ],
    [headerOf(["a", 4, 8]), `tensor "a" to begin at byte 0, where the one before it ends, got 4. ${noGaps}`],
    [
      headerOf(["a", 0, 8], ["b", 4, 8]),
      `tensor "b" to begin at byte 8, where the one before it ends, got 4. ${noGaps}`,
    ],
    [
      headerOf(["a", 0, 4], ["b", 0, 4]),
      `tensor "b" to begin at byte 4, where the one before it ends, got 0. ${noGaps}`,
    ],
    [headerOf(["a", 0, 4]), "4 bytes of data, as the tensors have, got 8."],
    ["{}", "0 bytes of data, as the tensors have, got 8."],
  ])("refuses %s", (header, message) => {
    expect(() => readHeader(header, 8)).toThrow(new Error(`decodeSafetensors: expected ${message}`));
  });
});
