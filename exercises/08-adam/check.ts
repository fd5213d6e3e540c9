import { type Optimizer, Tensor } from "tinyconv";
import { exercise } from "../exercise.js";
import { type Finding, type Row, tableFinding } from "../finding.js";

const LEARNING_RATE = 0.01;
const GRADIENTS = [5, 0.01];

/** Exercise 8: the length of each step under a gradient that never changes. */
export const adam = exercise<new (options: { readonly learningRate: number }) => Optimizer>({
  folder: "08-adam",
  file: "adam.ts",
  title: "Adam",
  load: {
    exercise: () => import("./adam.js").then(({ Adam }) => Adam),
    solution: () => import("../solutions/08-adam.js").then(({ Adam }) => Adam),
  },
  check: (Adam) => [stepFinding(new Adam({ learningRate: LEARNING_RATE }))],
});

function stepFinding(optimizer: Optimizer): Finding {
  const value = new Tensor([GRADIENTS.length]);
  const parameter = { name: "theta", value, grad: Tensor.from(GRADIENTS) };
  const rows = [1, 2, 3, 4].map((step): Row => {
    const before = value.data.slice();
    optimizer.step([parameter]);
    const moved = before.map((theta, i) => theta - value.data[i]!);
    return {
      cells: [`step ${step}`, ...[...moved, LEARNING_RATE].map((length) => length.toFixed(5))],
      passed: moved.every((length) => Math.abs(length - LEARNING_RATE) < 1e-3 * LEARNING_RATE),
    };
  });
  return tableFinding(
    {
      what: `steps with a learning rate of ${LEARNING_RATE}`,
      advice:
        "If g never changes, each step should be as long as the learning rate. Work out m and v by hand for the first two " +
        "steps, as multiples of g and g²: what do they have to be divided by?",
    },
    ["", ...GRADIENTS.map((g) => `g = ${g}`), "expected"],
    rows,
  );
}
