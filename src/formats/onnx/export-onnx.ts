import { Dense } from "../../layers/dense.js";
import { Softmax } from "../../layers/softmax.js";
import { expectSequential, type Sequential } from "../../model/sequential.js";
import { ShapeError } from "../../tensor/errors.js";
import { expectOneOf, expectOptions } from "../../tensor/expect.js";
import { formatShape, type Shape } from "../../tensor/shape.js";
import { exportLayer, exportSoftmax, exportTranspose, type Value } from "./export-layers.js";
import { describeValue, GraphBuilder } from "./graph-builder.js";
import { IMAGE_LAYOUTS, type ImageLayout } from "./image-layout.js";
import { MODEL } from "./onnx-schema.js";
import { channelsFirst, channelsLast } from "./permute.js";
import { createMessage, encodeMessage } from "./protobuf.js";

/** The version of the file format, of 2022: what came later changes nothing in it, and every runtime in use reads it. */
const IR_VERSION = 8;
/** The version of the operators that goes with it. */
const OPERATOR_SET = 17;
const INPUT = "input";

/** Options of `exportOnnx`. */
export interface ExportOnnxOptions {
  /**
   * How images are handed to the file: `"NHWC"` as to the model, [N, H, W, C], or `"NCHW"` as PyTorch has them,
   * [N, C, H, W]. For samples of one axis there is no difference. An output of more axes than one has the same layout.
   * @default "NHWC"
   */
  readonly inputLayout?: ImageLayout | undefined;
  /**
   * As in `predict`: `"softmax"` turns the outputs into probabilities, unless the last layer has done so; `"none"` leaves
   * them as they are. @default "softmax"
   */
  readonly activation?: "softmax" | "none" | undefined;
}

/**
 * A model as the bytes of an ONNX file (https://onnx.ai), which ONNX Runtime and many others run.
 *
 * ```ts
 * await writeFile("digits.onnx", exportOnnx(model));
 * ```
 *
 * The file has ir_version 8 and operator set 17, and all its numbers are float32. Its input is called `input`, of shape
 * [N, H, W, C] with any N, and takes what the model takes: raw pixels, if it scales them itself by a `Rescaling`. Its output is
 * called `probabilities`, or `output` with the activation `"none"`. What the layers do is written for inference:
 * `Dropout` is left out, and `BatchNormalization` uses its moving statistics.
 *
 * Weights are called as in the model (`conv2d_1/kernel`), but lie as ONNX has them: a convolution kernel
 * [F, C, KH, KW], and the rows of a dense kernel in the order in which images with the channels first are flattened.
 *
 * @throws TypeError if `model` is no Sequential or an option of another type; RangeError for an unknown layout or activation,
 * or a number beyond float32; Error if the model has no layers, or one that is none of the library's; ShapeError if
 * probabilities are to be made of one output.
 */
export function exportOnnx(model: Sequential, options: ExportOnnxOptions = {}): Uint8Array {
  const { inputLayout = "NHWC", activation = "softmax" } = expectOptions("exportOnnx", options);
  expectExportable(model, activation);
  expectOneOf("exportOnnx", "inputLayout", inputLayout, IMAGE_LAYOUTS);
  const graph = new GraphBuilder();
  const { inputShape, layers } = model;
  const reordered = (value: Value, name: string, order: (rank: number) => number[]): Value => {
    const rank = value.shape.length;
    if (inputLayout === "NCHW" || rank === 1) return value;
    return { ...value, name: exportTranspose(graph, name, value.name, order(rank)) };
  };

  let value = reordered({ name: INPUT, shape: inputShape }, "input/transpose", channelsFirst);
  const names = model.config().layers.map(({ name }) => String(name));
  const lastDense = layers.findLastIndex((layer) => layer instanceof Dense);
  for (const [i, layer] of layers.entries()) {
    value = exportLayer(layer, { graph, name: names[i]!, x: value, isBeforeDense: i < lastDense });
  }
  // no name of a layer has a slash
  if (activation === "softmax" && !(layers.at(-1) instanceof Softmax)) {
    value = exportSoftmax({ graph, name: "output/softmax", x: value, isBeforeDense: false });
  }
  value = reordered(value, "output/transpose", channelsLast);

  const output = activation === "softmax" ? "probabilities" : "output";
  const shapeOf = (shape: Shape): Shape =>
    inputLayout === "NHWC" ? shape : [shape.at(-1)!, ...shape.slice(0, -1)];
  const inOut = [
    describeValue(INPUT, shapeOf(inputShape)),
    describeValue(output, shapeOf(value.shape)),
  ] as const;
  return encodeMessage(
    MODEL,
    createMessage(MODEL, {
      irVersion: IR_VERSION,
      producerName: "tinyconv",
      graph: graph.finish("tinyconv", ...inOut),
      opsetImport: [{ domain: undefined, version: OPERATOR_SET }],
    }),
  );
}

function expectExportable(model: Sequential, activation: ExportOnnxOptions["activation"] & string): void {
  expectSequential("exportOnnx", model);
  expectOneOf("exportOnnx", "activation", activation, ["softmax", "none"]);
  if (model.layers.length === 0) {
    throw new Error("exportOnnx: expected a model with layers, got one without. Add them first.");
  }
  if (activation === "softmax" && model.outputShape.at(-1) === 1) {
    throw new ShapeError(
      `exportOnnx: expected at least 2 outputs to make probabilities of, got shape ${formatShape(model.outputShape)}. ` +
        'Export the outputs as they are with { activation: "none" }.',
    );
  }
}
