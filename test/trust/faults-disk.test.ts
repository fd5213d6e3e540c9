import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FUNCTIONS } from "../../trust/faults/disk.js";
import { failEveryCall } from "../../trust/faults/failing-saves.js";
import { refuseEveryArray, refuseEveryGrowth } from "../../trust/faults/memory.js";
import { SAVES, type Save } from "../../trust/faults/saves.js";

describe("a disk that fails at any call leaves every file whole, while there is written", () => {
  test.each(["model", "checkpoint", "submission", "tables"] as const)("%s", async (name) => {
    const { calls, errors } = await failEveryCall(SAVES[name], {
      codes: ["EIO"],
      stride: name === "tables" ? 5 : 1,
    });
    expect(calls).toBeGreaterThanOrEqual(12); // open, write, sync, close, rename, and the folder
    expect(errors).toBeGreaterThan(calls / 4);
  });

  test("training", { timeout: 120_000 }, async () => {
    const { calls, errors } = await failEveryCall(SAVES.training, { codes: ["ENOSPC"], stride: 2 });
    expect(calls).toBeGreaterThan(60);
    expect(errors).toBeGreaterThan(calls / 2);
  });
});

test("every function of the disk that the library imports can fail, but for one that asks of a single file", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const imported = files.flatMap((file) => {
    const text = readFileSync(join("src", file), "utf8");
    const [, names = ""] = /import \{([^}]*)\} from "node:fs\/promises"/.exec(text) ?? [];
    return names.split(",").map((name) => name.trim());
  });
  const functions = new Set(imported.filter((name) => name !== "" && !name.startsWith("type ")));
  functions.delete("lstat"); // import.ts looks whether a file is a link
  expect([...functions].sort()).toEqual([...FUNCTIONS].sort());
});

test("a writer without a temporary file is found out", async () => {
  const { writeFile } = await import("node:fs/promises");
  const save: Save = {
    what: "a file",
    write: async (folder, version) => {
      const { open } = await import("node:fs/promises");
      if (version === 1) return writeFile(`${folder}/a`, "the old text");
      const fail = () => {
        throw new Error(`Cannot write ${folder}/a: the disk has failed to read or write it.`);
      };
      const file = await open(`${folder}/a`, "w").catch(fail);
      await file
        .writeFile("the new text")
        .catch(fail)
        .finally(() => file.close());
    },
  };
  await expect(failEveryCall(save, { codes: ["EIO"] })).rejects.toThrow("a is neither old nor new");
});

describe("memory that cannot be had", () => {
  test("ends training with a clear error, and leaves the model as it was", async () => {
    const { requests, errors } = await refuseEveryArray();
    expect(requests).toBeGreaterThan(40);
    expect(errors).toBeGreaterThan(40);
  });

  test("for the kernels is replaced by ordinary arrays", async () => {
    const { requests, errors } = await refuseEveryGrowth(3);
    expect(requests).toBeGreaterThan(0); // how many depends on what the memory was used for before
    expect(errors).toBe(0);
  });
});
