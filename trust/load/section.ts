import type { Section } from "../section.js";
import { batchSizeParts } from "./parts-batch-sizes.js";
import { memoryParts } from "./parts-memory.js";
import { millionParts } from "./parts-million.js";
import { timerParts } from "./parts-timers.js";
import { SMALL_HEAP } from "./surroundings.js";
import { Together } from "./together.js";

const TEXT = `
Whoever trains for a long time, builds many models, takes batches of any size, has very many images, or asks a model while it is
in training, gets the same numbers; and memory stays what it was after a warm-up, within the limits below.

Each row is a process of its own, of Node and the built package, in which no collection is asked for. Those of *steps* run one
after the other, so that what else the machine does is not measured, and all others side by side. RSS (resident set size) is
all memory that the system has given the process; *heap in use* is the least that the engine's heap came down to in the
first and in the second half of what was looked at; the memory of the kernels is the WebAssembly memory that all tensors lie in,
with the backend \`simd\`.

- **Steps**: \`lenet\`, in batches of 2 images (1 in plain TypeScript). \`fit\` validates after each epoch of 200 steps, keeps averaged
  weights, looks for the best epoch and saves a checkpoint to memory after each. After a warm-up of 6,000 steps, in which the
  engine compiles and its heap finds its size, RSS has to stay within 5 %, the heap in use may not grow by more than 3 MB, and the
  memory of the kernels not by more than the 0.3 MB that measuring it takes. The engine has a small heap for this: a young
  generation of a fixed size, and an old one that is collected often
  (\`node ${SMALL_HEAP.join(" ")}\`). As Node starts by itself, the
  young one grows and shrinks, and garbage that got old may lie for some 20,000 steps before the engine takes it: RSS then goes up
  and down by some 20 MB, though nothing is kept. The row *as Node starts* shows that; its limit is 50 %.
- **Models**: \`reference\`, \`lenet\` and \`compact\` by turns, each trained for a step and dropped. Given is the most from the 200th
  to the 600th, and from there to the 1,000th, which may not be more by a tenth: it depends on when the collector comes. What it
  has collected, the library is told in a turn of the event loop. A loop that gives way only now and then takes the memory of all
  models that it builds in between, as docs/architecture.md says, and no more than that.
- **Batch sizes**: for outputs all from 1 to 4,096, for training steps every 32nd of the same random order, in which memory for
  results is laid out anew for larger and for smaller ones. The outputs of \`predict\` have to be those of plain TypeScript for
  one image at a time, in every bit; \`evaluate\` has to give the same accuracy, and the same loss but for the rounding of a
  float64 sum. Every training step is compared with plain TypeScript, in every bit. The mixed network has a convolution,
  batch normalization, pooling, dropout and a dense layer.
- **A million images**, [8, 8, 1] as bytes, in the same small heap: one epoch of \`fit\` in batches of 256, shuffled, the last
  tenth validated; \`evaluate\` and \`predict\` over all of them; and the same from a function that makes batches and keeps none.
  Beside the data, the process may take 64 bytes for each image, which are the order of the images and what \`predict\` returns,
  and 96 MB. The network has to get at least 99 % right, or something else than these images was trained on.
- **Timers**: while \`fit\` runs, timers predict, evaluate, go forward and backward, save, read and write the weights, swap averaged
  ones in and out, and train and ask other models. What is predicted, and the gradients, have to be those of the weights of the
  moment, computed by another model (an evaluation goes on while they change, so its loss only has to be finite); what is saved
  has to be these weights; and \`fit\` has to end with the bits that it has when it is left alone. What changes the model
  (\`setWeights\` to others, \`trainOnBatch\`) has to be a change between two steps: a second \`fit\`, in which a callback makes it
  after the same step, ends with the same bits. A second \`fit\` of the model is refused, and so is \`reestimateStatistics\` if a
  step comes in between. Two models that are trained at once end as they do one after the other.
`;

const together = new Together();

/** Long trainings, many models, batches of all sizes, very many images, and timers. */
export const LOAD: Section = {
  name: "load",
  title: "Under load: flat memory, and the same numbers in whatever portions they are asked for",
  text: TEXT,
  columns: ["what", "how much", "found"],
  parts: [
    ...memoryParts(together),
    ...batchSizeParts(together),
    ...millionParts(together),
    ...timerParts(together),
  ],
};
