import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadModel } from "../../src/index.js";
import { createNetwork } from "../../src/mnist/index.js";
import { findMnistData, readMnistFolder } from "../../src/node/index.js";

const MAX_BYTES = 150_000;

const bytes = readFileSync("web/public/compact.safetensors");
const readme = readFileSync("web/public/README.md", "utf8");

/** What the table of the README says of the file. */
function stated(row: string): string | undefined {
  return new RegExp(`^\\| ${row} \\| (.*) \\|$`, "m").exec(readme)?.[1];
}

describe("the model that the page starts with", () => {
  test("is the file that its README describes", () => {
    expect(stated("SHA-256")).toBe(`\`${createHash("sha256").update(bytes).digest("hex")}\``);
    expect(stated("size")).toBe(`${bytes.length.toLocaleString("en")} bytes`);
  });

  test("is small enough to be loaded with the page", () => {
    expect(bytes.length).toBeLessThan(MAX_BYTES);
  });

  test("is the network compact", () => {
    expect(loadModel(bytes).summary()).toBe(createNetwork("compact").summary());
  });

  test("knows as many of the 10,000 test images as its README says", async () => {
    const { test } = await readMnistFolder(findMnistData(), { official: true });
    const { accuracy } = await loadModel(bytes).evaluate(test);
    const wrong = Math.round(10_000 * (1 - accuracy));
    expect(stated("test accuracy")).toBe(
      `${(100 * accuracy).toFixed(2)} %: ${wrong} of the 10,000 test images wrong`,
    );
    expect(accuracy).toBeGreaterThan(0.994);
  });
});
