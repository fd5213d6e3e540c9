import { gradientCheck, Random, Sequential, type SequentialConfig, type Shape, Tensor } from "tinyconv";

/** What a check takes, all of it plain data, so that a worker can be given it. */
export interface CheckTask {
  /** One layer of the page's model, as in its `config`. */
  readonly layer: SequentialConfig["layers"][number];
  /** The shape and the numbers of what goes into it, for one sample. */
  readonly inputShape: Shape;
  readonly input: Float32Array;
  /** The layer's weights, in the order of `getWeights`. */
  readonly weights: readonly { readonly shape: Shape; readonly data: Float32Array }[];
}

/** A row of the result: `gradientCheck`'s, as plain data. */
export interface CheckRow {
  readonly name: string;
  readonly shape: Shape;
  readonly error: number;
  readonly analytic: number;
  readonly numeric: number;
  readonly skipped: number;
}

const MOST_CELLS = 5; // of an image, along each side: each of them is moved several times
const MOST_INPUTS = 200; // of a row
const NOISE = 0.05; // so that no number lies on the kink of a ReLU or ties with another

/**
 * The public `gradientCheck` on a layer with the weights that it has, on the middle of what goes into it in the page: a small
 * part, so that it takes seconds. A Dense is given its first inputs, and the weights for these.
 */
export function checkLayer({ layer, inputShape, input, weights }: CheckTask): readonly CheckRow[] {
  const { shape, data } = cutOut(inputShape, input);
  const model = Sequential.fromConfig({ inputShape: shape, seed: 0, layers: [layer] });
  const values = model.weights.map(({ value }, i) => {
    const size = value.size;
    return new Tensor(value.shape, weights[i]!.data.slice(0, size)); // rows of a Dense kernel come first to last
  });
  model.setWeights(values);
  const random = new Random(1);
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const x = new Tensor(
    [1, ...shape],
    data.map((value) => value / largest + NOISE * random.normal()),
  );
  const { rows } = gradientCheck(model, x, { training: false });
  return rows.map(({ name, shape, error, analytic, numeric, skipped }) => ({
    name: name.replace(/^.*\//, ""),
    shape,
    error,
    analytic,
    numeric,
    skipped,
  }));
}

/** The middle of an image, or the beginning of a row. */
function cutOut(shape: Shape, data: Float32Array): { shape: Shape; data: Float32Array } {
  if (shape.length !== 3) {
    const size = Math.min(shape[0] ?? 1, MOST_INPUTS);
    return { shape: [size], data: data.slice(0, size) };
  }
  const [H, W, C] = shape as [number, number, number];
  const [h, w] = [Math.min(H, MOST_CELLS), Math.min(W, MOST_CELLS)];
  const [top, left] = [(H - h) >> 1, (W - w) >> 1];
  const cut = new Float32Array(h * w * C);
  for (let row = 0; row < h; row++) {
    const from = ((top + row) * W + left) * C;
    cut.set(data.subarray(from, from + w * C), row * w * C);
  }
  return { shape: [h, w, C], data: cut };
}
