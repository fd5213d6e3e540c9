import { describe, expect, test } from "vitest";
import { ParameterStates } from "../../src/optim/parameter-states.js";
import { zerosLike } from "../../src/tensor/like.js";
import { Tensor } from "../../src/tensor/tensor.js";

const parameter = (name: string, values: readonly number[]) => {
  const value = Tensor.from([...values]);
  return { name, value, grad: zerosLike(value) };
};
const states = () => new ParameterStates((value: Tensor) => ({ m: zerosLike(value), count: 0 }));

describe("ParameterStates", () => {
  const a = parameter("a", [1, 2]);
  const b = parameter("b", [3]);

  test("makes a state when it is first asked for", () => {
    const kept = states();
    expect(kept.find(a.value)).toBeUndefined();
    kept.of(a.value).count = 5;
    expect(kept.find(a.value)!.count).toBe(5);
    expect(kept.of(b.value).count).toBe(0);
  });

  test("saves fields under the parameter's name, and gives them back to a parameter of that name", () => {
    const kept = states();
    kept.iterations = 7;
    kept.of(a.value).count = 5;
    kept.of(a.value).m.data.set([8, 9]);
    const saved = kept.save("test", [a, b]);
    expect(saved.numbers).toEqual(
      new Map([
        ["iterations", 7],
        ["a/count", 5],
      ]),
    );
    expect([...saved.tensors.keys()]).toEqual(["a/m"]);

    const other = parameter("a", [0, 0]);
    const restored = states();
    restored.of(b.value).count = 3; // of which nothing was saved
    restored.restore("Here", [other, b], saved);
    expect(restored.iterations).toBe(7);
    expect(restored.of(other.value).count).toBe(5);
    expect([...restored.of(other.value).m.data]).toEqual([8, 9]);
    expect(restored.of(other.value).m).not.toBe(kept.of(a.value).m);
    expect(restored.find(b.value)).toBeUndefined();
  });

  test("refuses a state with something missing, left over or of another shape, and keeps its own", () => {
    const kept = states();
    kept.of(a.value).count = 5;
    const { numbers, tensors } = kept.save("test", [a]);
    const refuse = (saved: Parameters<typeof kept.restore>[2], message: string): void => {
      const mine = states();
      mine.of(a.value).count = 1;
      expect(() => mine.restore("Here", [a], saved)).toThrow(new Error(message));
      expect(mine.of(a.value).count).toBe(1);
    };
    refuse({ numbers: new Map(), tensors }, "Here: expected a saved iterations, got none.");
    refuse({ numbers: new Map([["iterations", 1]]), tensors }, "Here: expected a saved a/count, got none.");
    refuse({ numbers, tensors: new Map() }, "Here: expected a saved a/m, got none.");
    refuse(
      { numbers, tensors: new Map([["a/m", new Tensor([3])]]) },
      "Here: expected a saved a/m of shape [2], got [3].",
    );
    refuse(
      { numbers, tensors: new Map([...tensors, ["c/m", b.value]]) },
      "Here: expected only what is kept for the parameters given, got c/m as well.",
    );
  });

  test.each([
    [{}, "an object"],
    [{ numbers: new Map() }, "an object"],
    [{ tensors: new Map() }, "an object"],
    [undefined, "undefined"],
  ])("refuses what is no saved state: %j", (saved, shown) => {
    expect(() => states().restore("Here", [a], saved as never)).toThrow(
      new TypeError(`Here: expected state to be a saved state, got ${shown}.`),
    );
  });
});
