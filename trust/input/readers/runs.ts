import { formatMetrics, parseMetrics, type RunMetrics } from "../../../src/node/run-metrics.js";
import { readAnswers } from "../../../src/node/submission.js";
import { figures, metrics, repeats } from "../../../test/helpers/run-metrics.js";
import { readAsFile } from "./file.js";
import type { Reader } from "./reader.js";

const repeated: RunMetrics = {
  ...metrics,
  holdout: 0.2,
  patience: 3,
  threads: 2,
  repeats: { ...repeats, runs: [figures, { ...figures, seed: 2 }] },
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const answers = (digits: readonly number[], end = "\n"): Uint8Array =>
  bytesOf(["ImageId,Label", ...digits.map((digit, i) => `${i + 1},${digit}`)].join(end) + end);

/** What the program writes beside a model, and the answers to a test. */
export const RUN_READERS: readonly Reader[] = [
  {
    name: "readRunMetrics",
    corpus: async () => [bytesOf(formatMetrics(metrics)), bytesOf(formatMetrics(repeated))],
    read: (file) => bytesOf(formatMetrics(parseMetrics(Buffer.from(file).toString("utf8"), "metrics.json"))),
    place: /metrics\.json/,
    kinds: 10,
  },
  {
    name: "readAnswers",
    corpus: async () => [answers([5, 0, 9, 1, 1, 7, 3, 2, 4, 6, 8]), answers([3, 1, 4], "\r\n")],
    read: async (file) => answers([...(await readAsFile(file, "answers.csv", readAnswers))]),
    place: /answers\.csv(, [^:]*)?/,
    kinds: 5,
  },
];
