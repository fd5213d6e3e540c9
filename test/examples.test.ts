import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);

/** Runs an example as its own comment says, and returns what it printed. */
async function runExample(name: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, ["--import", "tsx", `examples/${name}.ts`, ...args]);
  expect(stderr).toBe("");
  return stdout;
}

describe("the examples", () => {
  it("are all run here", () => {
    const tested = ["mnist-cnn.ts", "own-layer.ts", "training-loop.ts"];
    expect(readdirSync("examples").filter((file) => file.endsWith(".ts"))).toEqual(tested);
  });

  it("mnist-cnn trains on MNIST and prints the summary, the accuracy and the confusion matrix", async () => {
    const printed = await runExample("mnist-cnn", "600");
    expect(printed).toContain("11,274 parameters are trained, 0 are not.");
    expect(printed).toMatch(/epoch 1: loss \d\.\d{4}, val_loss \d\.\d{4}/);
    const accuracy = Number(/test accuracy (\d+\.\d\d) %/.exec(printed)?.[1]);
    expect(accuracy).toBeGreaterThan(20); // chance is 10; six steps are not many
    expect(printed).toContain("precision  recall");
  }, 120_000);

  it("training-loop learns to tell lying from standing bars", async () => {
    const printed = await runExample("training-loop");
    expect(printed).toMatch(/^step 0: loss 0\.\d{4}$/m);
    const accuracy = Number(/accuracy on new pictures: (\d+\.\d) %/.exec(printed)?.[1]);
    expect(accuracy).toBeGreaterThan(99);
  });

  it("own-layer passes the gradient check, and survives saving and loading", async () => {
    const printed = await runExample("own-layer");
    const errors = [...printed.matchAll(/^(?:input|s) .* (\d\.\de[+-]\d+) /gm)].map((match) =>
      Number(match[1]),
    );
    expect(errors).toHaveLength(2);
    for (const error of errors) expect(error).toBeLessThan(1e-3);
    expect(printed).toContain("channel_scale_1 (ChannelScale)");
    expect(printed).toContain("the same predictions: true");
  });
});
