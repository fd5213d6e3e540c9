// Exercise 4: there is one mistake in this file. `npm run exercises -- 4` shows what comes of it.
import {
  exp,
  expectForward,
  expectShape,
  type Labels,
  type LayerConfig,
  type Loss,
  log,
  oneHot,
  softmax,
  Tensor,
} from "tinyconv";

/**
 * The cross-entropy of the labels and the probabilities p = softmax(z), where z are the logits: the scores that the last
 * `Dense` gives. The mean over the N samples is
 *
 *     L = −(1/N)·Σₙ log p[n, label]
 *
 * With m the largest logit of the row, −log p[k] = log Σⱼ exp(z[j] − m) − (z[k] − m) keeps its digits for logits of any
 * size. Its derivative with respect to z[j] is p[j] − t[j], where t is 1 at the label and 0 elsewhere.
 *
 * Shapes: z, dz, p, t [N, K] · labels [N].
 */
export class SoftmaxCrossEntropy implements Loss {
  readonly type = "SoftmaxCrossEntropy";
  readonly fromLogits = true;

  #kept: { z: Tensor; t: Tensor } | undefined;

  forward(z: Tensor, labels: Labels): number {
    expectShape("SoftmaxCrossEntropy.forward", z.shape, [labels.length, "K"]);
    const N = labels.length;
    const K = z.shape[1]!;
    this.#kept = { z, t: oneHot(labels, K) };

    let sum = 0;
    for (let n = 0; n < N; n++) {
      const row = z.data.subarray(n * K, (n + 1) * K);
      const m = Math.max(...row);
      let sumExp = 0;
      for (const score of row) sumExp += exp(score - m);
      sum += log(sumExp) - (row[labels[n]!]! - m); // −log p[n, label]
    }
    return sum / N;
  }

  backward(): Tensor {
    const { z, t } = expectForward("SoftmaxCrossEntropy.backward", this.#kept);
    const p = softmax(z, { out: new Tensor(z.shape) });
    const dz = new Tensor(z.shape);
    for (let i = 0; i < dz.size; i++) {
      dz.data[i] = p.data[i]! - t.data[i]!;
    }
    return dz;
  }

  config(): LayerConfig {
    return {};
  }
}
