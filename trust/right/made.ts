import * as tinyconv from "../../src/index.js";
import { type Loss, type Optimizer, type Parameter, type Schedule, Tensor } from "../../src/index.js";
import { createWorkspace } from "../../src/tensor/simd/backend.js";
import type { Made, ScheduleMade, Shapes, Tensors } from "./references.js";

/** Objects of the library by the names of its exports. */
const BY_NAME = new Map<string, unknown>(Object.entries(tinyconv));

function exported(name: string): unknown {
  const found = BY_NAME.get(name);
  if (typeof found === "function") return found;
  throw new Error(`expected ${name} to be a class or a function of the library, got ${typeof found}.`);
}

/** A loss of the library. */
export function makeLoss({ type, options }: Made): Loss {
  const Class = exported(type) as new (options: object) => Loss;
  return new Class(options);
}

/** A schedule of the library. */
export function makeSchedule({ type, options }: ScheduleMade): Schedule {
  const make = exported(type) as (options: unknown) => Schedule;
  return make(options);
}

/** An optimizer of the library; `decay: "kernels"` lets kernels alone decay. */
export function makeOptimizer({ type, options }: Made, schedule: ScheduleMade | undefined): Optimizer {
  const Class = exported(type) as new (options: object) => Optimizer;
  return new Class({
    ...options,
    ...(schedule && { learningRate: makeSchedule(schedule) }),
    ...(options.decay === "kernels" && { decay: ({ name }: Parameter) => name.endsWith("kernel") }),
  });
}

/** A tensor where the current backend computes. */
export function makeTensor(values: readonly number[], shape: readonly number[]): Tensor {
  const tensor = createWorkspace().tensor("reference", shape);
  tensor.data.set(Tensor.from(values, shape).data);
  return tensor;
}

/** Parameters with values, and gradients of zeros, where the current backend computes. */
export function makeParameters(shapes: Shapes, values: Tensors): Parameter[] {
  return Object.entries(shapes).map(([name, shape]) => {
    const value = makeTensor(values[name]!, shape);
    return { name, value, grad: createWorkspace().tensor(`d${name}`, shape) };
  });
}

/**
 * Writes values into named tensors.
 *
 * @throws Error if the names are others.
 */
export function setTensors(
  tensors: readonly { readonly name: string; readonly value: Tensor }[],
  values: Tensors,
) {
  const [got, wanted] = [tensors.map(({ name }) => name).sort(), Object.keys(values).sort()];
  if (got.join() !== wanted.join()) {
    throw new Error(`expected weights called ${wanted.join(", ")}, got ${got.join(", ")}.`);
  }
  for (const { name, value } of tensors) value.data.set(Tensor.from(values[name]!, value.shape).data);
}
