/** The packages that have an install script, and why nobody needs it: `npm ci --ignore-scripts` is enough everywhere. */
export const NOT_NEEDED: Readonly<Record<string, string>> = {
  esbuild:
    "looks whether the program is there that the package for the system brings, and puts it in place of a starter in JavaScript, which works as well",
  protobufjs: "warns of ranges of versions in the package.json that asks for it, and does nothing else",
  "onnxruntime-node": "fetches libraries for CUDA; that for the processor is in the package",
};
