/*
 * onnxruntime-web: ONNX Runtime compiled to WebAssembly.
 */
import * as onnxruntime from "onnxruntime-web";
import { readTask } from "../task.js";
import { runContest } from "./onnx-contest.js";

onnxruntime.env.wasm.numThreads = readTask().threads;
await runContest(`onnxruntime-web ${onnxruntime.env.versions.web}`, onnxruntime, {
  executionProviders: ["wasm"],
});
