/*
 * The public interface of tinyconv. What is not exported here is the library's own business, and may change.
 */

// files
export {
  type Checkpoint,
  loadCheckpoint,
  saveCheckpoint,
} from "./formats/checkpoint.js";
export { type LoadModelOptions, loadModel, saveModel } from "./formats/model-file.js";
export { decodeSafetensors, encodeSafetensors, type Safetensors } from "./formats/safetensors.js";
// layers and losses
export { AvgPool2D, type AvgPool2DOptions } from "./layers/avg-pool2d.js";
export { BatchNormalization, type BatchNormalizationOptions } from "./layers/batch-normalization.js";
export { buildLayer, createParameter, expectBuilt, expectForward } from "./layers/build.js";
export { Conv2D, type Conv2DOptions } from "./layers/conv2d.js";
export { Dense, type DenseOptions } from "./layers/dense.js";
export { Dropout, type DropoutOptions } from "./layers/dropout.js";
export { Flatten } from "./layers/flatten.js";
export { GlobalAvgPool2D } from "./layers/global-avg-pool2d.js";
export type {
  BackwardOptions,
  BuildContext,
  ForwardOptions,
  Layer,
  LayerConfig,
  LayerOptions,
  NamedTensor,
  Parameter,
} from "./layers/layer.js";
export { zeroGrad } from "./layers/layer.js";
export { LeakyReLU, type LeakyReLUOptions } from "./layers/leaky-relu.js";
export type { Labels, Loss, LossBackwardOptions, Targets } from "./layers/loss.js";
export { MaxPool2D, type MaxPool2DOptions } from "./layers/max-pool2d.js";
export { MeanSquaredError } from "./layers/mean-squared-error.js";
export { ReLU } from "./layers/relu.js";
export { Rescaling, type RescalingOptions } from "./layers/rescaling.js";
export { Sigmoid } from "./layers/sigmoid.js";
export { Softmax } from "./layers/softmax.js";
export { SoftmaxCrossEntropy, type SoftmaxCrossEntropyOptions } from "./layers/softmax-cross-entropy.js";
export { Tanh } from "./layers/tanh.js";
// models
export type {
  BatchEvent,
  Callback,
  CallbackResult,
  CheckpointEvent,
  EpochEvent,
  TrainBeginEvent,
} from "./model/callback.js";
export type { BatchSource, Dataset, Images, Pixels } from "./model/dataset.js";
export { EarlyStopping, type EarlyStoppingOptions } from "./model/early-stopping.js";
export type { EvaluateOptions } from "./model/evaluate.js";
export type { FitOptions } from "./model/fit.js";
export {
  type Differentiable,
  type GradientCheckOptions,
  type GradientError,
  GradientReport,
  gradientCheck,
} from "./model/gradient-check.js";
export type { EpochLogs, History } from "./model/history.js";
export type { LayerTable } from "./model/layer-table.js";
export type { BatchResult, Evaluation } from "./model/measure.js";
export { ConfusionMatrix, confusionMatrix } from "./model/metrics.js";
export type { PredictOptions } from "./model/predict.js";
export { type ReestimateOptions, reestimateStatistics } from "./model/reestimate-statistics.js";
export {
  type FromConfigOptions,
  Sequential,
  type SequentialConfig,
  type SequentialOptions,
} from "./model/sequential.js";
export type { TrainOptions } from "./model/train-on-batch.js";
export type { TrainingState } from "./model/training-state.js";
// optimizers
export { Adam, type AdamOptions } from "./optim/adam.js";
export { AdamW, type AdamWOptions } from "./optim/adamw.js";
export { clipGradientsByGlobalNorm } from "./optim/clip.js";
export type { Optimizer, Schedule } from "./optim/optimizer.js";
export type { SavedState } from "./optim/saved-state.js";
export {
  type CosineDecayOptions,
  constant,
  cosineDecay,
  type ExponentialDecayOptions,
  exponentialDecay,
  type OneCycleOptions,
  oneCycle,
  type StepDecayOptions,
  stepDecay,
} from "./optim/schedule.js";
export { SGD, type SGDOptions } from "./optim/sgd.js";
export { WeightAverage, type WeightAverageOptions } from "./optim/weight-average.js";
// tensors, and the operations that layers are made of
export { argmax } from "./tensor/argmax.js";
export { CounterRandom } from "./tensor/counter-random.js";
export { ShapeError } from "./tensor/errors.js";
export { exp } from "./tensor/exp.js";
export type { Pair } from "./tensor/expect.js";
export { im2col, type Patches } from "./tensor/im2col.js";
export { INITIALIZERS, type Initializer, initialize } from "./tensor/init.js";
export { log } from "./tensor/log.js";
export { type MatmulOptions, matmul, type Operand } from "./tensor/matmul.js";
export { oneHot } from "./tensor/one-hot.js";
export { Random, type RandomState } from "./tensor/random.js";
export { addRow, type ColumnSumsOptions, columnSums } from "./tensor/rows.js";
export { expectShape, type Shape } from "./tensor/shape.js";
export { type Backend, currentBackend, setBackend } from "./tensor/simd/backend.js";
export { softmax } from "./tensor/softmax.js";
export { type NestedNumbers, Tensor } from "./tensor/tensor.js";
export { type Padding, slidingWindow, type Window, type WindowOptions } from "./tensor/window.js";
export { type Batch, HeapWorkspace, type Workspace } from "./tensor/workspace.js";
