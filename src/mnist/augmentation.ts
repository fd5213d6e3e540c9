import { expectImages, type Images, type Pixels, sampleShapeOf } from "../model/dataset.js";
import { CounterRandom } from "../tensor/counter-random.js";
import { ShapeError } from "../tensor/errors.js";
import { describe, expectInteger, expectNumber, expectOptions } from "../tensor/expect.js";
import { Random } from "../tensor/random.js";
import { formatShape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { ImageWarper, LONGEST_SIDE, type Warp } from "./warp.js";

/** Options of `Augmentation`. */
export interface AugmentationOptions {
  /** Seed of the warps, and of the order of the images. @default 0 */
  readonly seed?: number;
  /** The largest angle of a turn, in degrees, either way. @default 12 */
  readonly rotation?: number;
  /** The largest shift, in pixels, along either axis and either way. @default 2 */
  readonly shift?: number;
  /** The smallest and the largest scale. @default [0.9, 1.1] */
  readonly scale?: readonly [number, number];
  /** The largest angle of a shear, in degrees, either way. @default 6 */
  readonly shear?: number;
  /** The share of images that stay as they are. @default 0.2 */
  readonly plainShare?: number;
}

/** Numbers drawn for an image. Two share a block of the generator, so that an even number wastes none. */
const DRAWS = 6;
/** How far the generator counts. */
const END = 2 ** 33;
/** The last number that an image can have; it leaves the last two draws of an epoch to the order of the images. */
const MOST_IMAGES = Math.floor((END - 2) / DRAWS) - 1;

/**
 * Shows a network each training image a little turned, shifted, scaled and sheared, in each epoch in another way, so
 * that it learns the digit and not the picture. Some images are left as they are, as those of the test set will be.
 *
 * Rotation, shift, scale and shear are drawn independently, each uniformly from its range. They depend on the seed, the
 * epoch and the number of the image in the dataset and on nothing else, so that neither the order of the images nor the
 * size of a batch changes what an image looks like.
 *
 * The results are bytes, as the images are: they go into a model the same way, in a quarter of the memory of float32,
 * and rounding changes them by half a grey level of 255 at most.
 *
 * ```ts
 * const augmentation = new Augmentation({ seed: 1 });
 * augmentation.apply(batch.images, { epoch: 1, numbers: [5, 17, 3] }); // images 5, 17 and 3 of the dataset
 * ```
 *
 * Source: LeCun et al., "Gradient-based learning applied to document recognition" (1998), section III.A, which trains on
 * planar affine distortions of the digits.
 *
 * @throws RangeError if an option is out of range.
 */
export class Augmentation {
  readonly seed: number;
  readonly rotation: number;
  readonly shift: number;
  readonly scale: readonly [number, number];
  readonly shear: number;
  readonly plainShare: number;

  readonly #random: CounterRandom;
  #warper: { readonly shape: string; readonly warper: ImageWarper } | undefined; // for the last shape

  constructor(options: AugmentationOptions = {}) {
    const where = "Augmentation";
    const {
      seed = 0,
      rotation = 12,
      shift = 2,
      scale = [0.9, 1.1],
      shear = 6,
      plainShare = 0.2,
    } = expectOptions(where, options);
    this.seed = expectInteger(where, "seed", seed, { min: 0 });
    this.rotation = expectNumber(where, "rotation", rotation, { min: 0, max: 180 });
    this.shift = expectNumber(where, "shift", shift, { min: 0, max: LONGEST_SIDE });
    this.scale = expectRange(where, "scale", scale, { min: 0.25, max: 4 });
    this.shear = expectNumber(where, "shear", shear, { min: 0, max: 45 });
    this.plainShare = expectNumber(where, "plainShare", plainShare, { min: 0, max: 1 });
    this.#random = new CounterRandom(seed);
  }

  /**
   * What happens to an image in an epoch; undefined if it stays as it is.
   *
   * @param image its number in the dataset, from 0.
   * @throws RangeError if a number is not whole, or negative.
   */
  draw(epoch: number, image: number): Warp | undefined {
    expectInteger("Augmentation.draw", "epoch", epoch, { min: 0, below: 2 ** 32 });
    expectInteger("Augmentation.draw", "image", image, { min: 0, max: MOST_IMAGES });
    const first = DRAWS * image;
    const random = this.#random;
    if (random.uniform(epoch, first) < this.plainShare) return undefined;
    const between = (k: number, low: number, high: number): number =>
      low + (high - low) * random.uniform(epoch, first + k);
    const [smallest, largest] = this.scale;
    return {
      rotation: between(1, -this.rotation, this.rotation),
      shiftX: between(2, -this.shift, this.shift),
      shiftY: between(3, -this.shift, this.shift),
      scale: between(4, smallest, largest),
      shear: between(5, -this.shear, this.shear),
    };
  }

  /**
   * The numbers 0 to n − 1 in random order: the order of n images in an epoch. As the warps it depends on the seed and the
   * epoch and on nothing else.
   *
   * @throws RangeError if a number is not whole, or negative.
   */
  order(epoch: number, n: number): Uint32Array {
    expectInteger("Augmentation.order", "epoch", epoch, { min: 0, below: 2 ** 32 });
    expectInteger("Augmentation.order", "n", n, { min: 0, below: 2 ** 32 });
    // 48 bits that no image draws: a seed of its own for each epoch
    const high = this.#random.uniform(epoch, END - 2) * 2 ** 48;
    const low = this.#random.uniform(epoch, END - 1) * 2 ** 24;
    return new Random(high + low).permutation(n);
  }

  /**
   * Warps the images of a batch, in place, and returns them.
   *
   * @param options the epoch, and the number of each image in the dataset
   * @throws TypeError if the images are not bytes; ShapeError if they are not [N, H, W, C], or there is not a number for
   * each; RangeError if a side is longer than 1024 pixels.
   */
  apply(images: Pixels, options: { readonly epoch: number; readonly numbers: ArrayLike<number> }): Pixels {
    const where = "Augmentation.apply";
    const [n, ...shape] = expectByteImages(where, images);
    const { epoch, numbers } = expectOptions(where, options);
    expectInteger(where, "epoch", epoch, { min: 0, below: 2 ** 32 });
    if (numbers?.length !== n) {
      const got = numbers?.length ?? describe(numbers);
      throw new ShapeError(`${where}: expected a number for each of ${n} images, got ${got}.`);
    }
    // before the first image is changed
    for (let i = 0; i < n; i++) {
      expectInteger(where, `numbers[${i}]`, numbers[i]!, { min: 0, max: MOST_IMAGES });
    }
    const warper = this.#warperFor(shape);
    const [H, W, C] = shape;
    for (let i = 0; i < n; i++) {
      const warp = this.draw(epoch, numbers[i]!);
      if (warp) warper.warp(images.data, i * H * W * C, warp);
    }
    return images;
  }

  #warperFor(shape: readonly [number, number, number]): ImageWarper {
    const key = formatShape(shape);
    if (this.#warper?.shape !== key) this.#warper = { shape: key, warper: new ImageWarper(shape) };
    return this.#warper.warper;
  }
}

/**
 * Checks that images are bytes [N, H, W, C], of sides that can be warped, and returns their shape.
 *
 * @throws as `Augmentation.apply`.
 */
export function expectByteImages(where: string, images: Images): readonly [number, number, number, number] {
  if (images instanceof Tensor) {
    throw new TypeError(
      `${where}: expected images as bytes, { data: Uint8Array, shape }, got a Tensor. Augment them before they become one.`,
    );
  }
  expectImages(where, images, sampleShapeOf(where, images));
  const { shape } = images;
  if (shape.length !== 4) {
    throw new ShapeError(`${where}: expected images of shape [N, H, W, C], got ${formatShape(shape)}.`);
  }
  const [N, H, W, C] = shape as readonly [number, number, number, number];
  if (H > LONGEST_SIDE || W > LONGEST_SIDE) {
    throw new RangeError(
      `${where}: expected images of at most ${LONGEST_SIDE} x ${LONGEST_SIDE} pixels, got ${H} x ${W}.`,
    );
  }
  return [N, H, W, C];
}

/** Two numbers within bounds, the first not above the second. */
function expectRange(
  where: string,
  name: string,
  range: readonly [number, number],
  bounds: { readonly min: number; readonly max: number },
): readonly [number, number] {
  const refuse = (): never => {
    throw new RangeError(`${where}: expected ${name} to be [smallest, largest], got ${describe(range)}.`);
  };
  if (!Array.isArray(range) || range.length !== 2) return refuse();
  for (const value of range) expectNumber(where, name, value, bounds);
  if (range[0] > range[1]) refuse();
  return [range[0], range[1]];
}
