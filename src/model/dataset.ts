import { isLabels, type Targets } from "../layers/loss.js";
import { ShapeError } from "../tensor/errors.js";
import { describe } from "../tensor/expect.js";
import { expectClassLabels } from "../tensor/one-hot.js";
import { expectAxes, expectValidShape, formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { expectTensor, Tensor } from "../tensor/tensor.js";

/** Images as bytes, which become float32 batch by batch: a quarter of the memory. Values stay 0 to 255. */
export interface Pixels {
  readonly data: Uint8Array;
  /** [N, H, W, C]. */
  readonly shape: Shape;
}

/** A batch of images, or of samples of any shape: [N, ...]. */
export type Images = Tensor | Pixels;

/** Images and what they show: class numbers [N], or one-hot or soft targets [N, K]. */
export interface Dataset<I extends Images = Images, L extends Targets = Targets> {
  readonly images: I;
  readonly labels: L;
}

/**
 * Batches that are read or made as training needs them. Called with the number of the epoch (from 1; always 1 in
 * `evaluate`), it gives the batches of that epoch, at once or as they come.
 *
 * A training that goes on from a checkpoint asks for the batches of the running epoch again. They are the same if they
 * depend on the number of the epoch, on the model's `random` as the epoch begins, and on nothing else: a generator of the
 * source's own is in no checkpoint.
 */
export type BatchSource = (epoch: number) => Iterable<Dataset> | AsyncIterable<Dataset>;

/**
 * The batches of an epoch.
 *
 * @throws TypeError if the source gives something else.
 */
export function batchesOf(where: string, source: BatchSource, epoch: number): ReturnType<BatchSource> {
  const batches = source(epoch);
  const object: object = Object(batches);
  if (Symbol.asyncIterator in object || Symbol.iterator in object) return batches;
  const remedy = object instanceof Promise ? " Make it an async function*." : "";
  throw new TypeError(
    `${where}: expected the batch source to return batches, as a generator does, got ${describe(batches)}.${remedy}`,
  );
}

/** The number of images. */
export function countImages({ shape }: Images): number {
  return shape[0] ?? 0;
}

/** The shape of a sample as the images have it. Whether they are images at all is for `expectImages` to say. */
export function sampleShapeOf(where: string, images: Images | undefined): Shape {
  const shape: unknown = images?.shape;
  if (!Array.isArray(shape)) return [];
  expectAxes(where, shape);
  return shape.slice(1);
}

/**
 * Checks that `images` are a batch of samples of `sampleShape`, and returns how many.
 *
 * @throws TypeError if they are neither a Tensor nor pixels; ShapeError if their shape is another, or there are not
 * as many pixels as it says; RangeError if there are none.
 */
export function expectImages(where: string, images: Images, sampleShape: Shape): number {
  if (images instanceof Tensor) expectTensor(where, images, "images to be a Tensor");
  else expectPixels(where, images);
  const { shape } = images;
  if (!sameShape(shape.slice(1), sampleShape)) {
    const wanted = formatShape(["N", ...sampleShape]);
    throw new ShapeError(
      `${where}: expected images of shape ${wanted}, got ${formatShape(shape)}.${remedy(images, sampleShape)}`,
    );
  }
  const count = countImages(images);
  if (count === 0) throw new RangeError(`${where}: expected at least one image, got none.`);
  return count;
}

function expectPixels(where: string, images: Pixels): void {
  if (!(images?.data instanceof Uint8Array) || !Array.isArray(images.shape)) {
    // of an object that is nearly right, say what its parts are
    const isObject = typeof images === "object" && images !== null && "data" in images;
    const got = isObject
      ? `{ data: ${describe(images.data)}, shape: ${describe(images.shape)} }`
      : describe(images);
    throw new TypeError(
      `${where}: expected images to be a Tensor, or { data: Uint8Array, shape }, got ${got}.`,
    );
  }
  const { data, shape } = images;
  expectValidShape(where, shape);
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(
      `${where}: expected ${sizeOf(shape)} pixels for shape ${formatShape(shape)}, got ${data.length}.`,
    );
  }
}

/** The shape that the images should be given, where they hold the same numbers in the same order; else nothing. */
function remedy(images: Images, sampleShape: Shape): string {
  const { shape } = images;
  const give = (wanted: Shape): string =>
    images instanceof Tensor ? `images.reshape(${formatShape(wanted)})` : `shape: ${formatShape(wanted)}`;
  if (sameShape(shape, sampleShape)) return ` Add the batch axis: ${give([1, ...shape])}.`;
  const [n, ...axes] = shape;
  if (n === undefined || sizeOf(axes) !== sizeOf(sampleShape)) return "";
  // axes of length 1 may come and go anywhere, others must keep their order
  const isLong = (length: number): boolean => length !== 1;
  if (axes.length === 1 || sameShape(axes.filter(isLong), sampleShape.filter(isLong))) {
    return ` Give them their axes: ${give([n, ...sampleShape])}.`;
  }
  return " The axes are another order of the same lengths: images are [N, H, W, C], channels last.";
}

/**
 * Checks images and labels together against what goes into a model and what comes out of it, and returns how many
 * images there are.
 *
 * @throws ShapeError if their numbers differ; RangeError if a label is none of the classes; and as `expectImages`.
 */
export function expectDataset(
  where: string,
  data: Dataset,
  { inputShape, outputShape }: { readonly inputShape: Shape; readonly outputShape: Shape },
): number {
  if (typeof data !== "object" || data === null || !("images" in data) || !("labels" in data)) {
    throw new TypeError(`${where}: expected a dataset { images, labels }, got ${describe(data)}.`);
  }
  const { images, labels } = data;
  const count = expectImages(where, images, inputShape);
  const labelCount = countLabels(where, labels);
  if (labelCount !== count) {
    throw new ShapeError(`${where}: expected as many labels as images, ${count}, got ${labelCount}.`);
  }
  // an output that is not a row of classes is for the loss to refuse
  const [classes = 0, ...rest] = outputShape;
  if (!(labels instanceof Tensor) && classes > 1 && rest.length === 0) {
    expectClassLabels(where, labels, classes);
  }
  return count;
}

function countLabels(where: string, labels: Targets): number {
  if (labels instanceof Tensor) return labels.shape[0] ?? 0;
  if (isLabels(labels)) return labels.length;
  throw new TypeError(
    `${where}: expected labels to be class numbers or a Tensor of targets [N, K], got ${describe(labels)}.`,
  );
}

/** Samples `start` to `end` of a dataset, of the types that it is of, without a copy of the images. */
export function sliceDataset<I extends Images, L extends Targets>(
  { images, labels }: Dataset<I, L>,
  start: number,
  end: number,
): Dataset<I, L> {
  const part = labels instanceof Tensor ? sliceTensor(labels, start, end) : labels.slice(start, end);
  return { images: sliceImages(images, start, end), labels: part as L };
}

/** Images `start` to `end`, of the type that they are of, without a copy. */
export function sliceImages<I extends Images>(images: I, start: number, end: number): I {
  if (images instanceof Tensor) return sliceTensor(images, start, end) as I;
  const { data, shape } = images as Pixels;
  const [, ...sampleShape] = shape;
  const size = sizeOf(sampleShape);
  const part: Pixels = {
    data: data.subarray(start * size, end * size),
    shape: [end - start, ...sampleShape],
  };
  return part as I;
}

/** Samples `start` to `end` of a tensor, without a copy. */
export function sliceTensor(tensor: Tensor, start: number, end: number): Tensor {
  const [, ...sampleShape] = tensor.shape;
  const size = sizeOf(sampleShape);
  return new Tensor([end - start, ...sampleShape], tensor.data.subarray(start * size, end * size));
}
