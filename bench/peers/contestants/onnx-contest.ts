import type { InferenceSession, Tensor as OnnxTensor } from "onnxruntime-web";
import { exportOnnx } from "../../../src/formats/onnx/index.js";
import { Adam, Sequential, setBackend } from "../../../src/index.js";
import { randomDigits } from "../../digits.js";
import { measure } from "../../measure.js";
import { readTask, report } from "../task.js";

const STEPS = 3;
const TOLERANCE = 1e-4;

/** What the two packages of ONNX Runtime have in common. */
interface OnnxRuntime {
  readonly InferenceSession: {
    create(file: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => OnnxTensor;
}

/**
 * Inference of the task's network, after a few steps of training by tinyconv, on ONNX Runtime: first its probabilities
 * are compared with tinyconv's, then it is timed.
 */
export async function runContest(
  version: string,
  { InferenceSession, Tensor }: OnnxRuntime,
  options: InferenceSession.SessionOptions,
): Promise<never> {
  const { config, batchSize, seconds } = readTask();
  setBackend("plain"); // it shall not share the machine with threads of tinyconv's
  const model = Sequential.fromConfig(config);
  const batch = randomDigits(batchSize);
  const optimizer = new Adam();
  // so that the moving statistics of batch normalisation are not what they are in every new model
  for (let step = 0; step < STEPS; step++) model.trainOnBatch(batch, { optimizer });

  // with the channels first, as ONNX has them, there is nothing to transpose
  const session = await InferenceSession.create(exportOnnx(model, { inputLayout: "NCHW" }), options);
  const input = (count: number): OnnxTensor => {
    const { images } = randomDigits(count);
    // one channel: [N, 28, 28, 1] and [N, 1, 28, 28] are the same bytes
    return new Tensor("float32", Float32Array.from(images.data), [count, 1, 28, 28]);
  };
  const infer = async (x: OnnxTensor): Promise<Float32Array> => {
    const outputs = await session.run({ input: x });
    return outputs.probabilities!.data as Float32Array;
  };

  const x = input(batchSize);
  expectClose(await infer(x), model.predict(batch.images).data);
  const inference = await measure(seconds, () => infer(x));
  const image = input(1);
  const single = await measure(seconds, () => infer(image));
  return report({
    version,
    parameters: model.parameters.reduce((sum, { value }) => sum + value.size, 0),
    inferImagesPerSecond: batchSize * inference.runsPerSecond,
    inferMs: single.medianMs,
    note: "inference only",
  });
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
  if (actual.length === expected.length && worst <= TOLERANCE) return;
  throw new Error(`expected tinyconv's probabilities, got some that differ by ${worst}. Nothing was timed.`);
}
