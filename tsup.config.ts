import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "mnist/index": "src/mnist/index.ts",
    "node/index": "src/node/index.ts",
    "cli/main": "src/cli/main.ts",
    worker: "src/tensor/simd/worker.ts",
  },
  format: "esm",
  target: "es2022",
  // what entries share goes into chunks, so that there is one class Tensor and instanceof holds across entries
  splitting: true,
  dts: true,
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false,
});
