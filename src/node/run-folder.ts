import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadModel } from "../formats/model-file.js";
import type { Sequential } from "../model/sequential.js";
import { fileError } from "./file-errors.js";
import { parseMetrics, type RunMetrics } from "./run-metrics.js";

/** What is in the folder of a run. */
export const RUN_FILES = {
  model: "model.safetensors",
  metrics: "metrics.json",
  /** A folder, with the last two checkpoints and the best. */
  checkpoints: "checkpoints",
} as const;

const REMEDY = "Give the folder that training wrote, as runs/latest.";

/**
 * The model of a run.
 *
 * @throws Error if there is none in the folder, or its file is damaged.
 */
export async function readRunModel(folder: string): Promise<Sequential> {
  const path = join(folder, RUN_FILES.model);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw fileError("read", path, cause, REMEDY);
  });
  try {
    return loadModel(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${path}: ${reason}`, { cause });
  }
}

/**
 * The settings and figures of a run.
 *
 * @throws Error if there are none in the folder, or they are not what training writes.
 */
export async function readRunMetrics(folder: string): Promise<RunMetrics> {
  const path = join(folder, RUN_FILES.metrics);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw fileError("read", path, cause, REMEDY);
  });
  return parseMetrics(text, path);
}
