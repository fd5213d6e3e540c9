import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../src/formats/onnx/index.js";
import { weightBytes } from "../../src/formats/weight-bytes.js";
import { Dense, Flatten, Sequential, saveModel } from "../../src/index.js";
import { createNetwork } from "../../src/mnist/index.js";
import { readModelFile } from "../../web/src/train/read-model-file.js";

const file = (bytes: Uint8Array, name: string): File => new File([new Uint8Array(bytes)], name);

describe("readModelFile", () => {
  const model = createNetwork("lenet", { seed: 2 });

  test("reads safetensors, whatever the file is called", async () => {
    const read = await readModelFile(file(saveModel(model), "model.bin"));
    expect(weightBytes(read)).toEqual(weightBytes(model));
  });

  test("reads ONNX where the name says so", async () => {
    const read = await readModelFile(file(exportOnnx(model), "Model.ONNX"));
    const images = { data: new Uint8Array(784).fill(7), shape: [1, 28, 28, 1] };
    expect(read.predict(images).data).toEqual(model.predict(images).data);
  });

  test("passes on what is wrong with a broken file", async () => {
    await expect(readModelFile(file(saveModel(model).subarray(0, -4), "m.safetensors"))).rejects.toThrow(
      /^decodeSafetensors: /,
    );
    await expect(readModelFile(file(new Uint8Array(20), "m.onnx"))).rejects.toThrow(/^importOnnx: /);
  });

  test.each([
    [[28, 28, 3], 10, "[28, 28, 3] to [10]"],
    [[784], 10, "[784] to [10]"],
    [[28, 28, 1], 26, "[28, 28, 1] to [26]"],
  ])("refuses a model that is not for digits: %j to %i", async (inputShape, units, got) => {
    const other = new Sequential({ inputShape }, [new Flatten(), new Dense({ units })]);
    await expect(readModelFile(file(saveModel(other), "other.safetensors"))).rejects.toThrow(
      `other.safetensors: expected a model from [28, 28, 1] to [10], as for digits, got one from ${got}.`,
    );
  });

  test("refuses a large file before it reads it", async () => {
    const film = Object.assign(new Blob(), { name: "film.mp4" });
    Object.defineProperty(film, "size", { value: 5_000_000_000 });
    await expect(readModelFile(film)).rejects.toThrow(
      "film.mp4: expected a model of at most 67108864 bytes, got 5000000000. Choose a .safetensors or .onnx file.",
    );
  });
});
