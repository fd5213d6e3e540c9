import { buildLayer } from "../layers/build.js";
import {
  type BackwardOptions,
  type ForwardOptions,
  type Layer,
  type LayerConfig,
  type NamedTensor,
  type Parameter,
  zeroGrad,
} from "../layers/layer.js";
import { Softmax } from "../layers/softmax.js";
import { ShapeError } from "../tensor/errors.js";
import { describe, expectBoolean, expectInteger, expectOptions, refuse } from "../tensor/expect.js";
import { Random } from "../tensor/random.js";
import { ReusedTensor } from "../tensor/reused-tensor.js";
import { expectValidShape, isSampleShape, type Shape } from "../tensor/shape.js";
import { createWorkspace } from "../tensor/simd/backend.js";
import { chooseThreads, withThreads } from "../tensor/simd/threads.js";
import { expectTensorOf, type Tensor } from "../tensor/tensor.js";
import { type Batch, expectWorkspace, type Workspace } from "../tensor/workspace.js";
import { type BatchSource, type Dataset, expectImages, type Images } from "./dataset.js";
import { type EvaluateOptions, evaluateModel } from "./evaluate.js";
import { type FitOptions, fitModel } from "./fit.js";
import type { History } from "./history.js";
import { expectLayer, expectReturned, expectTensors } from "./layer-contract.js";
import { LayerNames } from "./layer-name.js";
import { createLayer, type LayerTable } from "./layer-table.js";
import { type Evaluation, RunningMeans } from "./measure.js";
import { type PredictOptions, predictImages } from "./predict.js";
import { formatSummary } from "./summary.js";
import { expectTrainOptions, type TrainOptions, trainOnBatch } from "./train-on-batch.js";

/** Options of `Sequential`. */
export interface SequentialOptions {
  /** The shape of one sample, without the batch axis: [H, W, C] for images. */
  readonly inputShape: Shape;
  /** Seed of the initial weights, of dropout and of the order of the training images. @default 0 */
  readonly seed?: number;
  /** Where the layers get their memory. @default memory of the current backend, see `setBackend` */
  readonly workspace?: Workspace | undefined;
}

/** Options of `Sequential.fromConfig`. */
export interface FromConfigOptions {
  /** Layer classes of your own, by their `type`. @default none */
  readonly layers?: LayerTable | undefined;
  /** Where the layers get their memory. @default memory of the current backend, see `setBackend` */
  readonly workspace?: Workspace | undefined;
}

/** What makes a model again, without its weights; plain JSON. */
export interface SequentialConfig {
  readonly inputShape: Shape;
  readonly seed: number;
  readonly layers: readonly (LayerConfig & { readonly type: string })[];
}

/** A layer of a model, and what it became when it was added. */
interface Row {
  readonly layer: Layer;
  readonly name: string;
  readonly outputShape: Shape;
  /** With full names, such as conv2d_1/kernel, as is `state`. */
  readonly parameters: readonly Parameter[];
  readonly state: readonly NamedTensor[];
}

/**
 * A chain of layers: y = fₙ(… f₂(f₁(x))). The chain rule runs it backwards: the dx of each layer is the dy of the
 * layer before it.
 *
 * Every layer is built when it is added, so a stack that does not fit fails there, before any data flows.
 *
 * ```ts
 * const model = new Sequential({ inputShape: [28, 28, 1], seed: 1 }, [
 *   new Conv2D({ filters: 8, kernelSize: 5 }), new ReLU(), new Flatten(), new Dense({ units: 10 }),
 * ]);
 * await model.fit(train, { epochs: 3, optimizer: new Adam() });
 * ```
 *
 * @throws ShapeError if a layer does not fit the one before it; RangeError if `seed` or an axis of `inputShape` is no
 * whole number; TypeError if something is not a layer.
 */
export class Sequential {
  readonly inputShape: Shape;
  readonly seed: number;
  /** The model's source of randomness: initial weights as layers are added, then the order of training images. */
  readonly random: Random;
  /** Training steps done so far. Random masks depend on it. */
  steps = 0;

  readonly #workspace: Workspace;
  readonly #rows: Row[] = [];
  readonly #names = new LayerNames();
  readonly #input: Batch;
  readonly #dy: ReusedTensor; // in the model's own memory, whatever memory the loss has
  #outputs: NamedTensor[] = []; // of the last forward pass, one for each layer that it went through
  #y: Tensor | undefined; // the output of the last forward pass, if it came to its end
  #fitting = false;

  constructor(options: SequentialOptions, layers: readonly Layer[] = []) {
    const { inputShape, seed = 0, workspace = createWorkspace() } = expectOptions("Sequential", options);
    expectSampleShape(inputShape);
    this.inputShape = [...inputShape];
    this.seed = expectInteger("Sequential", "seed", seed, { min: 0 });
    this.random = new Random(seed);
    expectWorkspace("Sequential", workspace);
    if (!Array.isArray(layers)) refuse("Sequential", "layers", "an array of layers", layers);
    this.#workspace = workspace;
    this.#input = workspace.batch("input", this.inputShape);
    this.#dy = new ReusedTensor(workspace);
    for (const layer of layers) this.add(layer);
  }

  /**
   * Builds a layer for the output of the last one, and appends it.
   *
   * @throws ShapeError or RangeError if it does not fit, naming the layer, what it expected and what it got; Error if
   * it was built before, for this model or for another. Then the model is as it was.
   */
  add(layer: Layer): this {
    expectLayer(layer);
    const name = this.#names.choose(layer);
    const outputShape = this.#build(layer, name);
    expectTensors(name, layer);
    const withLayerName = <T extends NamedTensor>(tensor: T): T => ({
      ...tensor,
      name: `${name}/${tensor.name}`,
    });
    const parameters = layer.parameters.map(withLayerName);
    const state = (layer.state ?? []).map(withLayerName);
    this.#rows.push({ layer, name, outputShape, parameters, state });
    this.#names.take(name);
    return this;
  }

  #build(layer: Layer, name: string): Shape {
    try {
      return buildLayer(layer, this.outputShape, { workspace: this.#workspace, random: this.random });
    } catch (error) {
      if (!(error instanceof ShapeError || error instanceof RangeError)) throw error;
      const Kind = error instanceof ShapeError ? ShapeError : RangeError;
      const place = `${name}, layer ${this.#rows.length + 1} of the model,`;
      throw new Kind(`Sequential.add: ${place} does not fit. ${error.message}`, { cause: error });
    }
  }

  /** The layers, in order. */
  get layers(): readonly Layer[] {
    return this.#rows.map(({ layer }) => layer);
  }

  /** The shape of the output for one sample. */
  get outputShape(): Shape {
    return this.#rows.at(-1)?.outputShape ?? this.inputShape;
  }

  /** Everything that training can change, under full names such as `conv2d_1/kernel`. */
  get parameters(): readonly Parameter[] {
    return this.#rows.flatMap((row) => row.parameters);
  }

  /** The parameters of the layers that are `trainable`, which an optimizer updates. */
  get trainableParameters(): readonly Parameter[] {
    return this.#rows.flatMap((row) => (row.layer.trainable === false ? [] : row.parameters));
  }

  /** What is saved but not trained, such as moving averages, under full names. */
  get state(): readonly NamedTensor[] {
    return this.#rows.flatMap((row) => row.state);
  }

  /** Parameters and state: the tensors of a saved model. Their data is the model's own; `getWeights` copies it. */
  get weights(): readonly NamedTensor[] {
    return [...this.parameters, ...this.state];
  }

  /** The outputs of the layers in the last forward pass, under the layers' names; they belong to the layers. */
  get outputs(): readonly NamedTensor[] {
    return this.#outputs;
  }

  /** A copy of all weights, in the order of `weights`. */
  getWeights(): Tensor[] {
    return this.weights.map(({ value }) => value.clone());
  }

  /**
   * Copies values into the weights, in the order of `getWeights`.
   *
   * @throws TypeError if one is not a Tensor; ShapeError if there are too few or too many, or one has another shape. Then
   * nothing has changed.
   */
  setWeights(values: readonly Tensor[]): void {
    const { weights } = this;
    if (!Array.isArray(values)) {
      throw new TypeError(`Sequential.setWeights: expected an array of tensors, got ${describe(values)}.`);
    }
    if (values.length !== weights.length) {
      throw new ShapeError(
        `Sequential.setWeights: expected ${weights.length} tensors, got ${values.length}.`,
      );
    }
    for (const [i, { name, value }] of weights.entries()) {
      const where = `Sequential.setWeights (${name})`;
      expectTensorOf(where, values[i], value.shape);
    }
    for (const [i, { value }] of weights.entries()) value.data.set(values[i]!.data);
  }

  /**
   * The output of the last layer for a batch x [N, ...inputShape], as it is. It belongs to the model and is valid
   * until the next pass.
   *
   * @throws ShapeError if x has another shape.
   */
  forward(x: Images, options: ForwardOptions = {}): Tensor {
    return this.#run("Sequential.forward", x, this.#rows.length, options);
  }

  /**
   * As `forward`, but a Softmax at the end of the model is left out: the values that the softmax turns into
   * probabilities. A `backward` after it begins at the layer before that Softmax.
   */
  logits(x: Images, options: ForwardOptions = {}): Tensor {
    const leftOut = this.#rows.at(-1)?.layer instanceof Softmax ? 1 : 0;
    return this.#run("Sequential.logits", x, this.#rows.length - leftOut, options);
  }

  #run(where: string, x: Images, layers: number, options: ForwardOptions): Tensor {
    const { training = false, step = this.steps } = expectOptions(where, options);
    expectBoolean(where, "training", training);
    expectInteger(where, "step", step, { min: 0 });
    const n = expectImages(where, x, this.inputShape);
    this.#y = undefined; // a pass that fails leaves nothing to go back from
    this.#outputs = [];
    let y = this.#input.of(n);
    y.data.set(x.data); // bytes become float32 here
    for (const { layer, name, outputShape } of this.#rows.slice(0, layers)) {
      y = expectReturned(name, "forward", layer.forward(y, { training, step }), [n, ...outputShape]);
      this.#outputs.push({ name, value: y });
    }
    this.#y = y;
    return y;
  }

  /**
   * From dy = ∂L/∂y for the output y of the last forward pass: adds to the gradient of every parameter, and returns
   * dx if `inputGradient` is true (here the default is false). Otherwise no layer computes a gradient that no parameter
   * needs: the first one computes no dx.
   *
   * @throws Error if there was no forward pass. ShapeError if dy has another shape than y.
   */
  backward(dy: Tensor, options: BackwardOptions = {}): Tensor | undefined {
    const { inputGradient = false } = expectOptions("Sequential.backward", options);
    const y = this.#y;
    if (!y) throw new Error("Sequential.backward: expected a call of forward before it, got none.");
    expectTensorOf("Sequential.backward", dy, y.shape);

    const rows = this.#rows.slice(0, this.#outputs.length);
    const first = inputGradient
      ? 0
      : rows.findIndex(({ layer, parameters }) => layer.trainable !== false && parameters.length > 0);
    let gradient = this.#dy.of(dy.shape);
    gradient.data.set(dy.data);
    for (let i = rows.length - 1; first !== -1 && i >= first; i--) {
      const { layer, name } = rows[i]!;
      const needed = inputGradient || i > first;
      const dx = layer.backward(gradient, { inputGradient: needed });
      const inputShape = rows[i - 1]?.outputShape ?? this.inputShape;
      if (needed) gradient = expectReturned(name, "backward", dx, [y.shape[0]!, ...inputShape]);
    }
    return inputGradient ? gradient : undefined;
  }

  /** Sets all gradients to zero. */
  zeroGrad(): void {
    zeroGrad(this.parameters);
  }

  /**
   * The probability of each class for each image: softmax(logits), [N, K], rows of which add up to 1. The tensor is
   * the caller's own. Any number of images will do: they go through the model in batches.
   *
   * A model with other outputs than classes wants `predict(x, { activation: "none" })`: the outputs as they are.
   *
   * @throws ShapeError if the images have another shape; RangeError if there are none; Error if the model has no layers.
   */
  predict(images: Images, options: PredictOptions = {}): Tensor {
    this.#expectLayers("Sequential.predict");
    return predictImages(this, images, options);
  }

  /**
   * One training step: forward, loss, backward, update. Returns the loss and the accuracy of the batch before the
   * update.
   *
   * @throws Error if the loss is not finite, naming the first layer whose output is not. Then no weight has changed.
   */
  trainOnBatch(batch: Dataset, options: TrainOptions): Evaluation {
    this.#expectLayers("Sequential.trainOnBatch");
    expectTrainOptions("Sequential.trainOnBatch", options);
    const means = new RunningMeans();
    const threads = chooseThreads("Sequential.trainOnBatch", options.threads);
    means.add(withThreads(threads, () => trainOnBatch("Sequential.trainOnBatch", this, batch, options)));
    return means.means;
  }

  /**
   * Trains for a number of epochs and returns their history. Training gives way to the event loop about every 50 ms.
   * Loss and accuracy of the history are means over an epoch during which the weights change. The data are not copied:
   * what is changed in them meanwhile is trained on from the next batch on.
   *
   * Whoever has a turn meanwhile, such as a timer, has it between two steps. `predict`, `saveModel` or a `forward` with its
   * `backward` then see the weights of that moment, and leave the training as it is; after `setWeights` or `trainOnBatch`,
   * training goes on from what they made.
   *
   * @throws RangeError, TypeError or ShapeError for options and data that do not fit, before the first step; Error if
   * the loss or a weight becomes non-finite, or another `fit` of this model is running; the signal's reason if it aborts.
   */
  async fit(data: Dataset | BatchSource, options: FitOptions = {}): Promise<History> {
    this.#expectLayers("Sequential.fit");
    if (this.#fitting) {
      throw new Error(
        "Sequential.fit: expected no other fit of this model, got a second one. Await the first.",
      );
    }
    this.#fitting = true;
    try {
      return await fitModel(this, data, options);
    } finally {
      this.#fitting = false;
    }
  }

  /**
   * The mean loss and the accuracy over a dataset, in inference. It gives way to the event loop about every 50 ms: of a
   * model that is trained meanwhile, each batch is measured with the weights that it has by then.
   *
   * @throws as `fit` for options and data; Error if the loss is not finite, naming the first layer whose output is not.
   */
  async evaluate(data: Dataset | BatchSource, options: EvaluateOptions = {}): Promise<Evaluation> {
    this.#expectLayers("Sequential.evaluate");
    return evaluateModel(this, data, options);
  }

  /** Without layers a model passes on what it is given, which nobody means by an answer or by training. */
  #expectLayers(where: string): void {
    if (this.#rows.length > 0) return;
    throw new Error(`${where}: expected a model with layers, got one without. Add them first.`);
  }

  /** A table of the layers with output shape, parameters and multiply-adds, and their totals. */
  summary(): string {
    return formatSummary(this.inputShape, this.#rows);
  }

  /** What makes this model again with `fromConfig`, but for its weights. Plain JSON. */
  config(): SequentialConfig {
    return {
      inputShape: [...this.inputShape],
      seed: this.seed,
      layers: this.#rows.map(({ layer, name }) => ({ type: layer.type, ...layer.config(), name })),
    };
  }

  /**
   * A new model from a `config`, with fresh weights.
   *
   * @throws Error for an unknown layer type; what the constructors throw for their options.
   */
  static fromConfig(config: SequentialConfig, options: FromConfigOptions = {}): Sequential {
    const { layers: own, workspace } = expectOptions("Sequential.fromConfig", options);
    if (typeof config !== "object" || config === null || !Array.isArray(config.layers)) {
      throw new TypeError(
        `Sequential.fromConfig: expected { inputShape, seed, layers }, got ${describe(config)}.`,
      );
    }
    const { inputShape, seed, layers } = config;
    const model = new Sequential({ inputShape, seed, workspace });
    for (const layer of layers) model.add(createLayer("Sequential.fromConfig", layer, own));
    return model;
  }
}

/**
 * Checks that something is a model.
 *
 * @throws TypeError `saveModel: expected a Sequential, got null.`
 */
export function expectSequential(where: string, model: Sequential, remedy = ""): void {
  if (model instanceof Sequential) return;
  const hint = remedy && ` ${remedy}`;
  throw new TypeError(`${where}: expected a Sequential, got ${describe(model)}.${hint}`);
}

/** Checks the shape of one sample: at least one axis, each of at least 1. */
function expectSampleShape(shape: Shape): void {
  const isList = Array.isArray(shape);
  if (!isList || shape.length === 0 || !isSampleShape(shape)) {
    const message = `Sequential: expected inputShape to be the shape of one sample, such as [28, 28, 1], got ${describe(shape)}.`;
    throw isList ? new RangeError(message) : new TypeError(message);
  }
  expectValidShape("Sequential (inputShape)", shape);
}
