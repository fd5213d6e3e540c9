import { expectOneOf } from "../expect.js";
import { HeapWorkspace, type Workspace } from "../workspace.js";
import { assemble, load, store } from "./assembler.js";
import { openMemory } from "./memory.js";
import { environmentVariable } from "./worker-port.js";
import { SimdWorkspace } from "./workspace.js";

/** What computes: WebAssembly kernels that TypeScript assembles, or plain TypeScript. Both give the same bits. */
export type Backend = "simd" | "plain";

/** The backends by name. */
export const BACKENDS = ["simd", "plain"] as const;

let chosen: Backend | undefined;
let obstacle: string | undefined | null = null; // null: not known yet; undefined: none

/**
 * Chooses what the models that are built from now on compute with. The default is SIMD wherever WebAssembly SIMD can be
 * compiled, or what the environment variable TINYCONV_BACKEND says.
 *
 * @throws RangeError for another word.
 * @throws Error for "simd" where it cannot be compiled.
 */
export function setBackend(backend: Backend): void {
  expectOneOf("setBackend", "backend", backend, BACKENDS);
  if (backend === "simd") expectSimd("setBackend");
  chosen = backend;
}

/** What the models that are built from now on compute with. */
export function currentBackend(): Backend {
  chosen ??= fromEnvironment() ?? available();
  return chosen;
}

/** Memory for a model, of the kind that the current backend computes in. */
export function createWorkspace(): Workspace {
  return currentBackend() === "simd" ? new SimdWorkspace() : new HeapWorkspace();
}

function fromEnvironment(): Backend | undefined {
  const wanted = environmentVariable("TINYCONV_BACKEND");
  if (wanted === undefined || wanted === "") return undefined;
  expectOneOf<string>("TINYCONV_BACKEND", "the backend", wanted, BACKENDS);
  if (wanted === "simd") expectSimd("TINYCONV_BACKEND");
  return wanted as Backend;
}

function available(): Backend {
  const missing = simdObstacle();
  if (missing === undefined) return "simd";
  console.warn(
    `tinyconv: WebAssembly SIMD is not to be had here (${missing}), so plain TypeScript computes: the same numbers, slower.`,
  );
  return "plain";
}

function expectSimd(where: string): void {
  const missing = simdObstacle();
  if (missing !== undefined) {
    throw new Error(
      `${where}: expected an engine that compiles WebAssembly SIMD, got "${missing}". Use "plain".`,
    );
  }
}

/** Why there can be no kernels: an old engine, or a content policy that forbids to compile them. Undefined if there can. */
function simdObstacle(): string | undefined {
  if (obstacle === null) {
    try {
      openMemory();
      new WebAssembly.Module(
        assemble(
          ["i32"],
          (locals, address) => {
            const vector = locals.local("v128");
            return [...vector.set(load.vector(address!.get)), ...store(address!.get, vector, 3)];
          },
          { shared: false },
        ),
      );
      obstacle = undefined;
    } catch (error) {
      obstacle = error instanceof Error ? error.message : String(error);
    }
  }
  return obstacle ?? undefined;
}
