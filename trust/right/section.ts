import { formatCount } from "../../src/node/numbers.js";
import type { Part, Section } from "../section.js";
import { networks } from "./references.js";
import { compareOnBackends, SUBJECTS, type Subject } from "./subjects.js";

const TEXT = `
Every layer, loss, optimizer and schedule gives the numbers that PyTorch 1.13 gives: outputs, the gradients of the input and of
every parameter, moving statistics, parameters after each of five steps; and small networks that have all layers in them have
the same losses in each of 20 training steps, and the same weights after the last, with every optimizer under every schedule,
with clipping, averages of the weights and frozen layers.

PyTorch computes in float64, which is exact beside float32, so what differs is the library's rounding. Both start from the same
numbers: weights and inputs are given, and the masks of \`Dropout\` come from a second implementation of the generator, in Python.
Where the two differ by design (on which side "same" padding has its odd cell, the biased variance, momentum under a learning
rate that changes, the mean under class weights), PyTorch's operations compute what the library documents;
\`test/fixtures/pytorch-references\` has the scripts, which say so in each place, and the numbers.

The relative difference of a number a from its reference e is |a − e| / |e|. Where e is less than a twentieth of the largest
number of its tensor, |a − e| is divided by that twentieth instead: such an e is mostly what is left when large terms cancel,
and it has their rounding. Each row compares its numbers twice, in plain TypeScript and in WebAssembly SIMD, and shows the
largest difference of all. The references are written with eight digits, so they are themselves off by up to 5e-8. The limit is
1e-5; for the rates of schedules, which are float64, it is 1e-12, and where the rounding of many layers or steps adds up, 1e-4.

The networks for MNIST are compared in their real size: the loss, and some elements of every gradient, of a first pass over 8
images, drawn by the library's generator. PyTorch's own float32 differs from its float64 in these elements by
${networks.map(({ name, float32 }) => `${float32.toExponential(1)} (${name})`).join(", ")}.

What is not claimed. Large networks do not stay as near for many steps: in a pooling window whose two largest numbers are equal to
seven digits, float32 may take another for the larger than float64 does, and the gradients differ from there on; \`lenet\` has
such windows within 20 steps. And where a \`Sigmoid\` or \`Softmax\` is so sure of y that float32 loses 1 − y, their
dx is right to 6e-8 of dy, and not of itself. (\`SoftmaxCrossEntropy\`, with which classifiers are trained, takes logits and
loses nothing there.)

\`npx vitest run test/trust/right\` compares the same, and demands cases for all that the library exports, and for every option.
`;

/** Reference values from PyTorch. */
export const RIGHT: Section = {
  name: "right",
  title: "Right: the numbers are those of PyTorch",
  text: TEXT,
  columns: ["what", "cases", "numbers compared", "largest relative difference", "limit"],
  parts: SUBJECTS.map(partOf),
};

function partOf({ name, cases, limit }: Subject): Part {
  return {
    name: name.includes(" ") ? name : `\`${name}\``,
    prove: async () => {
      const { numbers, largest, where } = compareOnBackends(cases);
      if (!(largest <= limit)) {
        throw new Error(`${name}: expected a relative difference <= ${limit}, got ${largest} in ${where}.`);
      }
      return [
        String(cases.length),
        formatCount(numbers),
        largest === 0 ? "0" : largest.toExponential(1),
        limit.toExponential(0),
      ];
    },
  };
}
