import type { Backend } from "tinyconv";
import { formatCount } from "../../src/node/numbers.js";
import { BACKENDS } from "../../src/tensor/simd/backend.js";
import type { Part, Section } from "../section.js";
import { type Outcome, trainIn } from "./compare.js";
import {
  BUN,
  CHROMIUM,
  CHROMIUM_ALONE,
  type Engine,
  FIREFOX,
  FIREFOX_ALONE,
  node,
  nodeOnArm64,
} from "./engines.js";
import { type Prepared, prepare } from "./prepare.js";
import { TEXT } from "./text.js";
import { FULL, SHORT, type TrainingSize } from "./training.js";

const THREADS = [1, 2, 3];
const SHOWN = 16; // hexadecimal digits of a hash, in the table

const ENGINES: readonly Engine[] = [
  node("20"),
  node("22"),
  node("24"),
  node("latest", "Node, the newest"),
  CHROMIUM,
  CHROMIUM_ALONE,
  FIREFOX,
  FIREFOX_ALONE,
  BUN,
];
const EMULATED = nodeOnArm64("24"); // slow

export const SAME: Section = {
  name: "same",
  title: "The same everywhere",
  text: TEXT,
  columns: [
    "where, and what computes",
    "version",
    "threads",
    "units of work done by other threads",
    "SHA-256 of the weights",
    "as expected",
  ],
  parts: [
    ...ENGINES.flatMap((engine) => BACKENDS.map((backend) => partOf(engine, backend, FULL))),
    ...BACKENDS.map((backend) => partOf(EMULATED, backend, SHORT)),
  ],
};

function partOf(engine: Engine, backend: Backend, size: TrainingSize): Part {
  const name = `${engine.name}, ${backend}`;
  return {
    name,
    prove: async ({ log }) => {
      const { version, outcomes } = await trainIn(engine, await prepared(), size, backend, THREADS, log);
      expectWeights(name, outcomes, size);
      return [
        version,
        THREADS.join(", "),
        outcomes.map(({ sharedUnits }) => formatCount(sharedUnits)).join("; "),
        `\`${size.sha256.slice(0, SHOWN)}\``,
        "yes",
      ];
    },
  };
}

/** @throws Error that tells what came out with each number of threads, unless it is the committed SHA-256 every time. */
export function expectWeights(name: string, outcomes: readonly Outcome[], { sha256 }: TrainingSize): void {
  if (outcomes.every((outcome) => outcome.sha256 === sha256)) return;
  const list = outcomes.map((outcome) => `\n  threads: ${outcome.threads}, ${outcome.sha256}`).join("");
  throw new Error(`${name}: expected weights with the SHA-256 ${sha256}, got${list}`);
}

let preparing: Promise<Prepared> | undefined; // once for all parts of a run

function prepared(): Promise<Prepared> {
  preparing ??= prepare("build/trust/same");
  return preparing;
}
