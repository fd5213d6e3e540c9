import { dense } from "./01-dense/check.js";
import { relu } from "./02-relu/check.js";
import { conv2d } from "./03-conv2d/check.js";
import { softmaxCrossEntropy } from "./04-softmax-cross-entropy/check.js";
import { maxPool2d } from "./05-max-pool2d/check.js";
import { dropout } from "./06-dropout/check.js";
import { col2im } from "./07-col2im/check.js";
import { adam } from "./08-adam/check.js";
import { batchNormalization } from "./09-batch-normalization/check.js";
import type { Exercise } from "./exercise.js";

/** All exercises, from easy to hard; the first is number 1. */
export const exercises: readonly Exercise[] = [
  dense,
  relu,
  conv2d,
  softmaxCrossEntropy,
  maxPool2d,
  dropout,
  col2im,
  adam,
  batchNormalization,
];
