import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvLines, placeInCsv } from "../../src/node/csv-lines.js";
import { inChunks } from "../helpers/digit-csv.js";

async function linesOf(text: string | Uint8Array, ends: readonly number[] = [], before?: { lines: number }) {
  const lines: { text: string; number: number; isEnded: boolean }[] = [];
  for await (const line of csvLines(inChunks(text, ends), "a.csv", before)) lines.push(line);
  return lines;
}

const textsOf = async (text: string | Uint8Array, ends: readonly number[] = []): Promise<string[]> =>
  (await linesOf(text, ends)).map((line) => line.text);

describe("placeInCsv", () => {
  test("names the file, the row and the column", () => {
    expect(placeInCsv("a.csv", 13, "pixel17")).toBe("a.csv, row 12 (line 13), column pixel17");
    expect(placeInCsv("a.csv", 2)).toBe("a.csv, row 1 (line 2)");
    expect(placeInCsv("a.csv", 1)).toBe("a.csv, header (line 1)");
  });
});

describe("csvLines", () => {
  test("ends lines at LF, CR LF and CR, and numbers them", async () => {
    expect(await linesOf("one\ntwo\r\nthree\rfour\n\nsix")).toEqual([
      { text: "one", number: 1, isEnded: true },
      { text: "two", number: 2, isEnded: true },
      { text: "three", number: 3, isEnded: true },
      { text: "four", number: 4, isEnded: true },
      { text: "", number: 5, isEnded: true },
      { text: "six", number: 6, isEnded: false },
    ]);
  });

  test.each([
    ["", []],
    ["\n", [""]],
    ["a\r", ["a"]],
    ["a\r\n", ["a"]],
    ["a\r\r", ["a", ""]],
    ["a\n\r", ["a", ""]],
  ])("has no line after the last end of a line: %j", async (text, expected) => {
    const lines = await linesOf(text);
    expect(lines.map((line) => line.text)).toEqual(expected);
    expect(lines.every((line) => line.isEnded)).toBe(true);
  });

  test("goes on counting where another reader has stopped", async () => {
    const before = { lines: 0 };
    async function* chunks() {
      before.lines = 10;
      yield* inChunks("a\nb");
    }
    const numbers: number[] = [];
    for await (const { number } of csvLines(chunks(), "a.csv", before)) numbers.push(number);
    expect(numbers).toEqual([11, 12]);
  });

  test("gives the same lines for chunks of any lengths", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "\r", "\n", "\r\n", "𝟛", "\uFEFF", "\u2028") });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40)), async (content, ends) => {
        expect(await linesOf(content, ends)).toEqual(await linesOf(content));
        const texts = content.split(/\r\n|\n|\r/);
        if (texts.at(-1) === "") texts.pop();
        expect(await textsOf(content, ends)).toEqual(texts);
      }),
    );
  });

  test("takes bytes that are not UTF-8 as characters that cannot be read", async () => {
    expect(await textsOf(Uint8Array.of(0x61, 0xff, 0x0a, 0xc3))).toEqual(["a\uFFFD", "\uFFFD"]);
  });

  test("refuses UTF-16, in either order of bytes, with a byte order mark or without", async () => {
    const little = Buffer.from("label\n", "utf16le");
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big, Buffer.concat([Buffer.of(0xff, 0xfe), little])]) {
      await expect(linesOf(bytes)).rejects.toThrow(
        new Error(
          "a.csv, header (line 1): expected text in UTF-8, got a NUL character, as UTF-16 has. Save it as UTF-8.",
        ),
      );
    }
  });

  test("refuses a NUL character, and says where", async () => {
    await expect(linesOf("a\nb\nc\0\nd")).rejects.toThrow(
      new Error(
        "a.csv, row 2 (line 3): expected text in UTF-8, got a NUL character, as UTF-16 has. Save it as UTF-8.",
      ),
    );
  });

  test("refuses a ZIP archive", async () => {
    await expect(linesOf(Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0))).rejects.toThrow(
      new Error("a.csv: expected CSV, got a ZIP archive. Unzip it first."),
    );
    expect(await textsOf("a\nPK\u0003\u0004")).toEqual(["a", "PK\u0003\u0004"]); // which begins none
  });

  const tooLong = (place: string) =>
    new Error(`a.csv, ${place}: expected a line of at most 65536 characters, got a longer one.`);

  test.each(["", "\n", "\r\n", "\r"])(
    "takes a line of 65,536 characters and no longer one, with end %j",
    async (end) => {
      const longest = "x".repeat(65_536);
      for (const ends of [[], [65_536], [65_537], [65_538], [65_539]]) {
        expect(await textsOf(longest + end, ends)).toEqual([longest]);
        expect(await textsOf(`a\n${longest}${end}`, ends)).toEqual(["a", longest]);
        await expect(linesOf(`${longest}x${end}`, ends)).rejects.toThrow(tooLong("header (line 1)"));
        await expect(linesOf(`a\n${longest}x${end}`, ends)).rejects.toThrow(tooLong("row 1 (line 2)"));
      }
    },
  );

  test("gives the lines before one that is too long", async () => {
    const lines: string[] = [];
    const reading = (async () => {
      for await (const { text } of csvLines(inChunks(`a\nb\n${"x".repeat(70_000)}`), "a.csv"))
        lines.push(text);
    })();
    await expect(reading).rejects.toThrow(tooLong("row 2 (line 3)"));
    expect(lines).toEqual(["a", "b"]);
  });

  test("does not read on in a line without end", async () => {
    let chunksRead = 0;
    let isClosed = false;
    async function* endless() {
      const chunk = new Uint8Array(10_000).fill(0x31);
      try {
        for (; ; chunksRead++) yield chunk;
      } finally {
        isClosed = true;
      }
    }
    const reading = (async () => {
      for await (const line of csvLines(endless(), "a.csv")) expect(line).toBeUndefined();
    })();
    await expect(reading).rejects.toThrow(tooLong("header (line 1)"));
    expect(chunksRead).toBe(6); // the seventh passes 65,537
    expect(isClosed).toBe(true);
  });
});
