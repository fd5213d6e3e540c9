import { expect, test } from "vitest";
import { formatTable } from "../../src/model/table.js";

test("formatTable aligns the first column to the left and the others to the right", () => {
  expect(
    formatTable(
      ["layer", "output", "n"],
      [
        ["dense_1", "[10]", "7850"],
        ["relu", "[10]", ""],
      ],
    ),
  ).toBe(
    ["layer    output     n", "-------  ------  ----", "dense_1    [10]  7850", "relu       [10]"].join("\n"),
  );
});

test("formatTable without rows is a heading", () => {
  expect(formatTable(["layer", "n"], [])).toBe("layer  n\n-----  -");
});
