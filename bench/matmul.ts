import { matmul, Random, Tensor } from "tinyconv";
import { expectEqual, type Measurement, measure } from "./measure.js";

// [rows, inner, columns]: the products of a dense layer, of a convolution's patches, and a large square
const SIZES = [
  [100, 784, 10],
  [784, 200, 16],
  [256, 256, 256],
] as const;

/** The three forms of the matrix product. */
export function benchMatmul(seconds: number): Measurement[] {
  return SIZES.flatMap(([M, K, N]) => {
    const a = randomTensor([M, K]);
    const b = randomTensor([K, N]);
    const aT = transpose(a);
    const bT = transpose(b);
    const out = new Tensor([M, N]);
    const forms = [
      { name: "a·b", run: () => matmul(a, b, { out }) },
      { name: "a·bᵀ", run: () => matmul(a, bT, { transposeB: true, out }) },
      { name: "aᵀ·b", run: () => matmul(aT, b, { transposeA: true, out }) },
    ];
    const expected = plainLoops(a, b);
    return forms.map(({ name, run }) => {
      const title = `matmul ${name} ${M}x${K}x${N}`;
      run();
      expectEqual(title, out.data, expected.data);
      return measure({ name: title, amount: (2 * M * K * N) / 1e9, unit: "GFLOP/s" }, seconds, run);
    });
  });
}

function randomTensor(shape: readonly number[]): Tensor {
  const random = new Random(1);
  const tensor = new Tensor(shape);
  for (let i = 0; i < tensor.size; i++) tensor.data[i] = random.normal();
  return tensor;
}

function transpose(a: Tensor): Tensor {
  const [M, N] = a.shape as readonly [number, number];
  const out = new Tensor([N, M]);
  for (let i = 0; i < M; i++) for (let j = 0; j < N; j++) out.data[j * M + i] = a.data[i * N + j]!;
  return out;
}

function plainLoops(a: Tensor, b: Tensor): Tensor {
  const [M, K] = a.shape as readonly [number, number];
  const N = b.shape[1]!;
  const out = new Tensor([M, N]);
  for (let i = 0; i < M; i++) {
    for (let j = 0; j < N; j++) {
      let sum = 0;
      for (let k = 0; k < K; k++)
        sum = Math.fround(sum + Math.fround(a.data[i * K + k]! * b.data[k * N + j]!));
      out.data[i * N + j] = sum;
    }
  }
  return out;
}
