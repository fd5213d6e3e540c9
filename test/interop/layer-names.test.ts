import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../src/formats/onnx/export-onnx.js";
import { Flatten, ReLU, Rescaling, Sequential, Tensor } from "../../src/index.js";
import { OnnxModel } from "./onnx-runtime.js";
import { IS_SKIPPED } from "./packages.js";

describe.skipIf(IS_SKIPPED)("onnxruntime-web on layers with names", () => {
  test("of inputs, outputs and nodes that the file has anyway, or in other scripts", async () => {
    const model = new Sequential({ inputShape: [1, 2, 2] }, [
      new Rescaling({ scale: 2, offset: 1, name: "identity" }),
      new ReLU({ name: "output" }),
      new Flatten({ name: "input" }), // with a transposition, as there is one of the input
      new ReLU({ name: "probabilities" }),
      new ReLU({ name: "Größe_大" }),
    ]);
    const file = await OnnxModel.open(exportOnnx(model, { activation: "none" }));
    const y = await file.run(
      Tensor.from([
        [
          [
            [1, -2],
            [3, 4],
          ],
        ],
      ]),
    );
    await file.close();
    expect(y).toBeAllclose([[3, 0, 7, 9]], { rtol: 0, atol: 0 });
  });
});
