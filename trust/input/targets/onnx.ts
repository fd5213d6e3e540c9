import { exportOnnx, importOnnx } from "../../../src/formats/onnx/index.js";
import { aModel } from "../samples.js";
import { aFunction, type Target } from "../target.js";

/** Models for other runtimes, and from them. */
export const ONNX: readonly Target[] = [
  aFunction(
    "exportOnnx",
    exportOnnx,
    () => ({ model: aModel(), options: { inputLayout: "NCHW", activation: "none" } }),
    { words: { model: ["Sequential"] } },
  ),
  aFunction(
    "importOnnx",
    importOnnx,
    () => ({
      bytes: exportOnnx(aModel()),
      options: { inputLayout: "NHWC" },
    }),
    { words: { bytes: ["ONNX file"] } },
  ),
];
