import { describe, expect, test } from "vitest";
import { BatchNormalization } from "../../src/layers/batch-normalization.js";
import { Dense } from "../../src/layers/dense.js";
import { Sequential } from "../../src/model/sequential.js";
import { smallNetwork } from "../helpers/models.js";

describe("summary", () => {
  test("lists layers with their outputs, parameters and multiply-adds, and the totals", () => {
    // the convolution: 9 weights for each of 2 filters, and 2 biases; 4x4 cells · 18 weights
    expect(smallNetwork(1).summary()).toBe(
      [
        "layer                        output  parameters  multiply-adds",
        "------------------------  ---------  ----------  -------------",
        "input                     [6, 6, 1]",
        "conv2d_1 (Conv2D)         [4, 4, 2]          20            288",
        "relu_1 (ReLU)             [4, 4, 2]           0              0",
        "max_pool2d_1 (MaxPool2D)  [2, 2, 2]           0              0",
        "flatten_1 (Flatten)             [8]           0              0",
        "dense_1 (Dense)                 [3]          27             24",
        "total                                        47            312",
        "47 parameters are trained, 0 are not.",
      ].join("\n"),
    );
  });

  test("tells what is trained from what is frozen and what is state, and groups the digits of large numbers", () => {
    const model = new Sequential({ inputShape: [40] }, [
      new Dense({ units: 50, trainable: false }), // 2,050
      new BatchNormalization(), // 100 are trained, 100 are moving averages
      new Dense({ units: 1 }), // 51
    ]);
    expect(model.summary().split("\n").slice(-2)).toEqual([
      "total                                                    2,301          2,050",
      "151 parameters are trained, 2,150 are not.",
    ]);
  });
});
