import { describe, expect, test } from "vitest";
import * as tinyconv from "../../src/index.js";
import { LAYERS } from "../../src/model/layer-table.js";
import { Random } from "../../src/tensor/random.js";
import { OPTIMIZERS } from "../layer-cases/step.js";
import { drawWeights } from "../layer-cases/subject.js";
import { type CasesOf, LAYER_CASES } from "../layer-cases/table.js";

describe("the table of layer cases", () => {
  test("has a case for every layer of the library, and no other", () => {
    expect(Object.keys(LAYER_CASES).sort()).toEqual(Object.keys(LAYERS).sort());
    const exported = Object.entries(tinyconv).filter(
      ([, value]) => typeof value === "function" && "build" in (value.prototype ?? {}),
    );
    expect(exported.map(([name]) => name).sort()).toEqual(Object.keys(LAYERS).sort());
  });

  test("cannot be compiled without the case of a layer, or with that of another", () => {
    const { Dense, Softmax } = LAYER_CASES;
    const whole: CasesOf<"Dense" | "Softmax"> = { Dense, Softmax };
    // @ts-expect-error: a layer without a case
    const missing: CasesOf<"Dense" | "Softmax"> = { Dense };
    // @ts-expect-error: the case of other options
    const wrong: CasesOf<"Dense" | "Softmax"> = { Dense: LAYER_CASES.Rescaling, Softmax };
    expect([whole, missing, wrong].map((cases) => Object.keys(cases).length)).toEqual([2, 1, 2]);
  });

  test("has its steps made by every optimizer of the library", () => {
    const exported = Object.entries(tinyconv).filter(
      ([, value]) => typeof value === "function" && "step" in (value.prototype ?? {}),
    );
    expect(OPTIMIZERS.map((make) => make().type).sort()).toEqual(exported.map(([name]) => name).sort());
  });

  test("complains of weights that the case does not know of", () => {
    class Shift extends tinyconv.Dense {
      override get parameters() {
        return super.parameters.map((parameter) => ({ ...parameter, name: "shift" }));
      }
    }
    const layer = new Shift({ units: 1 });
    tinyconv.buildLayer(layer, [2]);
    expect(() => drawWeights(layer, new Random(1))).toThrow(
      "drawWeights: expected the case of Dense to draw shift, got nothing.",
    );
  });
});
