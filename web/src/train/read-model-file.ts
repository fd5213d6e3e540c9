import { loadModel, type Sequential } from "tinyconv";

/** No network for digits is as large: what is, is another file. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * The model in a file that somebody has chosen: safetensors as `saveModel` writes it, or ONNX where its name says so.
 *
 * @throws Error if it is too large, damaged, or no model; if the model does not take 28 x 28 digits or does not give ten
 * outputs.
 */
export async function readModelFile(file: Blob & { readonly name: string }): Promise<Sequential> {
  const { name, size } = file;
  if (size > MOST_BYTES) {
    throw new Error(
      `${name}: expected a model of at most ${MOST_BYTES} bytes, got ${size}. Choose a .safetensors or .onnx file.`,
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const model = /\.onnx$/i.test(name) ? await readOnnx(bytes) : loadModel(bytes);
  const { inputShape, outputShape } = model;
  if (inputShape.join() === "28,28,1" && outputShape.join() === "10") return model;
  throw new Error(
    `${name}: expected a model from [28, 28, 1] to [10], as for digits, got one from [${inputShape.join(", ")}] to [${outputShape.join(", ")}].`,
  );
}

/** Who never opens one need not wait for the code. */
async function readOnnx(bytes: Uint8Array): Promise<Sequential> {
  const { importOnnx } = await import("tinyconv/onnx");
  return importOnnx(bytes);
}
