import { describe, expect, test } from "vitest";
import { type ImportPackage, loadLibraries } from "../../../src/node/report/libraries.js";

/** Loads none of the packages in `missing`, and all others. */
function importWithout(...missing: readonly string[]): ImportPackage {
  return async (name) => {
    if (missing.includes(name)) {
      throw Object.assign(new Error(`Cannot find package '${name}'`), { code: "ERR_MODULE_NOT_FOUND" });
    }
    return import(name);
  };
}

describe("loadLibraries", () => {
  test("loads what draws a report", async () => {
    const { vega, vegaLite, sharp } = await loadLibraries();
    expect([typeof vega.View, typeof vegaLite.compile, typeof sharp]).toEqual([
      "function",
      "function",
      "function",
    ]);
  });

  test.each([
    [["sharp"], "the package sharp is"],
    [["vega", "sharp"], "the packages vega and sharp are"],
    [["vega", "vega-lite", "sharp"], "the packages vega, vega-lite and sharp are"],
  ])("says that %j is missing, and how to install it", async (missing, which) => {
    await expect(loadLibraries(importWithout(...missing))).rejects.toThrow(
      new Error(
        `Cannot draw the report: ${which} not installed. Install what draws it with "npm install vega vega-lite sharp".`,
      ),
    );
  });

  test("tells of a package that is there and does not load, and why", async () => {
    const failing: ImportPackage = async (name) => {
      if (name === "sharp") throw new Error("Could not load the linux-x64 runtime\nPossible solutions: ...");
      return import(name);
    };
    await expect(loadLibraries(failing)).rejects.toThrow(
      new Error(
        'Cannot draw the report: the package sharp does not load (Could not load the linux-x64 runtime). Install what draws it with "npm install vega vega-lite sharp".',
      ),
    );
  });
});
