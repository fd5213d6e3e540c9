import {
  addRow,
  argmax,
  CounterRandom,
  columnSums,
  currentBackend,
  exp,
  expectShape,
  HeapWorkspace,
  im2col,
  initialize,
  log,
  matmul,
  oneHot,
  Random,
  setBackend,
  slidingWindow,
  softmax,
  Tensor,
} from "../../../src/index.js";
import { aTensor } from "../samples.js";
import { aConstructor, accessorsOf, aFunction, methodsOf, type Target } from "../target.js";

const onlyTensor = { words: { x: ["Tensor", "shape", "axis"] } };

const window = { kernelSize: [2, 2], strides: [1, 1], padding: "valid", dilationRate: [1, 1] };

/** Tensors, the operations on them, and random numbers. */
export const TENSORS: readonly Target[] = [
  aConstructor("Tensor", Tensor, () => ({ shape: [2, 2], data: new Float32Array(4) }), {
    words: { shape: ["axes"], data: ["elements"] },
  }),
  aFunction("Tensor.zeros", Tensor.zeros, () => ({ shape: [2, 2] }), {
    alsoNamed: ["Tensor"],
    words: { shape: ["axes"] },
  }),
  aFunction("Tensor.from", Tensor.from, () => ({ values: [1, 2, 3, 4], shape: [2, 2] }), {
    alsoNamed: ["Tensor"],
    words: { values: ["number", "numbers", "nested arrays", "elements"], shape: ["axes", "elements"] },
  }),
  ...methodsOf("Tensor", () => aTensor([2, 3]), {
    reshape: () => ({ shape: [3, 2] }),
    clone: () => ({}),
    at: { parameters: () => ({ row: 1, column: 2 }), words: { row: ["index"], column: ["index"] } },
    toArray: () => ({}),
    toString: () => ({}),
  }),
  ...accessorsOf("Tensor", () => aTensor([2, 3]), ["rank", "size"]),
  aFunction("addRow", addRow, () => ({ x: aTensor([2, 3]), row: aTensor([3]) }), {
    words: { x: ["axis", "row"] },
  }),
  aFunction(
    "columnSums",
    columnSums,
    () => ({ x: aTensor([2, 3]), options: { out: aTensor([3]), accumulate: true } }),
    { words: { x: ["axis", "out"] } },
  ),
  aFunction("argmax", argmax, () => ({ x: aTensor([2, 3]) }), onlyTensor),
  aFunction("softmax", softmax, () => ({ x: aTensor([2, 3]), options: { out: aTensor([2, 3]) } }), {
    words: { x: ["out", "axis"] },
  }),
  aFunction("exp", exp, () => ({ x: 1 })),
  aFunction("log", log, () => ({ x: 1 })),
  aFunction("oneHot", oneHot, () => ({ labels: [0, 2], classes: 3 }), {
    words: { classes: ["labels", "shape"] },
  }),
  aFunction(
    "matmul",
    matmul,
    () => ({
      a: aTensor([2, 3]),
      b: aTensor([3, 4]),
      options: { transposeA: false, transposeB: false, out: aTensor([2, 4]), accumulate: true },
    }),
    {
      words: {
        a: ["operands", "out"],
        b: ["operands", "out", "the right side"],
        transposeA: ["operands", "side"],
        transposeB: ["operands", "side"],
      },
    },
  ),
  aFunction(
    "im2col",
    im2col,
    () => ({
      images: aTensor([2, 3, 3, 1]),
      window: slidingWindow("im2col", [3, 3, 1], { kernelSize: 2, strides: 1, padding: "valid" }),
    }),
    { words: { images: ["Tensor", "shape"], H: ["shape"], W: ["shape"], C: ["shape"] } },
  ),
  aFunction(
    "slidingWindow",
    slidingWindow,
    () => ({ where: "slidingWindow", imageShape: [3, 3, 1], options: window }),
    {
      kept: ["where"],
      words: {
        imageShape: ["shape", "axes", "input"],
        kernelSize: ["kernel"],
        strides: ["kernel"],
        padding: ["kernel"],
        dilationRate: ["dilation"],
      },
    },
  ),
  aFunction(
    "expectShape",
    expectShape,
    () => ({ where: "expectShape", shape: [2, 3], pattern: ["N", 3], remedy: "Transpose it." }),
    { kept: ["where"], words: { pattern: ["shape"] } },
  ),
  aFunction(
    "initialize",
    initialize,
    () => ({
      name: "heNormal",
      into: aTensor([2, 3]),
      random: new Random(1),
    }),
    { words: { into: ["kernel"] } },
  ),
  aFunction(
    "setBackend",
    (name: never) => {
      const before = currentBackend();
      setBackend(name);
      setBackend(before);
    },
    () => ({ backend: "plain" }),
  ),
  aFunction("currentBackend", currentBackend, () => ({})),
  aConstructor("HeapWorkspace", HeapWorkspace, () => ({})),
  ...methodsOf("HeapWorkspace", () => new HeapWorkspace(), {
    tensor: {
      parameters: () => ({ name: "kernel", shape: [2, 3] }),
      alsoNamed: ["Tensor"],
      words: { shape: ["axes"] },
    },
    batch: { parameters: () => ({ name: "y", sampleShape: [3] }), words: { sampleShape: ["shape", "axes"] } },
  }),
  aConstructor("Random", Random, () => ({ seed: 1 })),
  aFunction("Random.fromState", Random.fromState, () => ({ state: [1, 2, 3, 4] })),
  ...methodsOf(
    "Random",
    () => new Random(1),
    {
      setState: () => ({ state: [1, 2, 3, 4] }),
      state: () => ({}),
      clone: () => ({}),
      uint32: () => ({}),
      uniform: { parameters: () => ({ low: 0, high: 2 }), words: { low: ["bounds"], high: ["bounds"] } },
      integer: () => ({ n: 10 }),
      normal: () => ({ mean: 0, deviation: 1 }),
      permutation: { parameters: () => ({ n: 10 }), unbounded: ["n"] },
    },
    (random) => random.state(),
  ),
  aConstructor("CounterRandom", CounterRandom, () => ({ seed: 1 })),
  ...methodsOf("CounterRandom", () => new CounterRandom(1), {
    uniform: () => ({ step: 1, index: 2 }),
    fillUniform: () => ({ out: new Float32Array(3), step: 1 }),
  }),
];
