import { ShapeError } from "./errors.js";
import { expectOneOf, refuse } from "./expect.js";
import { Random } from "./random.js";
import { formatShape, type Shape, sizeOf } from "./shape.js";
import { expectTensor, type Tensor } from "./tensor.js";

/** The names of the initialisers, as in Keras. */
export const INITIALIZERS = [
  "glorotUniform",
  "glorotNormal",
  "heUniform",
  "heNormal",
  "zeros",
  "ones",
] as const;

/** One of `INITIALIZERS`. */
export type Initializer = (typeof INITIALIZERS)[number];

// a normal distribution cut off at two standard deviations keeps this much of its own
const TRUNCATED_DEVIATION = 0.8796256610342398;

/**
 * Writes the first values of a parameter into a tensor. With the fan-in and the fan-out of `fans`,
 *
 * - `glorotUniform`: uniform in ±√(6 / (fanIn + fanOut))   (Glorot & Bengio 2010, equation 16)
 * - `glorotNormal`:  normal with variance 2 / (fanIn + fanOut)   (the same, equation 12)
 * - `heUniform`:     uniform in ±√(6 / fanIn)
 * - `heNormal`:      normal with variance 2 / fanIn   (He and others 2015, equation 10)
 * - `zeros`, `ones`: what they say, for a tensor of any shape.
 *
 * A uniform distribution in ±a has the variance a² / 3, so that each pair shares its variance. As in Keras, the
 * normal ones are cut off at two standard deviations and widened to have the stated variance again.
 *
 * Glorot's variance keeps the size of activations and gradients through linear layers; He's makes up for the half
 * that ReLU sets to zero.
 *
 * @throws RangeError if there is no initialiser of that name.
 * @throws ShapeError if the fans are needed, and the tensor has fewer than two axes.
 */
export function initialize(name: Initializer, into: Tensor, random: Random): void {
  expectTensor("initialize", into, "into to be a Tensor");
  if (!(random instanceof Random)) refuse("initialize", "random", "a Random", random);
  const { data, shape } = into;
  switch (expectOneOf("initialize", "name", name, INITIALIZERS)) {
    case "glorotUniform":
      fillUniform(data, glorotVariance(shape), random);
      break;
    case "glorotNormal":
      fillNormal(data, glorotVariance(shape), random);
      break;
    case "heUniform":
      fillUniform(data, heVariance(shape), random);
      break;
    case "heNormal":
      fillNormal(data, heVariance(shape), random);
      break;
    case "zeros":
      data.fill(0);
      break;
    case "ones":
      data.fill(1);
      break;
  }
}

/**
 * How many inputs each output of a layer sums over, and how many outputs each input goes to, from the shape of its
 * kernel: I and O for a dense kernel [I, O], KH·KW·C and KH·KW·F for a convolution kernel [KH, KW, C, F].
 *
 * @throws ShapeError if the shape has fewer than two axes.
 */
export function fans(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2) {
    throw new ShapeError(
      `initialize: expected a kernel of shape [I, O] or [KH, KW, C, F], got ${formatShape(shape)}. Only zeros and ones suit other shapes.`,
    );
  }
  const taps = sizeOf(shape.slice(0, -2));
  return { fanIn: taps * shape.at(-2)!, fanOut: taps * shape.at(-1)! };
}

function glorotVariance(shape: Shape): number {
  const { fanIn, fanOut } = fans(shape);
  return 2 / (fanIn + fanOut);
}

function heVariance(shape: Shape): number {
  return 2 / fans(shape).fanIn;
}

function fillUniform(data: Float32Array, variance: number, random: Random): void {
  const limit = Math.sqrt(3 * variance);
  for (let i = 0; i < data.length; i++) data[i] = random.uniform(-limit, limit);
}

function fillNormal(data: Float32Array, variance: number, random: Random): void {
  const deviation = Math.sqrt(variance) / TRUNCATED_DEVIATION;
  for (let i = 0; i < data.length; i++) {
    let z = random.normal();
    while (Math.abs(z) > 2) z = random.normal();
    data[i] = deviation * z;
  }
}
