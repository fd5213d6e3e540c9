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
import { describe, expectBoolean, expectInteger, expectOneOf } from "../tensor/expect.js";
import { Random } from "../tensor/random.js";
import { expectShape, expectValidShape, type Shape } from "../tensor/shape.js";
import { softmax } from "../tensor/softmax.js";
import { expectTensor, Tensor } from "../tensor/tensor.js";
import { type Batch, HeapWorkspace, type Workspace } from "../tensor/workspace.js";
import {
  type BatchSource,
  type Dataset,
  expectImages,
  type Images,
  sliceImages,
  sliceTensor,
} from "./dataset.js";
import { type EvaluateOptions, type Evaluation, evaluateModel } from "./evaluate.js";
import { type FitOptions, fitModel } from "./fit.js";
import type { History } from "./history.js";
import { createLayer, type LayerTable } from "./layer-table.js";
import { formatSummary, type SummaryRow } from "./summary.js";
import { type TrainOptions, trainOnBatch } from "./train-on-batch.js";

export interface SequentialOptions {
  /** The shape of one sample, without the batch axis: [H, W, C] for images. */
  readonly inputShape: Shape;
  /** Seed of the initial weights, of dropout and of the order of the training images. @default 0 */
  readonly seed?: number;
}

/** What makes a model again, without its weights; plain JSON. */
export interface SequentialConfig {
  readonly inputShape: Shape;
  readonly seed: number;
  readonly layers: readonly (LayerConfig & { readonly type: string })[];
}

export interface PredictOptions {
  /** Images that go through the model at a time. @default 128 */
  readonly batchSize?: number;
  /** "softmax" turns the outputs into probabilities, unless the last layer has done so. @default "softmax" */
  readonly activation?: "softmax" | "none";
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
 */
export class Sequential {
  readonly inputShape: Shape;
  readonly seed: number;
  /** The model's source of randomness: initial weights as layers are added, then the order of training images. */
  readonly random: Random;
  /** Training steps done so far. Random masks depend on it. */
  steps = 0;

  readonly #workspace: Workspace = new HeapWorkspace();
  readonly #rows: SummaryRow[] = [];
  readonly #parameters: Parameter[] = []; // with full names, such as conv2d_1/kernel
  readonly #state: NamedTensor[] = [];
  readonly #input: Batch;
  #outputs: NamedTensor[] = []; // of the last forward pass, one for each layer
  #fitting = false;

  /**
   * @throws ShapeError if a layer does not fit the one before it.
   * @throws RangeError if `inputShape` or `seed` are not whole numbers.
   */
  constructor({ inputShape, seed = 0 }: SequentialOptions, layers: readonly Layer[] = []) {
    if (!Array.isArray(inputShape)) {
      throw new TypeError(
        `Sequential: expected inputShape to be the shape of one sample, such as [28, 28, 1], got ${describe(inputShape)}.`,
      );
    }
    expectValidShape("Sequential", inputShape);
    this.inputShape = [...inputShape];
    this.seed = expectInteger("Sequential", "seed", seed, { min: 0 });
    this.random = new Random(seed);
    this.#input = this.#workspace.batch("input", this.inputShape);
    for (const layer of layers) this.add(layer);
  }

  /**
   * Builds a layer for the output of the last one, and appends it.
   *
   * @throws ShapeError if it does not fit, naming the layer, what it expected and what it got.
   */
  add(layer: Layer): this {
    const name = this.#nameFor(layer);
    let outputShape: Shape;
    try {
      outputShape = buildLayer(layer, this.outputShape, { workspace: this.#workspace, random: this.random });
    } catch (error) {
      if (error instanceof ShapeError) {
        throw new ShapeError(
          `Sequential.add: ${name}, layer ${this.#rows.length + 1} of the model, does not fit. ${error.message}`,
        );
      }
      throw error;
    }
    const withModelName = <T extends NamedTensor>(tensor: T): T => ({
      ...tensor,
      name: `${name}/${tensor.name}`,
    });
    this.#parameters.push(...layer.parameters.map(withModelName));
    this.#state.push(...(layer.state ?? []).map(withModelName));
    this.#rows.push({ layer, name, outputShape });
    return this;
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
    return this.#parameters;
  }

  /** The parameters of the layers that are `trainable`, which an optimizer updates. */
  get trainableParameters(): readonly Parameter[] {
    const frozen = new Set(
      this.layers
        .filter(({ trainable }) => trainable === false)
        .flatMap(({ parameters }) => parameters.map(({ grad }) => grad)),
    );
    return this.#parameters.filter(({ grad }) => !frozen.has(grad));
  }

  /** What is saved but not trained, such as moving averages, under full names. */
  get state(): readonly NamedTensor[] {
    return this.#state;
  }

  /** Parameters and state: the tensors of a saved model. Their data is the model's own. */
  get weights(): readonly NamedTensor[] {
    return [...this.#parameters, ...this.#state];
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
   * @throws ShapeError if there are too few or too many, or one has another shape; then nothing has changed.
   */
  setWeights(values: readonly Tensor[]): void {
    const { weights } = this;
    if (values.length !== weights.length) {
      throw new ShapeError(
        `Sequential.setWeights: expected ${weights.length} tensors, got ${values.length}.`,
      );
    }
    for (const [i, { name, value }] of weights.entries()) {
      expectShape(`Sequential.setWeights (${name})`, values[i]!.shape, value.shape);
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
    const end = this.#rows.at(-1)?.layer instanceof Softmax ? -1 : undefined;
    return this.#run("Sequential.logits", x, this.#rows.slice(0, end).length, options);
  }

  #run(
    where: string,
    x: Images,
    layers: number,
    { training = false, step = this.steps }: ForwardOptions,
  ): Tensor {
    const n = expectImages(where, x, this.inputShape);
    let y = this.#input.of(n);
    y.data.set(x.data); // bytes become float32 here
    this.#outputs = [];
    for (const { layer, name } of this.#rows.slice(0, layers)) {
      y = layer.forward(y, { training, step });
      this.#outputs.push({ name, value: y });
    }
    return y;
  }

  /**
   * From dy = ∂L/∂y for the output y of the last forward pass: adds to the gradient of every parameter, and returns
   * dx if asked. Unless it is, no layer computes a gradient that no parameter needs: the first one computes no dx.
   *
   * @param options.inputGradient whether to compute dx, the gradient of the model's input @default false
   * @throws Error if there was no forward pass. ShapeError if dy has another shape than y.
   */
  backward(dy: Tensor, { inputGradient = false }: BackwardOptions = {}): Tensor | undefined {
    const y = this.#outputs.at(-1)?.value;
    if (!y) throw new Error("Sequential.backward: expected a call of forward before it, got none.");
    expectTensor("Sequential.backward", dy);
    expectShape("Sequential.backward", dy.shape, y.shape);

    const layers = this.layers.slice(0, this.#outputs.length);
    const first = inputGradient
      ? 0
      : layers.findIndex(({ trainable, parameters }) => trainable !== false && parameters.length > 0);
    let gradient: Tensor | undefined = dy;
    for (let i = layers.length - 1; first !== -1 && i >= first; i--) {
      gradient = layers[i]!.backward(gradient!, { inputGradient: inputGradient || i > first });
    }
    return inputGradient ? gradient : undefined;
  }

  /** Sets all gradients to zero. */
  zeroGrad(): void {
    zeroGrad(this.#parameters);
  }

  /**
   * The probability of each class for each image: softmax(logits), [N, K], rows of which add up to 1. The tensor is
   * the caller's own. Any number of images will do: they go through the model in batches.
   *
   * @throws ShapeError if the images have another shape; RangeError if there are none.
   */
  predict(images: Images, { batchSize = 128, activation = "softmax" }: PredictOptions = {}): Tensor {
    const n = expectImages("Sequential.predict", images, this.inputShape);
    expectInteger("Sequential.predict", "batchSize", batchSize, { min: 1 });
    expectOneOf("Sequential.predict", "activation", activation, ["softmax", "none"]);
    const result = new Tensor([n, ...this.outputShape]);
    for (let start = 0; start < n; start += batchSize) {
      const end = Math.min(start + batchSize, n);
      const batch = sliceImages(images, start, end);
      const out = sliceTensor(result, start, end);
      if (activation === "softmax") softmax(this.logits(batch), { out });
      else out.data.set(this.forward(batch).data);
    }
    return result;
  }

  /**
   * One training step: forward, loss, backward, update. Returns the loss and the accuracy of the batch before the
   * update.
   *
   * @throws Error if the loss is not finite, naming the first layer whose output is not; nothing has changed then.
   */
  trainOnBatch(batch: Dataset, options: TrainOptions): Evaluation {
    return trainOnBatch(this, batch, options);
  }

  /**
   * Trains for a number of epochs and returns their history. Training gives way to the event loop about every 50 ms.
   * Loss and accuracy of the history are means over an epoch during which the weights change.
   *
   * @throws RangeError or ShapeError for options and data that do not fit; Error if the loss or a weight becomes
   * non-finite, or another `fit` of this model is running; the signal's reason if it aborts.
   */
  async fit(data: Dataset | BatchSource, options: FitOptions = {}): Promise<History> {
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

  /** The mean loss and the accuracy over a dataset, in inference. */
  async evaluate(data: Dataset | BatchSource, options: EvaluateOptions = {}): Promise<Evaluation> {
    return evaluateModel(this, data, options);
  }

  /** A table of the layers with output shape, parameters and multiply-adds, and their totals. */
  summary(): string {
    return formatSummary(this.inputShape, this.#rows);
  }

  /** What makes this model again with `fromConfig`, but for its weights. Plain JSON. */
  config(): SequentialConfig {
    return {
      inputShape: this.inputShape,
      seed: this.seed,
      layers: this.#rows.map(({ layer, name }) => ({ type: layer.type, ...layer.config(), name })),
    };
  }

  /**
   * A new model from a `config`, with fresh weights.
   *
   * @param options.layers classes of one's own, by the `type` of their layers
   * @throws Error for an unknown layer type; what the constructors throw for their options.
   */
  static fromConfig(
    config: SequentialConfig,
    { layers: own = {} }: { readonly layers?: LayerTable } = {},
  ): Sequential {
    if (typeof config !== "object" || config === null || !Array.isArray(config.layers)) {
      throw new TypeError(
        `Sequential.fromConfig: expected { inputShape, seed, layers }, got ${describe(config)}.`,
      );
    }
    const model = new Sequential(config);
    for (const options of config.layers) model.add(createLayer("Sequential.fromConfig", options, own));
    return model;
  }

  /** The layer's own name, checked, or its type in snake case and a number. */
  #nameFor(layer: Layer): string {
    const { name, type, trainable } = layer;
    if (typeof layer.forward !== "function" || typeof type !== "string") {
      throw new TypeError(`Sequential.add: expected a layer, got ${describe(layer)}.`);
    }
    if (trainable !== undefined) expectBoolean("Sequential.add", `trainable of a ${type}`, trainable);
    const taken = new Set(this.#rows.map((row) => row.name));
    if (name === undefined) {
      // one capital and small letters make a word: MaxPool2D is max_pool2d, LeakyReLU is leaky_relu
      const words = type.replace(/([a-z])([A-Z][a-z])/g, "$1_$2").toLowerCase();
      let number = 1;
      while (taken.has(`${words}_${number}`)) number++;
      return `${words}_${number}`;
    }
    if (typeof name !== "string" || !/^[^/\s]+$/.test(name)) {
      throw new RangeError(
        `Sequential.add: expected a layer name without spaces and slashes, got ${describe(name)}.`,
      );
    }
    if (taken.has(name)) {
      throw new RangeError(`Sequential.add: expected a name of its own for each layer, got ${name} twice.`);
    }
    return name;
  }
}
