// the library is made of modules, and finds its worker by import.meta.url
const modifyEsbuildConfig = (config) => ({ ...config, format: "esm" });

export default [
  {
    name: 'everything in "tinyconv", minified and gzipped',
    path: "dist/index.js",
    gzip: true,
    limit: "47.5 kB",
    modifyEsbuildConfig,
  },
  {
    name: "what trains a small convolutional network, minified and gzipped",
    path: "dist/index.js",
    import: "{ Sequential, Conv2D, MaxPool2D, ReLU, Flatten, Dense, Adam }",
    gzip: true,
    limit: "38.5 kB",
    modifyEsbuildConfig,
  },
  {
    name: 'both directions of "tinyconv/onnx", with the layers and the wire format, minified and gzipped',
    path: "dist/onnx/index.js",
    gzip: true,
    limit: "52.5 kB",
    modifyEsbuildConfig,
  },
];
