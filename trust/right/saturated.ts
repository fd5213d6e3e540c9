import { Random, Sequential, Tensor } from "../../src/index.js";

/**
 * The largest error of dx in units of the largest |dy|, over random inputs up to ±30, where a Sigmoid or Softmax is so sure of
 * y that float32 has little or nothing of 1 − y. The right dx is worked out in float64, without 1 − y.
 */
export function saturatedGradientError(type: "Sigmoid" | "Softmax", runs: number, seed: number): number {
  const random = new Random(seed);
  const K = 4;
  const model = Sequential.fromConfig({ inputShape: [K], seed: 0, layers: [{ type }] });
  let largest = 0;
  for (let run = 0; run < runs; run++) {
    const reach = random.uniform() * 30;
    const x = Float32Array.from({ length: K }, () => (2 * random.uniform() - 1) * reach);
    const dy = Float32Array.from({ length: K }, () => 2 * random.uniform() - 1);
    model.forward(new Tensor([1, K], x));
    const dx = model.backward(new Tensor([1, K], dy), { inputGradient: true })!;
    const right = type === "Sigmoid" ? sigmoidGradient(x, dy) : softmaxGradient(x, dy);
    const scale = Math.max(...dy.map(Math.abs));
    for (let k = 0; k < K; k++) largest = Math.max(largest, Math.abs(dx.data[k]! - right[k]!) / scale);
  }
  return largest;
}

/** dy·e/(1 + e)² with e = exp(−|x|): the slope is the same on both sides of 0. */
function sigmoidGradient(x: Float32Array, dy: Float32Array): number[] {
  return Array.from(x, (value, k) => {
    const e = Math.exp(-Math.abs(value));
    return (dy[k]! * e) / (1 + e) ** 2;
  });
}

/** dx[k] = Σⱼ y[k]·y[j]·(dy[k] − dy[j]) */
function softmaxGradient(x: Float32Array, dy: Float32Array): number[] {
  const powers = Array.from(x, (value) => Math.exp(value - Math.max(...x)));
  const sum = powers.reduce((a, b) => a + b);
  const y = powers.map((power) => power / sum);
  return y.map((own, k) => y.reduce((dx, other, j) => dx + own * other * (dy[k]! - dy[j]!), 0));
}
