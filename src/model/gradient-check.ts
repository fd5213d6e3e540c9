import { buildLayer, isBuilt } from "../layers/build.js";
import type { Layer } from "../layers/layer.js";
import { copyArray } from "../tensor/allocate.js";
import { CounterRandom } from "../tensor/counter-random.js";
import { ShapeError } from "../tensor/errors.js";
import { expectBoolean, expectInteger, expectNumber, expectOptions, refuse } from "../tensor/expect.js";
import { Random } from "../tensor/random.js";
import { formatShape, type Shape } from "../tensor/shape.js";
import { expectTensor, Tensor } from "../tensor/tensor.js";
import { HeapWorkspace } from "../tensor/workspace.js";
import { numericGradient, type Slope } from "./numeric-gradient.js";
import { formatTable } from "./table.js";

/** What can be checked: a layer, or a model, which has the same passes. */
export type Differentiable = Pick<Layer, "forward" | "backward" | "parameters" | "state">;

export interface GradientCheckOptions {
  /** h, the first and largest step of the differences. @default 0.1 */
  readonly step?: number | undefined;
  /** Differences are relative to the largest slope of their tensor, or to this if all are smaller. @default 0.1 */
  readonly floor?: number;
  /** Whether the forward pass is one of training. @default true */
  readonly training?: boolean | undefined;
  /** Seed of the random projection, and of the weights of a layer that is not built yet. @default 0 */
  readonly seed?: number;
}

/** How far the gradient of one tensor is from the numeric one. */
export interface GradientError {
  /** `input`, or the parameter's name. */
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * max|analytic − numeric| / max(max|numeric|, floor) over the elements that were measured. NaN if a gradient is not
   * finite, infinite if more than half of the elements were left out.
   */
  readonly error: number;
  /** The element with the largest difference, as an index into `data`, and both gradients there. */
  readonly at: number;
  readonly analytic: number;
  readonly numeric: number;
  /** Elements left out, because a kink of L is too near for any difference to tell the slope. */
  readonly skipped: number;
}

/** The result of `gradientCheck`; prints as a table. */
export class GradientReport {
  constructor(readonly rows: readonly GradientError[]) {}

  /** The largest error of all rows; NaN if one is NaN. */
  get worst(): number {
    return Math.max(...this.rows.map((row) => row.error));
  }

  toString(): string {
    const cells = this.rows.map((row) => [
      row.name,
      `[${row.shape.join(", ")}]`,
      row.error.toExponential(1),
      row.analytic.toPrecision(6),
      row.numeric.toPrecision(6),
      String(row.at),
      String(row.skipped),
    ]);
    return formatTable(["gradient of", "shape", "error", "analytic", "numeric", "at", "skipped"], cells);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/**
 * Compares the gradients that `backward` computes with numeric ones, for the input and for each parameter.
 *
 * The output y is projected on a fixed random vector r, so that one number L = Σ y·r, summed in float64, depends on
 * every output; then dy = r, and each element v of a tensor has the numeric gradient
 *
 *     ∂L/∂v ≈ (4·s(h/2) − s(h)) / 3        with the central difference s(h) = (L(v + h) − L(v − h)) / 2h
 *
 * s(h) is off by c·h² + O(h⁴), and the combination has no h² left (Richardson's extrapolation).
 *
 * In float32 the step is a compromise. Rounding blurs L by about 1e-7, so a small h drowns the slope in noise: the worst
 * error of a Dense was 2e-6 with h = 1e-1, 2e-5 with 1e-2 and 2e-4 with 1e-3, and with 1e-4 there was nothing left to
 * measure. A large h may step over a kink of L (a ReLU that turns on, a new winner in max pooling), where differences
 * say nothing about the gradient. So an element is measured with h, h/2 and h/4, and where these disagree, with ever
 * smaller steps until three in a row agree. If none do, it is left out, and counted; a tensor of which more than half
 * is left out counts as failed. The measurement never looks at the analytic gradient, and so cannot be talked into
 * agreeing with it.
 *
 * Choose an input without exact zeros and ties, such as random numbers: the black background of an image lies on the
 * kinks of every ReLU that has a bias of 0. Elements far larger than 1, such as bytes, need a larger `step`.
 *
 * Nothing is changed: values, gradients and state are put back. A layer that is not built yet is built for the input.
 *
 * ```ts
 * console.log(gradientCheck(new Dense({ units: 3 }), Tensor.from([[0.5, -1], [2, 0.25]])));
 * ```
 *
 * @throws ShapeError if the input does not fit the layer, or has no elements.
 * @throws RangeError if an option is out of range.
 */
export function gradientCheck(
  subject: Layer | Differentiable,
  input: Tensor,
  options: GradientCheckOptions = {},
): GradientReport {
  const { step = 0.1, floor = 0.1, training = true, seed = 0 } = expectOptions("gradientCheck", options);
  if (typeof subject?.forward !== "function" || typeof subject.backward !== "function") {
    refuse("gradientCheck", "subject", "a layer or a model", subject);
  }
  expectTensor("gradientCheck", input, "input to be a Tensor");
  expectInteger("gradientCheck", "seed", seed, { min: 0 });
  expectBoolean("gradientCheck", "training", training);
  expectNumber("gradientCheck", "step", step, { above: 0 });
  expectNumber("gradientCheck", "floor", floor, { above: 0 });
  if (input.size === 0) {
    throw new ShapeError(
      `gradientCheck: expected input to be a batch of at least one sample, got ${formatShape(input.shape)}.`,
    );
  }
  if ("build" in subject && !isBuilt(subject)) {
    buildLayer(subject, input.shape.slice(1), { workspace: new HeapWorkspace(), random: new Random(seed) });
  }

  const x = input.clone();
  const restore = [
    ...subject.parameters.flatMap(({ value, grad }) => [value, grad]),
    ...(subject.state ?? []).map(({ value }) => value),
  ].map((tensor) => ({ tensor, saved: copyArray("gradientCheck", tensor.data) }));
  try {
    const y = subject.forward(x, { training });
    const r = projection(y.shape, seed);
    const loss = (): number => {
      const out = subject.forward(x, { training }).data;
      let sum = 0;
      for (let i = 0; i < out.length; i++) sum += out[i]! * r.data[i]!;
      return sum;
    };

    for (const { grad } of subject.parameters) grad.data.fill(0);
    const dx = subject.backward(r.clone(), { inputGradient: true });
    if (!dx) {
      throw new Error("gradientCheck: expected backward to return dx when asked for it, got undefined.");
    }
    const analytic = [
      { name: "input", value: x, grad: dx.clone() }, // what backward returned is overwritten by the next forward
      ...subject.parameters.map(({ name, value, grad }) => ({ name, value, grad: grad.clone() })),
    ];
    return new GradientReport(
      analytic.map(({ name, value, grad }) => ({
        name,
        shape: value.shape,
        ...compare(grad.data, numericGradient(loss, value.data, step, floor), floor),
      })),
    );
  } finally {
    for (const { tensor, saved } of restore) tensor.data.set(saved);
  }
}

/** Random numbers of either sign between 1 and 1.5 in size, so that no output counts for little. */
function projection(shape: Shape, seed: number): Tensor {
  const r = new Tensor(shape);
  new CounterRandom(seed).fillUniform(r.data, 0);
  for (const [i, u] of r.data.entries()) r.data[i] = u < 0.5 ? u - 1.5 : u + 0.5;
  return r;
}

// a slope that is in doubt by more than this share of the largest one is no measurement
const USELESS = 5e-4;

function compare(analytic: Float32Array, numeric: readonly Slope[], floor: number) {
  const largest = (slopes: readonly Slope[]): number =>
    slopes.reduce((most, { value }) => Math.max(most, Math.abs(value)), floor);
  const limit = USELESS * largest(numeric);
  const measured = numeric.filter(({ doubt }) => doubt <= limit);
  const skipped = numeric.length - measured.length;

  let worst = 0;
  let at = 0;
  for (const [i, { value, doubt }] of numeric.entries()) {
    const difference = Math.abs(analytic[i]! - value);
    if (!Number.isFinite(difference)) {
      [worst, at] = [Number.NaN, i];
      break;
    }
    if (doubt <= limit && difference > worst) [worst, at] = [difference, i];
  }
  const failed = skipped > numeric.length / 2 && !Number.isNaN(worst);
  const error = failed ? Number.POSITIVE_INFINITY : worst / largest(measured);
  return { error, at, analytic: analytic[at] ?? 0, numeric: numeric[at]?.value ?? 0, skipped };
}
