/*
 * The entry "tinyconv/onnx": models for other runtimes, and from them.
 */

export { type ExportOnnxOptions, exportOnnx } from "./export-onnx.js";
export type { ImageLayout } from "./image-layout.js";
export { type ImportOnnxOptions, importOnnx } from "./import-onnx.js";
