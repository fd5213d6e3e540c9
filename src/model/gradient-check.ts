import { buildLayer, isBuilt } from "../layers/build.js";
import type { Layer } from "../layers/layer.js";
import { expectNumber } from "../tensor/expect.js";
import { Random } from "../tensor/random.js";
import { expectTensor, Tensor } from "../tensor/tensor.js";
import { formatTable } from "./table.js";

/** What can be checked: a layer, or a model, which has the same passes. */
export type Differentiable = Pick<Layer, "forward" | "backward" | "parameters" | "state">;

export interface GradientCheckOptions {
  /** h, the largest step of the central differences. @default 1e-2 */
  readonly step?: number;
  /** Gradients are compared relative to their largest element, or to this where all are smaller. @default 1e-2 */
  readonly floor?: number;
  /** Whether the forward pass is one of training. @default true */
  readonly training?: boolean;
  /** Seed of the random projection, and of the weights of a layer that is not built yet. @default 0 */
  readonly seed?: number;
}

/** How far the gradient of one tensor is from the numeric one. */
export interface GradientError {
  /** `input`, or the parameter's name. */
  readonly name: string;
  readonly shape: readonly number[];
  /** max|analytic − numeric| / max(max|numeric|, floor). NaN if a gradient is NaN. */
  readonly error: number;
  /** The element with the largest difference, as an index into `data`, and both gradients there. */
  readonly at: number;
  readonly analytic: number;
  readonly numeric: number;
  /** Elements left out because L has a kink too near to them for any difference to tell its slope. */
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
 *   ∂L/∂v ≈ (L(v + h) − L(v − h)) / 2h
 *
 * In float32 this is a compromise. Rounding blurs L by about 1e-7, so a small h drowns the slope in noise: h = 1e-2 is
 * near the best, h = 1e-4 is a hundred times worse. But a large h may step over a kink of L (a ReLU that turns on, a
 * new winner in max pooling), where the difference says nothing about the gradient. So each element is measured with
 * h and h/2, and where the two disagree, with ever smaller steps until two agree. If none do it is left out, and
 * counted; a tensor of which more than half is left out counts as failed. The measurement never looks at the analytic
 * gradient, and so cannot be talked into agreeing with it.
 *
 * Nothing is changed: values, gradients and state are put back.
 *
 * ```ts
 * console.log(gradientCheck(new Dense({ units: 3 }), Tensor.from([[0.5, -1], [2, 0.25]])));
 * ```
 *
 * @throws ShapeError if the input does not fit the layer.
 */
export function gradientCheck(
  subject: Layer | Differentiable,
  input: Tensor,
  { step = 1e-2, floor = 1e-2, training = true, seed = 0 }: GradientCheckOptions = {},
): GradientReport {
  expectTensor("gradientCheck", input);
  expectNumber("gradientCheck", "step", step, { above: 0 });
  expectNumber("gradientCheck", "floor", floor, { above: 0 });
  if ("build" in subject && !isBuilt(subject)) buildLayer(subject, input.shape.slice(1));

  const x = input.clone();
  const restore = [
    ...subject.parameters.map(({ grad }) => grad),
    ...(subject.state ?? []).map(({ value }) => value),
  ].map((tensor) => ({ tensor, saved: tensor.data.slice() }));
  try {
    const y = subject.forward(x, { training });
    const random = new Random(seed);
    const r = new Tensor(
      y.shape,
      y.data.map(() => random.normal()),
    );
    const loss = (): number => {
      const out = subject.forward(x, { training }).data;
      let sum = 0;
      for (let i = 0; i < out.length; i++) sum += out[i]! * r.data[i]!;
      return sum;
    };

    for (const { grad } of subject.parameters) grad.data.fill(0);
    const dx = subject.backward(r.clone(), { inputGradient: true });
    if (!dx)
      throw new Error("gradientCheck: expected backward to return dx when asked for it, got undefined.");
    const analytic = [
      { name: "input", value: x, grad: dx.clone() }, // what backward returned is overwritten by the next forward
      ...subject.parameters.map(({ name, value, grad }) => ({ name, value, grad: grad.clone() })),
    ];
    return new GradientReport(
      analytic.map(({ name, value, grad }) => ({
        name,
        shape: value.shape,
        ...compare(grad.data, numericGradient(loss, value.data, step), floor),
      })),
    );
  } finally {
    for (const { tensor, saved } of restore) tensor.data.set(saved);
  }
}

/** A slope measured at one element, and how far two measurements of it are apart. */
interface Slope {
  readonly value: number;
  readonly doubt: number;
}

// two slopes agree if they differ by less than this share of the largest slope of the tensor
const AGREEMENT = 2e-4;
const SMALLEST_STEP = 1 / 64; // of h; below this, rounding is worse than any kink

/** The numeric gradient of `loss` at each element of `values`, which it moves and puts back. */
export function numericGradient(loss: () => number, values: Float32Array, step: number): Slope[] {
  const slope = (i: number, h: number): number => {
    const kept = values[i]!;
    values[i] = kept + h;
    const upper = values[i]!; // where float32 has put it
    const up = loss();
    values[i] = kept - h;
    const lower = values[i]!;
    const down = loss();
    values[i] = kept;
    return (up - down) / (upper - lower);
  };
  const slopes = Array.from(values, (_, i): Slope => {
    const coarse = slope(i, step);
    const fine = slope(i, step / 2);
    return { value: fine, doubt: Math.abs(fine - coarse) };
  });
  const largest = slopes.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
  return slopes.map((first, i) => {
    let best = first;
    let previous = first.value;
    for (let h = step / 4; h >= step * SMALLEST_STEP && best.doubt > AGREEMENT * largest; h /= 2) {
      const value = slope(i, h);
      const doubt = Math.abs(value - previous);
      if (doubt < best.doubt) best = { value, doubt };
      previous = value;
    }
    return best;
  });
}

function compare(analytic: Float32Array, numeric: readonly Slope[], floor: number) {
  const scale = numeric.reduce((most, { value }) => Math.max(most, Math.abs(value)), floor);
  // a slope in doubt by more than this is no measurement
  const trusted = ({ doubt }: Slope): boolean => doubt <= 5 * AGREEMENT * scale;
  let worst = -1;
  let at = 0;
  let skipped = 0;
  for (const [i, slope] of numeric.entries()) {
    const difference = Math.abs(analytic[i]! - slope.value);
    if (Number.isNaN(difference)) {
      worst = Number.NaN;
      at = i;
      break;
    }
    if (!trusted(slope)) skipped++;
    else if (difference > worst) [worst, at] = [difference, i];
  }
  const error = skipped > numeric.length / 2 ? Number.POSITIVE_INFINITY : Math.max(worst, 0) / scale;
  return { error, at, analytic: analytic[at] ?? 0, numeric: numeric[at]?.value ?? 0, skipped };
}
