import { buildLayer, Conv2D, Tensor } from "tinyconv";
import { naiveConv2D, naiveConv2DGradients } from "../test/helpers/naive.js";
import { normalTensor } from "../test/helpers/random-tensor.js";
import { expectEqual, type Measurement, measure } from "./measure.js";

// the convolutions of the three networks: image, filters, kernel
const CASES = [
  { H: 28, C: 1, F: 8, K: 5, padding: "same" },
  { H: 14, C: 8, F: 16, K: 5, padding: "same" },
  { H: 26, C: 20, F: 20, K: 3, padding: "valid" },
] as const;

/** A convolution forward, and backward with all three gradients. */
export function benchConv2D(seconds: number): Measurement[] {
  return CASES.flatMap(({ H, C, F, K, padding }) => {
    const title = `conv2d ${H}x${H} ${C}->${F} ${K}x${K}`;
    const layer = new Conv2D({ filters: F, kernelSize: K, padding });
    const outputShape = buildLayer(layer, [H, H, C]);
    const [kernel, bias] = layer.parameters;
    const window = { kernelSize: [K, K], strides: [1, 1], padding, dilationRate: [1, 1] } as const;

    const image = normalTensor([1, H, H, C], 1);
    const dyOfImage = normalTensor([1, ...outputShape], 2);
    const y = layer.forward(image);
    const expected = naiveConv2D(image, kernel!.value, bias!.value, window, Math.fround);
    expectEqual(title, y.data, Tensor.from(expected).data);
    const dx = layer.backward(dyOfImage)!;
    const gradients = naiveConv2DGradients(image, kernel!.value, dyOfImage, window, Math.fround);
    expectEqual(`${title}, dx`, dx.data, Tensor.from(gradients.dx).data);
    expectEqual(`${title}, dW`, kernel!.grad.data, Tensor.from(gradients.dW).data);

    const N = 10;
    const x = normalTensor([N, H, H, C], 1);
    const dy = normalTensor([N, ...outputShape], 2);
    const gflop = (2 * N * layer.multiplyAdds) / 1e9;
    layer.forward(x);
    return [
      measure({ name: `${title} forward`, amount: gflop, unit: "GFLOP/s" }, seconds, () => layer.forward(x)),
      // dW and dx each cost what the forward pass does
      measure({ name: `${title} backward`, amount: 2 * gflop, unit: "GFLOP/s" }, seconds, () =>
        layer.backward(dy),
      ),
    ];
  });
}
