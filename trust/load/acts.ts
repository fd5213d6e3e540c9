import {
  Adam,
  loadModel,
  reestimateStatistics,
  type Sequential,
  saveModel,
  Tensor,
  WeightAverage,
} from "tinyconv";
import { expectSameBits, expectSameWeights } from "./bits.js";
import { type Marked, markedImages, part } from "./images.js";

/** Who is there when a timer has its turn. */
export interface Scene {
  /** The model that is in training. */
  readonly model: Sequential;
  /** One of the same layers that nobody trains. */
  readonly twin: Sequential;
  /** Another, with weights that stay as they are. */
  readonly other: Sequential;
  /** What the model is trained on. */
  readonly data: Marked;
}

/** What a timer does in its i-th turn: "nothing" if this was none for it. */
export type Act = (scene: Scene, i: number) => Done | Promise<Done>;

type Done = void | "nothing";

/** As many images as a timer takes: another number each time, so that all memory for results is laid out anew. */
function some(data: Marked, i: number): Marked {
  return part(data, i % 7, (i % 7) + 1 + ((11 * i) % 40));
}

/** What leaves the training as it is, and gets what the weights of the moment give. */
export const ONLOOKERS: Readonly<Record<string, Act>> = {
  predict: ({ model, twin, data }, i) => {
    const { images } = some(data, i);
    twin.setWeights(model.getWeights());
    expectSameBits("predict", [model.predict(images)], [twin.predict(images, { batchSize: 1 })]);
  },

  evaluate: async ({ model, data }, i) => {
    const { loss } = await model.evaluate(some(data, i), { batchSize: 5 });
    if (!Number.isFinite(loss)) throw new Error(`evaluate: expected a finite loss, got ${loss}.`);
  },

  "forward and backward": ({ model, twin, data }, i) => {
    const { images } = some(data, i);
    twin.setWeights(model.getWeights());
    const [got, wanted] = [model, twin].map((each) => {
      each.zeroGrad();
      const y = each.forward(images);
      each.backward(new Tensor(y.shape, y.data.slice()));
      return each.parameters.map(({ grad }) => grad.clone());
    });
    expectSameBits("backward", got!, wanted!);
  },

  saveModel: ({ model }) => {
    expectSameWeights("saveModel", loadModel(saveModel(model)), model);
  },

  "setWeights to what they are": ({ model }) => model.setWeights(model.getWeights()),

  "averaged weights put in and taken out": ({ model, data }, i) => {
    const average = new WeightAverage();
    average.update(model.parameters);
    average.swap(model.parameters);
    model.predict(some(data, i).images);
    average.swap(model.parameters);
  },

  "predict and trainOnBatch on other models": ({ other, twin, data }, i) => {
    const { images } = some(data, i);
    twin.trainOnBatch(some(data, i), { optimizer: optimizerOf(twin) });
    expectSameBits("another model", [other.predict(images)], [other.predict(images, { batchSize: 1 })]);
  },

  "a second fit: refused": async ({ model, data }) => {
    await expectRefusal("Sequential.fit: expected no other fit of this model", () =>
      model.fit(data, { epochs: 1 }),
    );
  },

  // statistics that are estimated while the weights change would be those of nothing
  "reestimateStatistics over many turns: refused": async ({ model }, i) => {
    if (i > 0 || model.state.length === 0) return "nothing"; // without a batch normalization there is nothing to estimate
    const { images } = markedImages(50_000, model.inputShape, 1);
    await expectRefusal("reestimateStatistics: expected a model that nothing trains meanwhile", () =>
      reestimateStatistics(model, images, { batchSize: 1 }),
    );
    return;
  },
};

/** What changes the model: training goes on from what it made. */
export const CHANGES: Readonly<Record<string, Act>> = {
  trainOnBatch: ({ model, data }, i) => {
    model.trainOnBatch(some(data, i), { optimizer: optimizerOf(model) });
  },

  "setWeights to others": ({ model }) => {
    const weights = model.getWeights();
    for (const { data } of weights) for (let k = 0; k < data.length; k++) data[k] = 0.9 * data[k]!;
    model.setWeights(weights);
  },
};

/** An optimizer for each model, which keeps its moments from call to call. */
const optimizers = new WeakMap<Sequential, Adam>();

function optimizerOf(model: Sequential): Adam {
  const optimizer = optimizers.get(model) ?? new Adam();
  optimizers.set(model, optimizer);
  return optimizer;
}

async function expectRefusal(beginning: string, call: () => Promise<unknown>): Promise<void> {
  const error = await call().then(
    () => undefined,
    (reason: Error) => reason,
  );
  if (error?.message.startsWith(beginning)) return;
  throw new Error(`expected "${beginning} ...", got ${error?.message ?? "no error"}`);
}
