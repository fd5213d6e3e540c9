/** A slope measured at one element, and a bound for what the measurement cannot tell. */
export interface Slope {
  readonly value: number;
  readonly doubt: number;
}

/** What L does within one step h of an element. */
interface Secants {
  /** The central difference: the mean of the slopes to the right and to the left. */
  readonly central: number;
  /** The slope to the right less the slope to the left. */
  readonly bend: number;
}

const GOOD = 2e-4; // of the largest slope; a doubt below this is small enough to stop
const SMALLEST_STEP = 1 / 128; // of h; below this, rounding is worse than any kink

/**
 * The numeric gradient of `loss` at each element of `values`, which it moves and puts back. Doubts are held against
 * the largest slope, or against `floor` if all are smaller.
 */
export function numericGradient(
  loss: () => number,
  values: Float32Array,
  step: number,
  floor = 0,
): readonly Slope[] {
  const middle = loss();
  const secants = (i: number, h: number): Secants => {
    const kept = values[i]!;
    values[i] = kept + h;
    const upper = values[i]!; // where float32 has put it
    const up = loss();
    values[i] = kept - h;
    const lower = values[i]!;
    const down = loss();
    values[i] = kept;
    return {
      central: (up - down) / (upper - lower),
      bend: (up - middle) / (upper - kept) - (middle - down) / (kept - lower),
    };
  };

  type Triple = readonly [Secants, Secants, Secants]; // with steps h, h/2 and h/4
  const triples = Array.from(
    values,
    (_, i): Triple => [secants(i, step), secants(i, step / 2), secants(i, step / 4)],
  );
  const largest = triples.reduce((most, [, half]) => Math.max(most, Math.abs(half.central)), floor);
  return triples.map(([coarse, half, quarter], i) => {
    let best = slopeOf(coarse, half, quarter);
    let [previous, last] = [half, quarter];
    for (let h = step / 8; h >= step * SMALLEST_STEP && best.doubt > GOOD * largest; h /= 2) {
      const next = secants(i, h);
      const slope = slopeOf(previous, last, next);
      if (slope.doubt < best.doubt) best = slope;
      [previous, last] = [last, next];
    }
    return best;
  });
}

function slopeOf(coarse: Secants, half: Secants, quarter: Secants): Slope {
  return {
    value: (4 * half.central - coarse.central) / 3,
    doubt: Math.max(disagreement(coarse, half), disagreement(half, quarter)),
  };
}

/**
 * How far two measurements, the second with half the step of the first, are from those of a smooth function, whose
 * central difference stays what it is, and whose bend halves. A kink within the step moves the first, but for a kink
 * at the element itself, as of a ReLU at 0: there every central difference is the mean of both slopes, and the bend
 * stays as large as the kink.
 */
function disagreement(coarse: Secants, half: Secants): number {
  return Math.max(Math.abs(coarse.central - half.central), Math.abs(coarse.bend - 2 * half.bend) / 2);
}
