import { describe, expect, test } from "vitest";
import { expectSavedState } from "../../src/optim/saved-state.js";
import { Tensor } from "../../src/tensor/tensor.js";

const tensor = new Tensor([1]);

/** What a caller in JavaScript may give. */
const check = (state: unknown) => () => expectSavedState("Adam.restoreState", "state", state as never);

describe("a saved state", () => {
  test("is numbers and tensors under names, none of either too", () => {
    expect(
      check({ numbers: new Map([["iterations", 3]]), tensors: new Map([["w/m", tensor]]) }),
    ).not.toThrow();
    expect(check({ numbers: new Map(), tensors: new Map() })).not.toThrow();
  });

  test.each([
    ["nothing", null],
    ["no maps", { numbers: {}, tensors: {} }],
    ["no numbers", { tensors: new Map() }],
    ["no tensors", { numbers: new Map() }],
    [
      "a number without a name",
      {
        numbers: new Map<unknown, number>([
          ["a", 1],
          [2, 1],
        ]),
        tensors: new Map(),
      },
    ],
    ["a tensor without a name", { numbers: new Map([["a", 1]]), tensors: new Map([[2, tensor]]) }],
    [
      "a number that is none",
      {
        numbers: new Map<string, unknown>([
          ["a", 1],
          ["b", "1"],
        ]),
        tensors: new Map(),
      },
    ],
    [
      "a tensor that is none",
      {
        numbers: new Map(),
        tensors: new Map<string, unknown>([
          ["a", tensor],
          ["b", [1]],
        ]),
      },
    ],
  ])("is refused with %s", (_, state) => {
    expect(check(state)).toThrow(
      /^Adam\.restoreState: expected state to be a saved state, got (null|an object)\.$/,
    );
  });
});
