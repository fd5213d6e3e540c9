import { setTimeout } from "node:timers/promises";
import { constants, deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { gunzip, gunzipStart } from "../../src/mnist/gunzip.js";
import { unpackIdx } from "../../src/mnist/idx-dataset.js";
import { idxBytes } from "../helpers/idx.js";

const MB = 1e6;

/**
 * 10 MB of gzip data that unpack to 10 GB: a header of an IDX file, and zeros without an end. They need not be packed
 * one by one: after a full flush, the same zeros are packed to the same bytes each time.
 */
function bomb(header: Uint8Array): Uint8Array {
  const flushed = { finishFlush: constants.Z_FULL_FLUSH };
  const zeros = deflateRawSync(new Uint8Array(2 ** 24), flushed);
  const count = Math.ceil((10 * MB) / zeros.length);
  const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
  return Buffer.concat([gzipHeader, deflateRawSync(header, flushed), ...new Array(count).fill(zeros)]);
}

/** Bytes of memory that the process takes more at its peak while it works, and what the work has thrown. */
async function watch(work: () => Promise<unknown>): Promise<{ memory: number; error: unknown }> {
  const before = process.memoryUsage.rss();
  let [peak, isDone] = [before, false];
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const watching = (async () => {
    while (!isDone) {
      look();
      await setTimeout(1);
    }
  })();
  const error = await work().catch((reason: unknown) => reason);
  look();
  isDone = true;
  await watching;
  return { memory: peak - before, error };
}

describe("10 MB of gzip data that unpack to 10 GB", () => {
  const images = (n: number) => idxBytes(2051, [n, 28, 28], []);

  test.each([
    [10, 7_856],
    [10_000, 7_840_016],
    [60_000, 47_040_016],
  ])("as %d images take no memory beyond theirs, and are refused", async (n, limit) => {
    const data = bomb(images(n));
    expect(data.length).toBeLessThan(10.1 * MB);
    const { memory, error } = await watch(() => unpackIdx(data, "images", "a.gz"));
    expect(error).toEqual(
      new RangeError(
        `a.gz: expected at most ${limit} bytes after decompression, got more. The file is damaged or not what it claims to be.`,
      ),
    );
    expect(memory).toBeLessThan(2 * limit + 60 * MB);
  });

  test("are not unpacked at all where the header is wrong", async () => {
    const data = bomb(images(2 ** 31));
    const { memory, error } = await watch(() => unpackIdx(data, "images", "a.gz"));
    expect(error).toEqual(
      new Error(
        "a.gz: expected a file of at most 2147483648 bytes, got a header for 2147483648 images of 28 x 28. The file is damaged: download it again.",
      ),
    );
    expect(memory).toBeLessThan(60 * MB);
  });

  test("give up their first bytes for no more than those", async () => {
    const data = bomb(images(1));
    const { memory, error } = await watch(async () => {
      expect(await gunzipStart(data, 16)).toEqual(images(1));
      return gunzip(data, { limit: 0 });
    });
    expect(error).toBeInstanceOf(RangeError);
    expect(memory).toBeLessThan(60 * MB);
  });
});
