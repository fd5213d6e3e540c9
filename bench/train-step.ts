import { Adam, Random, type Sequential } from "tinyconv";
import { createNetwork, NETWORKS } from "tinyconv/mnist";
import { expectEqual, type Measurement, measure } from "./measure.js";

const BATCH_SIZE = 100;

/** A step of training of each network: forward, loss, backward, Adam. */
export function benchTrainStep(seconds: number): Measurement[] {
  const random = new Random(1);
  const pixels = Uint8Array.from({ length: BATCH_SIZE * 28 * 28 }, () => random.integer(256));
  const batch = {
    images: { data: pixels, shape: [BATCH_SIZE, 28, 28, 1] },
    labels: Uint8Array.from({ length: BATCH_SIZE }, () => random.integer(10)),
  };
  return NETWORKS.map((name) => {
    const title = `train ${name}, batch ${BATCH_SIZE}`;
    const train = (model: Sequential, steps: number): number[] => {
      const optimizer = new Adam();
      return Array.from({ length: steps }, () => model.trainOnBatch(batch, { optimizer }).loss);
    };

    // the same seed gives the same weights, and steps on one batch lower its loss
    const model = createNetwork(name, { seed: 1 });
    const again = createNetwork(name, { seed: 1 });
    const losses = train(model, 4);
    train(again, 4);
    for (const [i, { name: weight, value }] of model.weights.entries()) {
      expectEqual(`${title}, ${weight}`, value.data, again.weights[i]!.value.data);
    }
    if (!(losses.at(-1)! < losses[0]!)) {
      throw new Error(`${title}: expected the loss to fall, got ${losses.join(", ")}. Nothing was timed.`);
    }

    const optimizer = new Adam();
    return measure({ name: title, amount: BATCH_SIZE, unit: "images/s" }, seconds, () => {
      model.trainOnBatch(batch, { optimizer });
    });
  });
}
