import type { Plane } from "./plane.js";

/**
 * The grey levels, 0 to 255, in which a coloured picture differs most, so that red chalk on a green board, or a yellow
 * pen on white, does not vanish as it would in the brightness.
 *
 * With C the covariance of red, green and blue over the picture, it is g = (w · rgb)/(w₁ + w₂ + w₃), w being the first
 * principal component of C, found by power iteration, w ← C·w/|C·w|. What is negative in it is left out, so that grey
 * stays light where there is much light.
 *
 * @param colours Of the shape [height, width, channels]; channels after the first three are passed over.
 */
export function principalGrey(
  colours: Float32Array,
  [height, width, channels]: readonly [number, number, number],
): Plane {
  const [red, green, blue] = principalColour(covariance(colours, channels));
  const data = new Float32Array(width * height);
  for (let i = 0, o = 0; o < data.length; i += channels, o++) {
    data[o] = red * colours[i]! + green * colours[i + 1]! + blue * colours[i + 2]!;
  }
  return { data, width, height };
}

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** E[(c − m)·(c − m)ᵀ] over the colours c of all pixels, with their mean m. */
function covariance(colours: Float32Array, channels: number): Matrix {
  const n = colours.length / channels;
  let [r, g, b] = [0, 0, 0];
  for (let i = 0; i < colours.length; i += channels) {
    r += colours[i]!;
    g += colours[i + 1]!;
    b += colours[i + 2]!;
  }
  let [rr, rg, rb, gg, gb, bb] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < colours.length; i += channels) {
    const dr = colours[i]! - r / n;
    const dg = colours[i + 1]! - g / n;
    const db = colours[i + 2]! - b / n;
    rr += dr * dr;
    rg += dr * dg;
    rb += dr * db;
    gg += dg * dg;
    gb += dg * db;
    bb += db * db;
  }
  return [
    [rr / n, rg / n, rb / n],
    [rg / n, gg / n, gb / n],
    [rb / n, gb / n, bb / n],
  ];
}

/** The shares of red, green and blue; equal ones for a picture of one colour. */
function principalColour(matrix: Matrix): Vector {
  const times = (v: Vector): Vector => [dot(matrix[0], v), dot(matrix[1], v), dot(matrix[2], v)];
  // the row of the channel that varies most cannot be orthogonal to the principal component
  let w = matrix.reduce(
    (widest, row, i) => (matrix[i]![i]! > widest.variance ? { row, variance: matrix[i]![i]! } : widest),
    {
      row: [1, 1, 1] as Vector,
      variance: 0,
    },
  ).row;
  for (let i = 0; i < ITERATIONS; i++) w = unit(times(w));
  if (w[0] + w[1] + w[2] < 0) w = [-w[0], -w[1], -w[2]];
  const [r, g, b] = [Math.max(0, w[0]), Math.max(0, w[1]), Math.max(0, w[2])];
  const sum = r + g + b;
  return sum > 0 ? [r / sum, g / sum, b / sum] : [1 / 3, 1 / 3, 1 / 3];
}

/** Enough for one component to win over the next, unless they tell equally much and either will do. */
const ITERATIONS = 32;

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The vector at length 1; zero stays. */
function unit(v: Vector): Vector {
  const length = Math.sqrt(dot(v, v));
  return length > 0 ? [v[0] / length, v[1] / length, v[2] / length] : v;
}
