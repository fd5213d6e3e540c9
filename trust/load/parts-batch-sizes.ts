import { formatCount } from "../../src/node/numbers.js";
import type { Part } from "../section.js";
import { type BatchCount, type BatchSizesOptions, sizesInRandomOrder } from "./batch-sizes.js";
import { inWords, type Surroundings } from "./surroundings.js";
import type { Together } from "./together.js";

/** For networks that take longer: powers of two and their neighbours, and primes. */
const TELLING = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 31, 33, 64, 127, 128, 129, 257, 509, 512, 1021];

/** Batches of all sizes. */
export function batchSizeParts(together: Together): Part[] {
  const all = sizesInRandomOrder(1, 4096, 1);
  const some = all.filter((_, i) => i % 32 === 0);
  const most = [...TELLING, 4093, 6, 4096, 4095, 11];
  const part = (
    name: string,
    job: "compareOutputs" | "compareSteps",
    { backend, ...options }: BatchSizesOptions & Surroundings,
  ): Part => {
    const result = together.add({ job, options, backend });
    const surroundings = inWords({ backend, threads: options.threads });
    return {
      name: `${name}, ${surroundings}`,
      prove: async () => {
        const { batches, images }: BatchCount = await result();
        const counts = [options.sizes.length, batches, images].map(formatCount);
        return [`${counts[0]} sizes: ${counts[1]} batches, ${counts[2]} images`, "no bit differs"];
      },
    };
  };
  return [
    part("outputs of the mixed network", "compareOutputs", {
      network: "mixed",
      sizes: all,
      threads: 2,
      backend: "simd",
    }),
    part("outputs of the mixed network", "compareOutputs", {
      network: "mixed",
      sizes: TELLING,
      threads: 1,
      backend: "plain",
    }),
    part("outputs of lenet", "compareOutputs", {
      network: "lenet",
      sizes: most,
      threads: 2,
      backend: "simd",
    }),
    part("steps of the mixed network", "compareSteps", {
      network: "mixed",
      sizes: some,
      threads: 2,
      backend: "simd",
    }),
    part("steps of lenet", "compareSteps", { network: "lenet", sizes: most, threads: 1, backend: "simd" }),
  ];
}
