import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { IdxDataset } from "../../src/mnist/idx-dataset.js";
import { readTestCsv, readTrainCsv } from "../../src/node/digit-csv.js";
import { exportKaggleCsv } from "../../src/node/export-csv.js";
import { readAnswers } from "../../src/node/submission.js";
import { ShapeError } from "../../src/tensor/errors.js";
import { Random } from "../../src/tensor/random.js";
import { Tensor } from "../../src/tensor/tensor.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tinyconv-"));
});

afterEach(() => rm(folder, { recursive: true }));

/** Images number `first` to `first + n`, each with its number in all pixels and its last digit as its label. */
function numbered(first: number, n: number, size = 28): IdxDataset {
  const numbers = Array.from({ length: n }, (_, i) => first + i);
  return {
    images: {
      data: Uint8Array.from(numbers.flatMap((number) => Array<number>(size * size).fill(number))),
      shape: [n, size, size, 1],
    },
    labels: Uint8Array.from(numbers, (number) => number % 10),
  };
}

const data = { train: numbered(0, 11), test: numbered(11, 6) };

/** The numbers of the images, which are in all their pixels. */
const numbersOf = (images: { readonly data: Uint8Array }): number[] =>
  [...images.data].filter((_, i) => i % 784 === 0);

describe("exportKaggleCsv", () => {
  test("writes 60 % of all images with labels, the others without, and the answers", async () => {
    const out = join(folder, "new", "folder");
    const written = await exportKaggleCsv(out, data, { seed: 3 });
    expect(written).toEqual({
      train: join(out, "train.csv"),
      test: join(out, "test.csv"),
      answers: join(out, "answers.csv"),
      trainImages: 10,
      testImages: 7,
    });
    expect((await readdir(out)).sort()).toEqual(["answers.csv", "test.csv", "train.csv"]);

    const train = await readTrainCsv(written.train);
    const test = await readTestCsv(written.test);
    const answers = await readAnswers(written.answers);
    const order = [...new Random(3).permutation(17)];
    expect(numbersOf(train.images)).toEqual(order.slice(0, 10));
    expect([...train.labels]).toEqual(order.slice(0, 10).map((number) => number % 10));
    expect(numbersOf(test)).toEqual(order.slice(10));
    expect([...answers]).toEqual(order.slice(10).map((number) => number % 10));
  });

  test("draws another order from another seed, and the order of seed 0 by itself", async () => {
    const read = async (options?: { seed: number }): Promise<string> => {
      const { train } = await exportKaggleCsv(folder, data, options);
      return readFile(train, "utf8");
    };
    const byItself = await read();
    expect(await read({ seed: 0 })).toBe(byItself);
    expect(await read({ seed: 1 })).not.toBe(byItself);
  });

  test("takes as few as two images", async () => {
    const two = { train: numbered(0, 1), test: numbered(1, 1) };
    expect(await exportKaggleCsv(folder, two)).toMatchObject({ trainImages: 1, testImages: 1 });
    expect((await readTrainCsv(join(folder, "train.csv"))).labels.length).toBe(1);
    expect((await readAnswers(join(folder, "answers.csv"))).length).toBe(1);
  });

  test("refuses images of another size", async () => {
    const other = { train: data.train, test: numbered(0, 1, 32) };
    await expect(exportKaggleCsv(folder, other)).rejects.toThrow(
      new ShapeError("exportKaggleCsv (test): expected images of 28 x 28, got 32 x 32."),
    );
  });

  test("refuses labels that are too few, before it writes anything", async () => {
    const few = { images: data.train.images, labels: data.train.labels.subarray(0, 5) };
    await expect(exportKaggleCsv(join(folder, "few"), { train: few, test: data.test })).rejects.toThrow(
      new ShapeError("exportKaggleCsv (train): expected as many labels as images, 11, got 5."),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("refuses labels that are no digits", async () => {
    const letters = { train: { ...data.train, labels: new Uint8Array(11).fill(25) }, test: data.test };
    await expect(exportKaggleCsv(folder, letters)).rejects.toThrow(
      new RangeError("exportKaggleCsv (train): expected labels from 0 to 9, got 25 at index 0."),
    );
  });

  test("refuses a seed that is none, and a signal that is none", async () => {
    await expect(exportKaggleCsv(folder, data, { seed: -1 })).rejects.toThrow(
      new RangeError("exportKaggleCsv: expected seed to be a whole number >= 0, got -1 (number)."),
    );
    const signal: unknown = 1;
    await expect(exportKaggleCsv(folder, data, { signal: signal as AbortSignal })).rejects.toThrow(
      new TypeError(
        "exportKaggleCsv: expected signal to be an AbortSignal, got 1 (number). An AbortController has it as `signal`.",
      ),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("refuses a folder that it cannot write to, before it writes anything", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(exportKaggleCsv(file, data)).rejects.toThrow(
      new Error(`Cannot write ${file}: it is a file, not a folder.`),
    );
    const taken = join(folder, "answers.csv");
    await mkdir(taken);
    await expect(exportKaggleCsv(folder, data)).rejects.toThrow(
      new Error(`Cannot write ${taken}: it is a folder, not a file.`),
    );
    expect((await readdir(folder)).sort()).toEqual(["answers.csv", "file"]);
  });

  test("ends with the signal's reason, and leaves no file half written", async () => {
    await expect(exportKaggleCsv(folder, data, { signal: AbortSignal.abort("enough") })).rejects.toBe(
      "enough",
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("refuses what is no data, before it writes anything", async () => {
    const refuse = async (wrong: unknown, message: string): Promise<void> => {
      await expect(exportKaggleCsv(folder, wrong as typeof data)).rejects.toThrow(
        new TypeError(`exportKaggleCsv${message}`),
      );
    };
    const axis: unknown = Object.create(null); // which becomes no text
    const images = { ...data.train.images, shape: [1, axis as number, 28, 1] as const };
    await expect(exportKaggleCsv(folder, { ...data, train: { ...data.train, images } })).rejects.toThrow(
      /^exportKaggleCsv \(train\): expected axes that are whole numbers >= 0, got /,
    );
    await refuse(null, ": expected data to be { train, test }, got null.");
    await refuse({ train: data.train }, " (test): expected a dataset { images, labels }, got undefined.");
    await refuse(
      { train: data.train, test: { ...data.test, images: new Tensor([6, 28, 28, 1]) } },
      " (test): expected images to be bytes, { data: Uint8Array, shape }, got a value of type Tensor.",
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
