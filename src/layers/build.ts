import { ShapeError } from "../tensor/errors.js";
import { describe, expectBoolean, expectOneOf, expectOptions, refuse } from "../tensor/expect.js";
import { INITIALIZERS, type Initializer, initialize } from "../tensor/init.js";
import { Random } from "../tensor/random.js";
import { expectValidShape, isSampleShape, type Shape } from "../tensor/shape.js";
import { expectWorkspace, HeapWorkspace } from "../tensor/workspace.js";
import type { BuildContext, Layer, LayerOptions, Parameter } from "./layer.js";

/**
 * Checks the options of a layer, as far as all layers have them.
 *
 * @throws TypeError if they are no object, `name` no text or `trainable` neither true nor false.
 */
export function expectLayerOptions<T extends LayerOptions>(type: string, options: T): T {
  const { name, trainable = true } = expectOptions(type, options);
  if (name !== undefined && typeof name !== "string") refuse(type, "name", "a text", name);
  expectBoolean(type, "trainable", trainable);
  return options;
}

const builtLayers = new WeakSet<Layer>();

/** True once `buildLayer` has built the layer, in a model or by itself. */
export function isBuilt(layer: Layer): boolean {
  return builtLayers.has(layer);
}

/**
 * Builds a layer for samples of `inputShape` (without the batch axis) and returns the shape of its output. A
 * `Sequential` does this for its layers; call it yourself to use a layer on its own.
 *
 * ```ts
 * const dense = new Dense({ units: 2 });
 * buildLayer(dense, [3]);                             // [2]
 * dense.forward(Tensor.from([[1, 2, 3]]));            // Tensor [1, 2]
 * ```
 *
 * @param context the layer's memory and source of initial weights @default ordinary memory, seed 0
 * @throws Error if the layer was built before: its parameters belong to one model.
 * @throws ShapeError if `inputShape` is none, or what `build` returns; what `build` throws.
 */
export function buildLayer(
  layer: Layer,
  inputShape: Shape,
  context: BuildContext = { workspace: new HeapWorkspace(), random: new Random(0) },
): Shape {
  if (typeof layer?.build !== "function") refuse("buildLayer", "layer", "a layer", layer);
  expectContext("buildLayer", context);
  if (isBuilt(layer)) {
    throw new Error(
      `buildLayer: expected a new layer, got ${layer.name ?? `a ${layer.type}`} that is built already. ` +
        "Make a layer of its own for each place it is used in.",
    );
  }
  expectLayerShape("inputShape to be the shape of one sample", inputShape);
  const outputShape = layer.build(inputShape, context);
  // a layer of your own may forget to return it
  expectLayerShape(`${layer.type}.build to return the shape of one output`, outputShape);
  builtLayers.add(layer);
  return outputShape;
}

function expectContext(where: string, context: BuildContext): void {
  const { workspace, random } = expectOptions(`${where} (context)`, context);
  expectWorkspace(`${where} (context)`, workspace);
  if (!(random instanceof Random)) refuse(`${where} (context)`, "random", "a Random", random);
}

function expectLayerShape(what: string, shape: Shape): void {
  if (Array.isArray(shape) && isSampleShape(shape)) return;
  throw new ShapeError(`buildLayer: expected ${what}, such as [28, 28, 1], got ${describe(shape)}.`);
}

/** A parameter with initial values, and its gradient of zeros, in the layer's memory. */
export function createParameter(
  name: string,
  shape: Shape,
  initializer: Initializer,
  context: BuildContext,
): Parameter {
  if (typeof name !== "string") refuse("createParameter", "name", "a text", name);
  expectValidShape("createParameter", shape);
  expectOneOf("createParameter", "initializer", initializer, INITIALIZERS);
  expectContext("createParameter", context);
  const { workspace, random } = context;
  const value = workspace.tensor(name, shape);
  initialize(initializer, value, random);
  return { name, value, grad: workspace.tensor(`d${name}`, shape) };
}

/**
 * What `build` made.
 *
 * @throws Error if it has not been called.
 */
export function expectBuilt<T>(where: string, built: T | undefined): T {
  if (built !== undefined) return built;
  throw new Error(
    `${where}: expected a built layer, got one without an input shape. Add it to a Sequential first.`,
  );
}

/**
 * What `forward` kept for `backward`.
 *
 * @throws Error if it has not been called.
 */
export function expectForward<T>(where: string, kept: T | undefined): T {
  if (kept !== undefined) return kept;
  throw new Error(
    `${where}: expected a call of forward before it, got none. The gradient is taken at its input.`,
  );
}
