import { describe, expect, test } from "vitest";
import { saveModel } from "../../src/formats/model-file.js";
import { floatBytes, weightBytes } from "../../src/formats/weight-bytes.js";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { line, smallNetwork } from "../helpers/models.js";

describe("floatBytes", () => {
  test("has the bytes of each number, the lowest first", () => {
    expect([...floatBytes(Float32Array.of(1, -2))]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test("keeps the bits of a NaN, and starts where the array does in its buffer", () => {
    const words = Uint32Array.of(0, 0x7fa12345);
    expect([...floatBytes(new Float32Array(words.buffer, 4))]).toEqual([0x45, 0x23, 0xa1, 0x7f]);
  });
});

describe("weightBytes", () => {
  test("has the tensors one after the other", () => {
    expect([...weightBytes(line(1, -2))]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test("is the data of the file that saveModel makes, with what is not trained at its end", () => {
    const model = smallNetwork(1, [new BatchNormalization()]);
    const bytes = saveModel(model);
    const header = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(weightBytes(model)).toEqual(bytes.slice(header));
    expect(model.weights.at(-1)?.name).toMatch(/moving_variance$/);
  });
});
