import { formatCount } from "../../src/node/numbers.js";
import type { Part } from "../section.js";
import { megabytes } from "./memory.js";
import type { MillionFigures, MillionOptions } from "./million.js";
import { inWords, SMALL_HEAP } from "./surroundings.js";
import type { Together } from "./together.js";

/** A million small images. */
export function millionParts(together: Together): Part[] {
  const part = (from: MillionOptions["from"], threads: number): Part => {
    const options: MillionOptions = { images: 1_000_000, batchSize: 256, threads, from };
    const result = together.add({ job: "trainOnMillion", options, backend: "simd", flags: SMALL_HEAP });
    return {
      name: `a million images from a ${from}, ${inWords({ backend: "simd", threads })}`,
      prove: async () => {
        const figures = await result();
        expectInProportion(figures, options);
        const { data, more, steps, accuracies, seconds } = figures;
        const worst = (100 * Math.min(...accuracies)).toFixed(2);
        return [
          `${formatCount(steps)} steps, then evaluate${from === "dataset" ? " and predict" : ""}`,
          `${megabytes(more)} beside ${megabytes(data)} of data; ${worst} % right; ${Math.round(seconds)} s`,
        ];
      },
    };
  };
  return [part("dataset", 1), part("dataset", 2), part("function", 2)];
}

/**
 * @throws Error if the memory is more than 64 bytes for each image of a dataset and 96 MB, if there were not as many steps as
 * there are batches, or if the images were not learnt.
 */
export function expectInProportion(
  { more, steps, accuracies }: MillionFigures,
  { images, batchSize, from }: MillionOptions,
): void {
  const limit = 96e6 + (from === "dataset" ? 64 * images : 0);
  if (more > limit) {
    throw new Error(
      `a million images: expected at most ${megabytes(limit)} beside the data, got ${megabytes(more)}.`,
    );
  }
  const trained = from === "dataset" ? images - Math.round(images / 10) : images;
  const least = Math.ceil(trained / batchSize); // pieces of a function end with smaller batches
  if (steps < least) throw new Error(`a million images: expected ${least} steps or more, got ${steps}.`);
  const worst = Math.min(...accuracies);
  if (worst < 0.99) throw new Error(`a million images: expected 99 % right, got ${worst}.`);
}
