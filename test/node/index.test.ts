import { describe, expect, test } from "vitest";
import * as node from "../../src/node/index.js";

/** A call with arguments that no type would let through. */
type Call = (...args: readonly unknown[]) => unknown;
const callOf =
  (name: string): Call =>
  (...args) => {
    const [owner, method] = name.split(".");
    const found: unknown = Reflect.get(node, owner!);
    if (method === undefined) return Reflect.apply(found as Call, undefined, args);
    return Reflect.apply(Reflect.get(Object(found), method), found, args);
  };

const OF_FILES = [
  ...["readTrainCsv", "readTestCsv", "readAnswers", "readModel", "readCheckpoint", "readImage"],
  ...["writeModel", "writeCheckpoint", "writeSubmission", "writeFileAtomically"],
];
const OF_FOLDERS = [
  ...["Checkpoints.create", "Checkpoints.resume", "exportKaggleCsv", "prepareOutputFolder"],
  ...["readMnistFolder", "readRunMetrics", "readRunModel", "writeReport"],
];
const WITH_OPTIONS = [
  ...["readTrainCsv", "readTestCsv", "readAnswers", "readModel", "readCheckpoint"],
  ...["Checkpoints.create", "Checkpoints.resume", "readMnistFolder"],
];

describe("the entry tinyconv/node", () => {
  test.each(OF_FILES)("has %s refuse what is no path, in its own name", async (name) => {
    for (const [path, got] of [
      ["", '"" (string)'],
      [3, "3 (number)"],
    ]) {
      await expect(callOf(name)(path)).rejects.toThrow(
        new TypeError(`${name}: expected path to be the path of a file, got ${got}.`),
      );
    }
  });

  test.each(OF_FOLDERS)("has %s refuse what is no folder, in its own name", async (name) => {
    await expect(callOf(name)("a\0b")).rejects.toThrow(
      new TypeError(`${name}: expected folder to be the path of a folder, got "a\\u0000b" (string).`),
    );
  });

  test.each(WITH_OPTIONS)("has %s refuse options that are none, in its own name", async (name) => {
    await expect(callOf(name)("nowhere", null)).rejects.toThrow(
      new TypeError(`${name}: expected options to be an object, as in { name: value }, got null.`),
    );
  });

  test("has exportKaggleCsv refuse options that are none", async () => {
    await expect(callOf("exportKaggleCsv")("nowhere", {}, 3)).rejects.toThrow(
      new TypeError(
        "exportKaggleCsv: expected options to be an object, as in { name: value }, got 3 (number).",
      ),
    );
  });

  test.each(["readModel", "readCheckpoint", "Checkpoints.resume"])(
    "has %s refuse layers that are none, before it reads",
    async (name) => {
      await expect(callOf(name)("nowhere", { layers: [] })).rejects.toThrow(
        new TypeError(`${name} (layers): expected options to be an object, as in { name: value }, got [].`),
      );
      await expect(callOf(name)("nowhere", { layers: { Mine: () => 1 } })).rejects.toThrow(
        new TypeError(`${name}: expected layers.Mine to be a class, got a value of type Function.`),
      );
    },
  );
});
