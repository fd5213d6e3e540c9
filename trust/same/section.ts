import type { Backend } from "tinyconv";
import { BACKENDS } from "../../src/tensor/simd/backend.js";
import type { Part, Row, Section } from "../section.js";
import { trainIn } from "./compare.js";
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
  conclude: expectSame,
};

function partOf(engine: Engine, backend: Backend, size: TrainingSize): Part {
  return {
    name: `${engine.name}, ${backend}`,
    prove: async ({ log }) => {
      const { version, outcomes } = await trainIn(engine, await prepared(), size, backend, THREADS, log);
      const hashes = new Set(outcomes.map(({ sha256 }) => sha256));
      return [
        version,
        THREADS.join(", "),
        outcomes.map(({ sharedUnits }) => sharedUnits.toLocaleString("en")).join("; "),
        [...hashes].map((hash) => `\`${hash.slice(0, SHOWN)}\``).join(", "),
        hashes.size === 1 && hashes.has(size.sha256) ? "yes" : "no",
      ];
    },
  };
}

let preparing: Promise<Prepared> | undefined; // once for all parts of a run

function prepared(): Promise<Prepared> {
  preparing ??= prepare("build/trust/same");
  return preparing;
}

/** Each part leaves what came out in the table, so that all rows that differ are seen together. */
function expectSame(rows: readonly Row[]): void {
  const others = rows.filter((row) => row.at(-1) !== "yes");
  if (others.length === 0) return;
  const list = others.map(([name, , , , hashes]) => `\n  ${name}: ${hashes}`).join("");
  throw new Error(
    `same: expected weights with the committed SHA-256 in every row, got${list}\nWhen it is mended, begin anew with --fresh.`,
  );
}
