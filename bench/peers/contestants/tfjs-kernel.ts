import * as tf from "@tensorflow/tfjs-core";
import { buildLayer, Conv2D, Tensor } from "../../../src/index.js";

/**
 * The kernel that TensorFlow.js lacks in its WebAssembly backend, and without which no convolution can be trained:
 *
 *     dW[ky, kx, c, f] = Σ x[n, oh + ky − padTop, ow + kx − padLeft, c]·dy[n, oh, ow, f]
 *
 * is itself a convolution, of x with its axes N and C exchanged by a kernel of the size of dy, for which that backend
 * has a fast kernel. Strides of 1 only, as in the three networks.
 */
export function registerConv2DBackpropFilter(): void {
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { strides, pad, filterShape } = expectAttributes(attrs);
      if (strides.some((stride) => stride !== 1)) {
        throw new Error(`Conv2DBackpropFilter: expected strides 1, got ${strides}`);
      }
      return tf.tidy(() => {
        const images = tf.transpose(inputs.x as tf.Tensor4D, [3, 1, 2, 0]); // [C, H, W, N]
        const kernel = tf.transpose(inputs.dy as tf.Tensor4D, [1, 2, 0, 3]); // [OH, OW, N, F]
        const padding: tf.backend_util.ExplicitPadding = [
          [0, 0],
          paddingOf(pad, filterShape[0]!),
          paddingOf(pad, filterShape[1]!),
          [0, 0],
        ];
        return tf.transpose(tf.conv2d(images, kernel, 1, padding), [1, 2, 0, 3]); // [KH, KW, C, F]
      });
    },
  });
}

function expectAttributes({ strides, pad, filterShape }: tf.NamedAttrMap = {}) {
  return { strides: [strides].flat(), pad: pad as string, filterShape: filterShape as number[] };
}

/** Cells of padding before and after; with "same" the odd one comes after. */
function paddingOf(pad: string, size: number): [number, number] {
  return pad === "same" ? [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)] : [0, 0];
}

/**
 * Compares the gradient of a kernel with tinyconv's, before anything is timed.
 *
 * @throws Error if they differ by more than rounding.
 */
export function verifyKernelGradient(padding: "valid" | "same"): void {
  const layer = new Conv2D({ filters: 3, kernelSize: 3, padding });
  const yShape = buildLayer(layer, [6, 5, 2]);
  const x = new Tensor([4, 6, 5, 2]);
  const dy = new Tensor([4, ...yShape]);
  for (const { data } of [x, dy]) for (let i = 0; i < data.length; i++) data[i] = (i * 7) % 11;
  layer.forward(x);
  layer.backward(dy);
  const [kernel] = layer.parameters;
  const gradient = tf.grad((filter) =>
    tf.conv2d(tf.tensor4d(x.data, [4, 6, 5, 2]), filter as tf.Tensor4D, 1, padding),
  );
  const actual = gradient(tf.ones([3, 3, 2, 3]), tf.tensor(dy.data, [...dy.shape])).dataSync();
  // whole numbers: both are exact
  if (kernel!.grad.data.every((value, i) => value === actual[i])) return;
  throw new Error(`expected tinyconv's kernel gradient with padding ${padding}. Nothing was timed.`);
}
