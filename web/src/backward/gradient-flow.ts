import { type Sequential, type Shape, SoftmaxCrossEntropy, Tensor } from "tinyconv";

/** The gradient of the loss with respect to what goes into a layer. */
export interface LayerGradient {
  readonly name: string;
  readonly type: string;
  /** Of one sample: that of the layer's input. */
  readonly shape: Shape;
  readonly dx: Float32Array;
}

/** What comes of asking how the loss answers to every number on the way. */
export interface GradientFlow {
  readonly loss: number;
  /** ∂L/∂logits = p − t. */
  readonly dLogits: Float32Array;
  /** One entry for each layer, from the last to the first: the order in which they are computed. */
  readonly layers: readonly LayerGradient[];
  /** ∂L/∂pixels, [28, 28, 1]. */
  readonly dPixels: Float32Array;
}

/**
 * The backward pass for one digit and a label, layer by layer: the dx of each is the dy of the one before it.
 *
 * Nothing of the model changes: the gradients of its parameters, to which `backward` adds, are set back to zero.
 */
export function flowBack(model: Sequential, pixels: Uint8Array, label: number): GradientFlow {
  const loss = new SoftmaxCrossEntropy();
  const logits = model.logits({ data: pixels, shape: [1, ...model.inputShape] });
  const value = loss.forward(logits, [label]);
  let dy: Tensor = loss.backward().clone();
  const dLogits = dy.data.slice();
  const names = model.config().layers.map(({ name }) => String(name));
  const passed = model.outputs.length; // a Softmax at the end is part of the loss
  const layers: LayerGradient[] = [];
  for (let i = passed - 1; i >= 0; i--) {
    const layer = model.layers[i]!;
    const dx = layer.backward(dy, { inputGradient: true });
    if (!(dx instanceof Tensor)) throw new Error(`flowBack: expected ${names[i]} to return dx, got none.`);
    dy = dx.clone();
    layers.push({ name: names[i]!, type: layer.type, shape: dy.shape.slice(1), dx: dy.data });
  }
  model.zeroGrad();
  return { loss: value, dLogits, layers, dPixels: dy.data };
}
