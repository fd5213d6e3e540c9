import { describe, expect, test } from "vitest";
import { LimitedWorkspace } from "../../src/formats/limited-workspace.js";
import { Tensor } from "../../src/tensor/tensor.js";

describe("LimitedWorkspace", () => {
  test("gives tensors of zeros, and room for batches", () => {
    const workspace = new LimitedWorkspace("load", 0);
    expect(workspace.tensor("kernel", [2, 3])).toEqual(Tensor.zeros([2, 3]));
    expect(workspace.batch("y", [4]).of(2).shape).toEqual([2, 4]);
  });

  test("gives 16 numbers for each one in the file and a million more, and not one above", () => {
    const most = 16 * 1000 + 2 ** 20;
    const workspace = new LimitedWorkspace("load", 1000);
    workspace.tensor("kernel", [most - 1]);
    workspace.tensor("bias", [1]);
    expect(() => workspace.tensor("more", [1])).toThrow(
      new Error("load: expected an architecture for the 1000 numbers in the file, got a more of shape [1]."),
    );
  });

  test("refuses shapes that cannot be counted before anything is allocated", () => {
    const workspace = new LimitedWorkspace("load", 1000);
    expect(() => workspace.tensor("kernel", new Array(32).fill(2 ** 53 - 1))).toThrow(
      /^load: expected an architecture for the 1000 numbers in the file, got a kernel of shape \[9007199254740991, /,
    );
  });
});
