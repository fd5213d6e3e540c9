/*
 * A layer of your own: any object that keeps the `Layer` contract can be put into a model, checked, trained, saved
 * and loaded. This one multiplies each channel by a number that it learns.
 *
 *   npx tsx examples/own-layer.ts
 */
import {
  type Batch,
  type BuildContext,
  Conv2D,
  createParameter,
  Dense,
  expectBuilt,
  expectForward,
  Flatten,
  gradientCheck,
  type Layer,
  type LayerConfig,
  type LayerOptions,
  loadModel,
  type Parameter,
  Random,
  Sequential,
  type Shape,
  saveModel,
  Tensor,
} from "tinyconv";

/**
 * `y = s ∘ x`: channel c of every pixel times s[c]. Each s[c] has a part in every pixel of its channel, so
 *
 *     ds[c] = Σ dy[…, c]·x[…, c]        dx[…, c] = dy[…, c]·s[c]
 *
 * Shapes: x, dx, y, dy [N, ..., C] · s, ds [C].
 */
class ChannelScale implements Layer {
  readonly type = "ChannelScale";
  readonly name: string | undefined;
  trainable: boolean;
  #built: { s: Parameter; y: Batch; dx: Batch } | undefined;
  #x: Tensor | undefined; // [N, ..., C], kept by forward because ds needs it

  constructor({ name, trainable = true }: LayerOptions = {}) {
    this.name = name;
    this.trainable = trainable;
  }

  get parameters(): readonly Parameter[] {
    return this.#built ? [this.#built.s] : [];
  }

  build(inputShape: Shape, context: BuildContext): Shape {
    const C = inputShape.at(-1) ?? 1;
    this.#built = {
      s: createParameter("s", [C], "ones", context),
      y: context.workspace.batch("y", inputShape),
      dx: context.workspace.batch("dx", inputShape),
    };
    return inputShape;
  }

  forward(x: Tensor): Tensor {
    const { s, y: results } = expectBuilt("ChannelScale.forward", this.#built);
    this.#x = x;
    const y = results.of(x.shape[0] ?? 0);
    for (let i = 0; i < x.size; i++) y.data[i] = x.data[i]! * s.value.data[i % s.value.size]!; // y = s ∘ x
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { s, dx: results } = expectBuilt("ChannelScale.backward", this.#built);
    const x = expectForward("ChannelScale.backward", this.#x);
    const dx = results.of(dy.shape[0] ?? 0);
    for (let i = 0; i < dy.size; i++) {
      const c = i % s.value.size;
      s.grad.data[c] = s.grad.data[c]! + dy.data[i]! * x.data[i]!; // ds[c] += Σ dy·x
      dx.data[i] = dy.data[i]! * s.value.data[c]!; // dx = dy·s
    }
    return dx;
  }

  config(): LayerConfig {
    const { name, trainable } = this;
    return { name, trainable };
  }
}

// is the gradient right?
const random = new Random(1);
const x = new Tensor([2, 5, 5, 3]);
for (let i = 0; i < x.size; i++) x.data[i] = random.normal();
console.log(gradientCheck(new ChannelScale(), x).toString());

// in a model, saved and loaded
const model = new Sequential({ inputShape: [5, 5, 3] }, [
  new ChannelScale(),
  new Conv2D({ filters: 4, kernelSize: 3 }),
  new Flatten(),
  new Dense({ units: 2 }),
]);
const again = loadModel(saveModel(model), { layers: { ChannelScale } });
console.log(again.summary());
console.log(`the same predictions: ${String(again.predict(x)) === String(model.predict(x))}`);
