import { describe, expect, test } from "vitest";
import { DIGIT_PIXELS, DigitRows, digitColumns } from "../../src/mnist/digit-csv.js";

describe("digitColumns", () => {
  test("are those of train.csv and of test.csv", () => {
    const train = digitColumns("train");
    expect(train.length).toBe(785);
    expect(train.slice(0, 3)).toEqual(["label", "pixel0", "pixel1"]);
    expect(train.at(-1)).toBe("pixel783");
    expect(digitColumns("test")).toEqual(train.slice(1));
  });
});

describe("DigitRows", () => {
  test("holds the images that were kept, and their labels", () => {
    const rows = new DigitRows("here");
    rows.next().fill(7);
    rows.keep(3);
    rows.next().fill(9);
    rows.next().fill(8); // the one before was not kept, so this takes its place
    rows.keep(4);
    expect(rows.count).toBe(2);
    expect([...rows.labels()]).toEqual([3, 4]);
    const { data, shape } = rows.images();
    expect(shape).toEqual([2, 28, 28, 1]);
    expect(data).toEqual(Uint8Array.from({ length: 2 * 784 }, (_, i) => (i < 784 ? 7 : 8)));
  });

  test("is empty at first", () => {
    const rows = new DigitRows("here");
    expect(rows.images()).toEqual({ data: new Uint8Array(0), shape: [0, 28, 28, 1] });
    expect(rows.labels()).toEqual(new Uint8Array(0));
  });

  test("grows, and keeps what it has", () => {
    const rows = new DigitRows("here");
    const n = 5000;
    for (let i = 0; i < n; i++) {
      rows.next()[i % DIGIT_PIXELS] = i % 256;
      rows.keep(i % 10);
    }
    const { data, shape } = rows.images();
    expect(shape).toEqual([n, 28, 28, 1]);
    expect(data.length).toBe(n * DIGIT_PIXELS);
    const wrong = Array.from({ length: n }, (_, i) => i).filter(
      (i) => data[i * DIGIT_PIXELS + (i % DIGIT_PIXELS)] !== i % 256 || rows.labels()[i] !== i % 10,
    );
    expect(wrong).toEqual([]);
  });

  test("gives copies, which do not change when more is added", () => {
    const rows = new DigitRows("here");
    rows.next().fill(1);
    rows.keep(1);
    const [images, labels] = [rows.images(), rows.labels()];
    images.data.fill(2);
    labels.fill(2);
    expect(rows.images().data[0]).toBe(1);
    expect(rows.labels()[0]).toBe(1);
  });

  test("refuses more images than there may be", () => {
    const rows = new DigitRows("a/train.csv", 1500);
    for (let i = 0; i < 1500; i++) {
      rows.next();
      rows.keep(0);
    }
    expect(() => rows.next()).toThrow(new Error("a/train.csv: expected at most 1500 images, got more."));
    expect(rows.count).toBe(1500);
  });
});
