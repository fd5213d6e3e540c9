import { describe, expect, test } from "vitest";
import { formatInspection } from "../../src/cli/inspection-text.js";
import type { OnnxNode } from "../../src/formats/onnx/inspect-onnx.js";
import type { Inspection } from "../../src/node/inspect-file.js";

const tensor = { name: "w", type: "F32", shape: [1], elements: 1, sha256: "0123456789abcdef", notFinite: 0 };

const format = (changes: Partial<Inspection>): string =>
  formatInspection(
    { file: "f", kind: "safetensors", bytes: 1, sha256: "ab", tensors: [tensor], ...changes },
    undefined,
  );

const onnx = (changes: object) =>
  format({
    kind: "onnx",
    onnx: { irVersion: 3, operatorSets: [], producer: "", inputs: [], outputs: [], nodes: [], ...changes },
  });

describe("formatInspection", () => {
  test("shows the first rows of what is long, and how many more there are", () => {
    const many = (n: number) => format({ tensors: Array(n).fill(tensor) });
    expect(many(500).match(/^w /gm)).toHaveLength(500);
    expect(many(500)).not.toContain("more");
    expect(many(200_000).match(/^w /gm)).toHaveLength(500);
    expect(many(200_000)).toMatch(/\nand 199,500 tensors more, which --json tells of$/);
    const node: OnnxNode = { name: "n", operator: "Relu", attributes: [] };
    expect(onnx({ nodes: Array(501).fill(node) })).toContain("\nand 1 node more, which --json tells of\n");
  });

  test("says where there are no tensors, no operators and no numbers", () => {
    expect(format({ tensors: [] })).toMatch(/\n\nNo tensors\.$/);
    expect(onnx({})).toContain("IR version 3, operator sets: none, written by an unknown program\n");
    expect(format({ tensors: [{ ...tensor, sha256: undefined }] })).toMatch(/^w .* elsewhere$/m);
  });

  test("shows attributes in short", () => {
    const attributes: OnnxNode["attributes"] = [
      ["alpha", Math.fround(0.01)],
      ["mode", "constant"],
      ["axes", [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ];
    expect(onnx({ nodes: [{ name: "n", operator: "LeakyRelu", attributes }] })).toContain(
      '\n  LeakyRelu  n  alpha=0.01, mode="constant", axes=[0, 1, 2, 3, 4, 5, 6, 7, ...]\n',
    );
  });

  test("tells where a training is", () => {
    const history = {
      loss: [0.5],
      accuracy: [0.25],
      val_loss: [0.75],
      val_accuracy: [1],
      learningRate: [0.1],
      seconds: [1],
      imagesPerSecond: [1],
    };
    const saved = { numbers: new Map<string, number>(), tensors: new Map<string, never>() };
    const state = {
      epoch: 2,
      batch: 17,
      sums: { images: 17, loss: 1, correct: 1 },
      seconds: 1,
      learningRate: 0.1,
      stopped: true,
      history,
      random: [1, 2, 3, 4] as const,
      steps: 1000,
      optimizerType: "SGD",
      optimizer: saved,
      weightAverage: saved,
      callbacks: [],
    };
    expect(format({ kind: "checkpoint", training: { state, notes: "" } })).toContain(
      "\n\nTraining: 1 epoch done, and 17 of the batches of the next, 1,000 steps by SGD, learning rate 0.1, with a weight average, ended.\n\n" +
        "epoch    loss  accuracy  validation loss  validation accuracy\n" +
        "-----  ------  --------  ---------------  -------------------\n" +
        "1      0.5000    25.00%           0.7500              100.00%\n",
    );
    const long = { ...history, loss: Array(501).fill(0.5), accuracy: Array(501).fill(0.25) };
    const told = format({ kind: "checkpoint", training: { state: { ...state, history: long }, notes: "" } });
    expect(told).toMatch(/^500 +0\.5000 .*\nand 1 epoch more, which --json tells of\n/m);
  });
});
