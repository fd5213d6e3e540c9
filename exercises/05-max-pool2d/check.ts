import { buildLayer, type Layer, Tensor } from "tinyconv";
import { exercise } from "../exercise.js";
import { type Finding, gradientFinding, type Row, tableFinding } from "../finding.js";
import { randomTensor } from "../random-tensor.js";

type MaxPool2DClass = new (options?: { readonly poolSize: number; readonly strides: number }) => Layer;

/** Exercise 5: the gradient of images without equal pixels, and with. */
export const maxPool2d = exercise<MaxPool2DClass>({
  folder: "05-max-pool2d",
  file: "max-pool2d.ts",
  title: "MaxPool2D",
  load: {
    exercise: () => import("./max-pool2d.js").then(({ MaxPool2D }) => MaxPool2D),
    solution: () => import("../solutions/05-max-pool2d.js").then(({ MaxPool2D }) => MaxPool2D),
  },
  check: (MaxPool2D) => [
    gradientFinding(
      {
        what: "gradient of an image without equal pixels, windows that overlap",
        advice: "The file passed this as it came, so mend this first.",
      },
      new MaxPool2D({ poolSize: 3, strides: 2 }),
      randomTensor([2, 5, 5, 2], 1),
    ),
    tieFinding(new MaxPool2D()),
  ],
});

/** The gradient check leaves ties out, since L has a kink there. Behind a ReLU they are everywhere: all its zeros are. */
function tieFinding(layer: Layer): Finding {
  buildLayer(layer, [2, 2, 1]);
  const rows = [
    { pixels: [1, 3, 2, 0], expected: [0, 1, 0, 0] },
    { pixels: [1, 3, 3, 0], expected: [0, 1, 0, 0] },
    { pixels: [0, 0, 0, 0], expected: [1, 0, 0, 0] },
  ].map(({ pixels, expected }): Row => {
    layer.forward(Tensor.from(pixels, [1, 2, 2, 1]));
    const dx = [...(layer.backward(Tensor.from([1], [1, 1, 1, 1]))?.data ?? [])];
    return {
      cells: [pixels.join(" "), "1", dx.join(" "), expected.join(" ")],
      passed: dx.join() === expected.join(),
    };
  });
  return tableFinding(
    {
      what: "gradient of a window with equal pixels",
      advice: "Each window has dy to give away, once. Add up dx, and compare the sum with dy.",
    },
    ["window", "dy", "dx", "expected"],
    rows,
  );
}
