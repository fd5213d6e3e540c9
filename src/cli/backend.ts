import { currentBackend, setBackend } from "../tensor/simd/backend.js";
import { chooseThreads } from "../tensor/simd/threads.js";
import type { TrainSettings } from "./settings.js";

/**
 * Chooses what computes, before any model is made.
 *
 * @throws if the backend cannot be had, or the environment asks for what cannot be.
 */
export function useBackend({ backend, threads }: Pick<TrainSettings, "backend" | "threads">): void {
  if (backend) setBackend(backend);
  currentBackend();
  chooseThreads("--threads", threads);
}
