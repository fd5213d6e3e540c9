import { defineConfig } from "tsup";

export default defineConfig([
  {
    entry: {
      index: "src/index.ts",
      "mnist/index": "src/mnist/index.ts",
      "node/index": "src/node/index.ts",
      "onnx/index": "src/formats/onnx/index.ts",
      "cli/main": "src/cli/main.ts",
    },
    format: "esm",
    target: "es2022",
    // what entries share goes into chunks, so that there is one class Tensor and instanceof holds across entries
    splitting: true,
    dts: true,
    sourcemap: true,
    clean: ["!worker.js", "!worker.js.map"], // which the other build may have written by then
    removeNodeProtocol: false,
  },
  {
    // in one piece, so that it can be put beside a bundle
    entry: { worker: "src/tensor/simd/worker.ts" },
    format: "esm",
    target: "es2022",
    splitting: false,
    sourcemap: true,
    removeNodeProtocol: false,
  },
]);
