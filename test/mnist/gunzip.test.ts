import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gunzip, gunzipStart, isGzip } from "../../src/mnist/gunzip.js";

const damaged = (where: string) =>
  new Error(
    `${where}: expected one whole gzip member, got data that is cut short, damaged or followed by other bytes. Download the file again.`,
  );

/** Bytes that do not compress away, so that a file of them is longer than one slice of the stream. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

const hello = new TextEncoder().encode("hello hello hello");

describe("gunzip", () => {
  test("unpacks what gzip packed", async () => {
    expect(new TextDecoder().decode(await gunzip(gzipSync(hello), { limit: 17 }))).toBe("hello hello hello");
  });

  test("unpacks nothing to nothing", async () => {
    expect(await gunzip(gzipSync(""), { limit: 0 })).toEqual(new Uint8Array(0));
  });

  test("unpacks any bytes, and many slices of them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await gunzip(gzipSync(bytes), { limit: 300 })).toEqual(bytes);
      }),
    );
    const long = noise(100_000);
    expect(Buffer.compare(await gunzip(gzipSync(long), { limit: 100_000 }), long)).toBe(0);
  });

  test("gives up beyond the limit", async () => {
    await expect(gunzip(gzipSync(hello), { limit: 16, where: "a.gz" })).rejects.toThrow(
      new RangeError(
        "a.gz: expected at most 16 bytes after decompression, got more. The file is damaged or not what it claims to be.",
      ),
    );
  });

  test("gives up on a bomb before it has read it", async () => {
    // 64 MiB of zeros; the end is cut off, so that reading as far would be a different error
    const bomb = gzipSync(new Uint8Array(2 ** 26)).subarray(0, -8);
    await expect(gunzip(bomb, { limit: 1000 })).rejects.toThrow(/at most 1000 bytes after decompression/);
  });

  test("refuses data cut at any byte", async () => {
    const bytes = gzipSync(hello);
    for (let length = 2; length < bytes.length; length++) {
      await expect(gunzip(bytes.subarray(0, length), { limit: 17, where: "a.gz" })).rejects.toThrow(
        damaged("a.gz"),
      );
    }
  });

  test("refuses any flipped bit, or unpacks the same bytes where the bit says nothing of them", async () => {
    const bytes = gzipSync(hello);
    let refused = 0;
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const result = await gunzip(flipped, { limit: 17 }).catch((error: unknown) => error);
      if (result instanceof Error) refused++;
      else expect(result).toEqual(hello);
    }
    // the time stamp, two bytes on the packing system and the padding, at most, do not matter
    expect(refused).toBeGreaterThan(8 * (bytes.length - 7));
  });

  test("refuses a wrong checksum, and a wrong length", async () => {
    for (const fromEnd of [8, 4]) {
      const bytes = gzipSync(hello);
      bytes[bytes.length - fromEnd]! ^= 1;
      await expect(gunzip(bytes, { limit: 17 })).rejects.toThrow(damaged("gunzip"));
    }
  });

  test("refuses bytes after the end, be they zeros, other bytes or more gzip data", async () => {
    const bytes = gzipSync(hello);
    for (const tail of [new Uint8Array(1), new Uint8Array(600), hello, bytes]) {
      await expect(gunzip(Buffer.concat([bytes, tail]), { limit: 100 })).rejects.toThrow(damaged("gunzip"));
    }
  });

  test("keeps the engine's own error as the cause", async () => {
    const error: unknown = await gunzip(gzipSync(hello).subarray(0, 20), { limit: 17 }).catch(
      (e: unknown) => e,
    );
    expect(error).toHaveProperty("cause");
    expect(error instanceof Error && error.cause).toBeInstanceOf(Error);
  });

  test("refuses what is no gzip data", async () => {
    await expect(gunzip(hello, { limit: 17, where: "a.gz" })).rejects.toThrow(
      new Error("a.gz: expected gzip data, which begins with the bytes 1f 8b, got the bytes 68 65 6c 6c."),
    );
    await expect(gunzip(new Uint8Array(0), { limit: 17 })).rejects.toThrow(
      new Error("gunzip: expected gzip data, which begins with the bytes 1f 8b, got an empty file."),
    );
  });

  test("refuses a limit that is none", async () => {
    await expect(gunzip(gzipSync(hello), { limit: Number.NaN })).rejects.toThrow(
      new RangeError("gunzip: expected limit to be a whole number >= 0, got NaN (number)."),
    );
  });

  test("refuses an ArrayBuffer", async () => {
    const buffer: unknown = new ArrayBuffer(9);
    await expect(gunzip(buffer as Uint8Array, { limit: 1 })).rejects.toThrow(
      new TypeError(
        "gunzip: expected bytes to be a Uint8Array, got a value of type ArrayBuffer. Wrap it: new Uint8Array(buffer).",
      ),
    );
  });
});

describe("gunzipStart", () => {
  test("gives the first bytes, or all if there are fewer", async () => {
    const bytes = gzipSync(hello);
    expect(new TextDecoder().decode(await gunzipStart(bytes, 5))).toBe("hello");
    expect(await gunzipStart(bytes, 100)).toEqual(hello);
  });

  test("does not look at what follows", async () => {
    const long = noise(100_000);
    const cut = gzipSync(long).subarray(0, 50_000);
    expect(await gunzipStart(cut, 16)).toEqual(long.subarray(0, 16));
  });

  test("refuses data damaged before that point", async () => {
    await expect(gunzipStart(gzipSync(hello).subarray(0, 9), 5, "a.gz")).rejects.toThrow(damaged("a.gz"));
  });
});

test("isGzip looks at the first two bytes", () => {
  expect(isGzip(gzipSync(hello))).toBe(true);
  expect(isGzip(Uint8Array.of(0x1f))).toBe(false);
  expect(isGzip(Uint8Array.of(0, 0, 8, 3))).toBe(false);
});
