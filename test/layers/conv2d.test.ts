import { describe, expect, test } from "vitest";
import { buildLayer } from "../../src/layers/build.js";
import { Conv2D, type Conv2DOptions } from "../../src/layers/conv2d.js";
import type { Parameter } from "../../src/layers/layer.js";
import { Random } from "../../src/tensor/random.js";
import type { Shape } from "../../src/tensor/shape.js";
import { Tensor } from "../../src/tensor/tensor.js";
import { HeapWorkspace } from "../../src/tensor/workspace.js";
import { type NaiveWindow, naiveConv2D, naiveConv2DGradients } from "../helpers/naive.js";
import { normalTensor } from "../helpers/random-tensor.js";

/** A layer of its own, built for images of that shape, and its parameters. */
function built(inputShape: Shape, options: Conv2DOptions) {
  const layer = new Conv2D(options);
  buildLayer(layer, inputShape);
  const [kernel, bias] = layer.parameters as [Parameter, Parameter];
  return { layer, kernel, bias };
}

/** A layer of one filter [[1, 2], [3, 4]] and bias 0 on images of one channel. */
function small(inputShape: Shape, options: Partial<Conv2DOptions> = {}) {
  const parts = built(inputShape, { filters: 1, kernelSize: 2, ...options });
  parts.kernel.value.data.set([1, 2, 3, 4]);
  return parts;
}

/** One image of one channel, from its rows. */
const image = (rows: number[][]): Tensor => Tensor.from(rows).reshape([1, rows.length, rows[0]!.length, 1]);

/** The rows of one image of one channel. */
const rowsOf = (x: Tensor | undefined) => x?.reshape(x.shape.slice(1, 3)).toArray();

const nine = image([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);

// what sums of some hundred products may lose to rounding
const rounding = { atol: 1e-4 };

/** Both passes of the layer and of the naive loops, on random numbers, have to agree. */
function expectNaive(shape: Shape, window: NaiveWindow, F: number, seed: number) {
  const { layer, kernel, bias } = built(shape.slice(1), { filters: F, ...window });
  bias.value.data.set(normalTensor([F], seed).data);
  const [W, b] = [kernel.value, bias.value];
  const x = normalTensor(shape, seed + 1);
  const y = layer.forward(x);
  expect(y).toBeAllclose(naiveConv2D(x, W, b, window), rounding);
  expect(y.toArray()).toEqual(naiveConv2D(x, W, b, window, Math.fround));
  const dy = normalTensor(y.shape, seed + 2);
  const gradients = { dx: layer.backward(dy)!.toArray(), dW: kernel.grad.toArray(), db: bias.grad.toArray() };
  expect(gradients).toEqual(naiveConv2DGradients(x, W, dy, window, Math.fround));
  const close = naiveConv2DGradients(x, W, dy, window);
  expect(gradients.dx).toBeAllclose(close.dx, rounding);
  expect(gradients.dW).toBeAllclose(close.dW, rounding);
  expect(gradients.db).toBeAllclose(close.db, rounding);
}

describe("Conv2D", () => {
  test("gives at each place the sum of the pixels under the kernel, weighted by it, and the bias", () => {
    const { layer, bias } = small([3, 3, 1]);
    expect(rowsOf(layer.forward(nine))).toEqual([
      [37, 47], // 1·1 + 2·2 + 3·4 + 4·5, ...
      [67, 77],
    ]);
    bias.value.data.set([0.5]);
    expect(rowsOf(layer.forward(nine))).toEqual([
      [37.5, 47.5],
      [67.5, 77.5],
    ]);
  });

  test("gives dW from the pixels that met each weight, dx from the weights that met each pixel", () => {
    const { layer, kernel, bias } = small([3, 3, 1]);
    layer.forward(nine);
    const dx = layer.backward(
      image([
        [1, 0],
        [0, 1],
      ]),
    );
    expect(rowsOf(dx)).toEqual([
      [1, 2, 0],
      [3, 4 + 1, 2], // the kernel at the first place and at the last
      [0, 3, 4],
    ]);
    expect([...kernel.grad.data]).toEqual([1 + 5, 2 + 6, 4 + 8, 5 + 9]);
    expect(bias.grad.toArray()).toEqual([2]);
  });

  test("sums over the channels, once for each filter", () => {
    const { layer, kernel, bias } = built([1, 1, 2], { filters: 3, kernelSize: 1 });
    kernel.value.data.set([1, 2, 3, 10, 20, 30]); // [C, F]: the first channel's weights, then the second's
    bias.value.data.set([0, 0, 100]);
    expect([...layer.forward(Tensor.from([4, 5], [1, 1, 1, 2])).data]).toEqual([54, 108, 262]);
  });

  test("with padding same, keeps the size; the odd row and column of zeros are at the bottom and the right", () => {
    const { layer } = small([3, 3, 1], { padding: "same" });
    expect(rowsOf(layer.forward(nine))).toEqual([
      [37, 47, 3 + 3 * 6],
      [67, 77, 6 + 3 * 9],
      [7 + 2 * 8, 8 + 2 * 9, 9],
    ]);
  });

  test("takes padding for each side", () => {
    const padding = [
      [1, 0],
      [0, 0],
    ] as const;
    expect(rowsOf(small([3, 3, 1], { padding }).layer.forward(nine))).toEqual([
      [3 * 1 + 4 * 2, 3 * 2 + 4 * 3],
      [37, 47],
      [67, 77],
    ]);
  });

  test("steps by its strides, and spreads its taps by its dilation rate", () => {
    expect(rowsOf(small([3, 3, 1], { strides: [2, 1] }).layer.forward(nine))).toEqual([[37, 47]]);
    const corners = small([3, 3, 1], { dilationRate: 2 }).layer.forward(nine);
    expect(rowsOf(corners)).toEqual([[1 + 2 * 3 + 3 * 7 + 4 * 9]]);
  });

  test.each<{ title: string; shape: Shape; window: Partial<NaiveWindow> }>([
    { title: "a kernel as large as the image", shape: [2, 3, 4, 2], window: { kernelSize: [3, 4] } },
    { title: "strides larger than the kernel", shape: [2, 7, 8, 1], window: { strides: [3, 4] } },
    {
      title: "padding larger than the kernel",
      shape: [1, 2, 2, 1],
      window: {
        padding: [
          [3, 0],
          [4, 5],
        ],
      },
    },
    { title: "one pixel", shape: [1, 1, 1, 1], window: { kernelSize: [1, 1] } },
    {
      title: "padding same of a kernel larger than the image",
      shape: [3, 2, 3, 1],
      window: { kernelSize: [5, 5], padding: "same" },
    },
    {
      title: "more channels than a tile of the product is wide",
      shape: [2, 4, 4, 9],
      window: { padding: "same" },
    },
  ])("equals the naive loops with $title", ({ shape, window }) => {
    const plain = { kernelSize: [2, 2], strides: [1, 1], padding: "valid", dilationRate: [1, 1] } as const;
    for (const F of [1, 4, 6]) expectNaive(shape, { ...plain, ...window }, F, F);
  });

  // from PyTorch 1.13.1; all numbers are whole, and so small that float32 holds them:
  //
  //   import torch
  //   import torch.nn.functional as F
  //
  //   torch.set_default_dtype(torch.float64)
  //   x = torch.tensor([3., -1, 4, 1, -5, 9, 2, 6, -5, 3, 5, -8, 9, 7, -9, 3, 2, 3, -8, 4, 6, 2, -6, 4])
  //   x = x.reshape(1, 3, 4, 2).requires_grad_()  # NHWC
  //   W = torch.tensor([2., -1, 1, 3, 2, -3, 1, 0, -2, 3, 1, -1, -2, 2, 3, -1, 0, 1, -3, 1, 2, 0, -2, 1])
  //   W = W.reshape(2, 2, 2, 3).requires_grad_()  # [KH, KW, C, F]
  //   b = torch.tensor([1., -2, 3], requires_grad=True)
  //   for stride, dilation, pad in [((2, 1), 1, (0, 1, 1, 0)), (1, (1, 2), (1, 0, 0, 1))]:
  //       image = F.pad(x.permute(0, 3, 1, 2), pad)  # NCHW; left, right, top, bottom
  //       kernel = W.permute(3, 2, 0, 1)  # [F, C, KH, KW]
  //       y = F.conv2d(image, kernel, b, stride=stride, dilation=dilation).permute(0, 2, 3, 1)
  //       for result in [y, *torch.autograd.grad(y, [x, W, b], grad_outputs=y)]:  # dy is y
  //           print(tuple(result.shape), result.flatten().int().tolist())
  test.each<{
    title: string;
    window: Partial<Conv2DOptions>;
    shape: Shape;
    expected: Record<string, number[]>;
  }>([
    {
      title: "strides and padding above and on the right",
      window: {
        strides: [2, 1],
        padding: [
          [1, 0],
          [0, 1],
        ],
      },
      shape: [1, 2, 4, 3],
      expected: {
        y: [-16, 6, 20, 7, -17, 15, -4, -22, 7, -9, 2, 15, -2, -11, -16, 11, -30, 1, 44, 4, 18, 0, 1, -29],
        dx: [
          104, 36, 91, 16, -23, 60, 71, 75, -9, 20, 83, -31, 111, 88, -22, 207, -66, -14, -116, -4, -87, 35,
          -177, -19,
        ],
        dW: [
          461, -68, 508, 214, 238, -17, -307, -361, -233, 225, -110, 189, 154, 300, 357, 59, -350, 24, -289,
          -51, 45, 213, -367, 207,
        ],
        db: [31, -67, 31],
      },
    },
    {
      title: "a dilation rate and padding below and on the left",
      window: {
        dilationRate: [1, 2],
        padding: [
          [0, 1],
          [1, 0],
        ],
      },
      shape: [1, 3, 3, 3],
      expected: {
        y: [
          -7, 20, -4, 6, -13, 23, 57, -3, -14, 6, -26, -11, 5, 22, -13, 17, -50, 19, 5, 2, 15, 26, 4, -18, 3,
          18, -9,
        ],
        dx: [
          48, -77, 104, 210, -40, -18, 85, 182, 6, 115, 2, -218, 46, 99, -223, -26, 25, 122, -189, 117, 43,
          43, -42, 155,
        ],
        dW: [
          334, -547, 209, 20, 560, -318, 76, 557, -676, 511, 185, 161, 129, 494, -363, -355, -149, 218, -614,
          650, 209, 371, -520, 157,
        ],
        db: [118, -26, -12],
      },
    },
  ])("gives PyTorch's values with $title", ({ window, shape, expected }) => {
    const { layer, kernel, bias } = built([3, 4, 2], { filters: 3, kernelSize: 2, ...window });
    kernel.value.data.set([2, -1, 1, 3, 2, -3, 1, 0, -2, 3, 1, -1, -2, 2, 3, -1, 0, 1, -3, 1, 2, 0, -2, 1]);
    bias.value.data.set([1, -2, 3]);
    const pixels = [3, -1, 4, 1, -5, 9, 2, 6, -5, 3, 5, -8, 9, 7, -9, 3, 2, 3, -8, 4, 6, 2, -6, 4];
    const y = layer.forward(Tensor.from(pixels, [1, 3, 4, 2]));
    expect(y).toBeAllclose(Tensor.from(expected.y!, shape), { rtol: 0, atol: 0 });
    const dx = layer.backward(y.clone());
    expect(dx!.data).toBeAllclose(expected.dx!, { rtol: 0, atol: 0 });
    expect(kernel.grad.data).toBeAllclose(expected.dW!, { rtol: 0, atol: 0 });
    expect(bias.grad.data).toBeAllclose(expected.db!, { rtol: 0, atol: 0 });
  });

  test("sums the gradients of a batch within each image, then over the images, and adds them once", () => {
    const big = 2 ** 24; // big + 1 is big in float32, and big + 2 is not
    const x = Tensor.from([1, 1, 1, 1], [2, 1, 2, 1]);
    const gradients = (held: number, dy: number[]): number[] => {
      const { layer, kernel, bias } = built([1, 2, 1], { filters: 1, kernelSize: 1 });
      kernel.grad.data.set([held]);
      bias.grad.data.set([held]);
      layer.forward(x);
      layer.backward(Tensor.from(dy, [2, 1, 2, 1]));
      return [...kernel.grad.data, ...bias.grad.data];
    };
    expect(gradients(0, [big, 0, 1, 1])).toEqual([big + 2, big + 2]); // pixel after pixel would give big
    expect(gradients(big, [1, 0, 1, 0])).toEqual([big + 2, big + 2]); // image after image would give big
  });

  test("starts with a kernel drawn as its initialiser says, and a bias of zeros", () => {
    const ones = built([3, 3, 1], { filters: 1, kernelSize: 2, kernelInitializer: "ones" });
    expect([...ones.kernel.value.data]).toEqual([1, 1, 1, 1]);

    const { kernel, bias } = built([5, 5, 4], { filters: 8, kernelSize: 3 });
    const limit = Math.sqrt(6 / (9 * 4 + 9 * 8)); // Glorot's, the default
    expect(Math.max(...kernel.value.data.map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
    expect(Math.max(...kernel.value.data)).toBeGreaterThan(0.9 * limit);
    expect(Math.min(...kernel.value.data)).toBeLessThan(-0.9 * limit);
    expect([...bias.value.data]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("draws its kernel from the generator it is given", () => {
    const kernelOf = (seed: number): Tensor => {
      const layer = new Conv2D({ filters: 2, kernelSize: 3 });
      buildLayer(layer, [5, 5, 1], { workspace: new HeapWorkspace(), random: new Random(seed) });
      return layer.parameters[0]!.value;
    };
    expect(kernelOf(1)).toEqual(kernelOf(1));
    expect(kernelOf(1)).not.toEqual(kernelOf(2));
  });

  test("counts its parameters and multiply-adds once it is built", () => {
    const layer = new Conv2D({ filters: 8, kernelSize: 5, padding: "same" });
    expect([layer.parameters, layer.multiplyAdds]).toEqual([[], 0]);
    expect(buildLayer(layer, [28, 28, 1])).toEqual([28, 28, 8]);
    expect(layer.parameters.map(({ name, value }) => [name, value.shape])).toEqual([
      ["kernel", [5, 5, 1, 8]],
      ["bias", [8]],
    ]);
    expect(layer.multiplyAdds).toBe(28 * 28 * 8 * 5 * 5);
  });

  test("lets NaN through to the places whose kernel lies on one", () => {
    const x = nine.clone();
    x.data[0] = NaN;
    expect(rowsOf(small([3, 3, 1]).layer.forward(x))).toEqual([
      [NaN, 47],
      [67, 77],
    ]);
  });
});
