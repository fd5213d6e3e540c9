import { matmul, Tensor } from "tinyconv";
import { naiveProduct, rowsOf, transpose } from "../test/helpers/product.js";
import { normalTensor } from "../test/helpers/random-tensor.js";
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
    const a = normalTensor([M, K], 1);
    const b = normalTensor([K, N], 2);
    const aT = Tensor.from(transpose(rowsOf(a)));
    const bT = Tensor.from(transpose(rowsOf(b)));
    const out = new Tensor([M, N]);
    const forms = [
      { name: "a·b", run: () => matmul(a, b, { out }) },
      { name: "a·bᵀ", run: () => matmul(a, bT, { transposeB: true, out }) },
      { name: "aᵀ·b", run: () => matmul(aT, b, { transposeA: true, out }) },
    ];
    const expected = naiveProduct(rowsOf(a), rowsOf(b)).flat();
    return forms.map(({ name, run }) => {
      const title = `matmul ${name} ${M}x${K}x${N}`;
      run();
      expectEqual(title, out.data, expected);
      return measure({ name: title, amount: (2 * M * K * N) / 1e9, unit: "GFLOP/s" }, seconds, run);
    });
  });
}
