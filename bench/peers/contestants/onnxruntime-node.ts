/*
 * onnxruntime-node: ONNX Runtime as native code.
 */
import * as onnxruntime from "onnxruntime-node";
import { readTask } from "../task.js";
import { runContest } from "./onnx-contest.js";

await runContest(`onnxruntime-node ${onnxruntime.env.versions.node}`, onnxruntime, {
  executionProviders: ["cpu"],
  intraOpNumThreads: readTask().threads,
});
