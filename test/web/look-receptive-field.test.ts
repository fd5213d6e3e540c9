import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AvgPool2D,
  BatchNormalization,
  Conv2D,
  Dense,
  Flatten,
  GlobalAvgPool2D,
  type Layer,
  MaxPool2D,
  type Padding,
  ReLU,
  Rescaling,
  Sequential,
  type Shape,
  Softmax,
  Tensor,
} from "../../src/index.js";
import { receptiveField } from "../../web/src/look/receptive-field.js";

function modelOf(inputShape: Shape, ...layers: readonly Layer[]): Sequential {
  return new Sequential({ inputShape }, layers);
}

/** The place of each number of an image whose change changes one number of the output. */
function dependencies(model: Sequential, output: number): readonly number[] {
  for (const { value } of model.parameters) value.data.fill(1); // so that no two changes cancel
  const x = new Tensor([1, ...model.inputShape]);
  const before = model.forward(x).data[output]!;
  return [...x.data.keys()].filter((i) => {
    x.data.fill(0);
    x.data[i] = 1;
    return model.forward(x).data[output] !== before;
  });
}

/** The same by the receptive field. */
function predicted(model: Sequential, cell: { h: number; w: number; c: number }): readonly number[] {
  const [, W, C] = model.inputShape as [number, number, number];
  const { layer, rows, columns, channels } = receptiveField(model, {
    layer: model.layers.length - 1,
    ...cell,
  }).at(-1)!;
  expect(layer).toBe(-1);
  return rows.flatMap((h) => columns.flatMap((w) => channels.map((c) => (h * W + w) * C + c)));
}

const pairs = (max: number) => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }));
const paddings: fc.Arbitrary<Padding> = fc.oneof(
  fc.constantFrom<Padding>("valid", "same"),
  fc.constant<Padding>([
    [3, 1],
    [0, 4],
  ]),
);

describe("receptiveField", () => {
  test("of a convolution of a pool of a convolution, by hand", () => {
    const model = modelOf(
      [12, 12, 2],
      new Conv2D({ filters: 3, kernelSize: 3 }), // [10, 10, 3]
      new MaxPool2D(), // [5, 5, 3]
      new Conv2D({ filters: 4, kernelSize: 3, padding: "same" }), // [5, 5, 4]
      new ReLU(),
    );
    expect(receptiveField(model, { layer: 3, h: 0, w: 2, c: 1 })).toEqual([
      { layer: 2, rows: [0], columns: [2], channels: [1] },
      { layer: 1, rows: [0, 1], columns: [1, 2, 3], channels: [0, 1, 2] },
      { layer: 0, rows: [0, 1, 2, 3], columns: [2, 3, 4, 5, 6, 7], channels: [0, 1, 2] },
      { layer: -1, rows: [0, 1, 2, 3, 4, 5], columns: [2, 3, 4, 5, 6, 7, 8, 9], channels: [0, 1] },
    ]);
  });

  test("of an element of a row is one cell, and of an output of Dense everything", () => {
    const model = modelOf([2, 3, 2], new Flatten(), new ReLU(), new Dense({ units: 2 }), new Softmax());
    expect(receptiveField(model, { layer: 1, h: 0, w: 0, c: 9 })).toEqual([
      { layer: 0, rows: [0], columns: [0], channels: [9] },
      { layer: -1, rows: [1], columns: [1], channels: [1] },
    ]);
    expect(receptiveField(model, { layer: 3, h: 0, w: 0, c: 1 })).toEqual([
      { layer: 2, rows: [0], columns: [0], channels: [0, 1] },
      { layer: 1, rows: [0], columns: [0], channels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] },
      { layer: 0, rows: [0], columns: [0], channels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] },
      { layer: -1, rows: [0, 1], columns: [0, 1, 2], channels: [0, 1] },
    ]);
  });

  test("of a pixel is nothing", () => {
    expect(receptiveField(modelOf([2, 2, 1], new ReLU()), { layer: -1, h: 1, w: 1, c: 0 })).toEqual([]);
  });

  test("is empty where a kernel lies in the padding and nowhere else", () => {
    const padding = [
      [3, 0],
      [0, 0],
    ] as const;
    const model = modelOf(
      [4, 4, 1],
      new Rescaling({ scale: 2 }),
      new Conv2D({ filters: 1, kernelSize: 3, padding }),
    );
    const fields = receptiveField(model, { layer: 1, h: 0, w: 1, c: 0 });
    expect(fields.map(({ rows }) => rows)).toEqual([[], []]);
  });

  test("is everything for a layer that nothing is known of", () => {
    const own: Layer = {
      type: "Mine",
      parameters: [],
      build: (shape) => shape,
      forward: (x) => x,
      backward: (dy) => dy,
      config: () => ({}),
    };
    expect(receptiveField(modelOf([2, 2, 1], own), { layer: 0, h: 1, w: 0, c: 0 })).toEqual([
      { layer: -1, rows: [0, 1], columns: [0, 1], channels: [0] },
    ]);
  });

  test("is exact: those numbers change the cell, and no others do", () => {
    const windows = fc.record({
      kernelSize: pairs(3),
      strides: pairs(3),
      padding: paddings,
      dilationRate: pairs(2),
    });
    fc.assert(
      fc.property(windows, windows, pairs(3), fc.nat(), (first, second, poolSize, place) => {
        const model = modelOf(
          [9, 8, 2],
          new Rescaling({ scale: 2 }),
          new Conv2D({ filters: 2, ...first }),
          new BatchNormalization(),
        );
        // what does not fit is left out
        const [H, W] = model.outputShape as [number, number, number];
        if (poolSize[0] <= H && poolSize[1] <= W)
          model.add(new AvgPool2D({ poolSize, strides: first.strides }));
        model.add(new Conv2D({ filters: 1, ...second, padding: "same" }));
        const [OH, OW] = model.outputShape as [number, number, number];
        const output = place % (OH * OW);
        expect(predicted(model, { h: Math.floor(output / OW), w: output % OW, c: 0 })).toEqual(
          dependencies(model, output),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("of a global mean is its channel, over the whole picture", () => {
    const model = modelOf([3, 4, 3], new GlobalAvgPool2D());
    expect(predicted(model, { h: 0, w: 0, c: 2 })).toEqual(dependencies(model, 2));
  });
});
