import { FULL, SHORT, type TrainingSize } from "./training.js";

/** The options that make the program train the same. */
export function programOptions({ images, epochs }: TrainingSize): string {
  return `--model lenet --limit ${images} --epochs ${epochs} --seed 1`;
}

export const TEXT = `
One training ends with the same weights, bit for bit, in every engine, with any number of threads, in plain TypeScript and in
WebAssembly SIMD. It is the training of the network \`lenet\` from seed 1: ${FULL.epochs} epochs over the first 2,000 images of MNIST, in batches of
50, by Adam with the learning rate in one cycle up to 0.003. Its 11,274 weights, as float32 numbers in little-endian order, have
the SHA-256

\`${FULL.sha256}\`

Each row trains with 1, 2 and 3 threads, anew each time, and compares all 64 digits. What runs is the built package as it is:
every engine loads the files of \`dist\`, with no bundler in between, Node and Bun in a process of its own for each training, and
browsers in a web worker of a page. So three families of engines have their say: V8 (Node, Chromium), SpiderMonkey (Firefox)
and JavaScriptCore (Bun, and Safari); and two kinds of processors. ARM64 is emulated by QEMU, instruction by instruction, which
is slow; so there it is one epoch over the first 200 images, with the SHA-256

\`${SHORT.sha256}\`

That threads were at work is seen from the units of work, the pieces that the threads share out among themselves, which were
done by threads other than the calling one; how many differs from run to run, as threads take what they find, and the weights
do not. Plain TypeScript computes on one thread, however many are asked for, and so does everything in a page that is not
isolated (whose \`crossOriginIsolated\` is false), which may share no memory; there the count is 0. Anywhere else a row with a 0
beside several threads fails, as does one in which the library gave a warning, or the other backend computed.

The reason for all this is in [architecture.md](architecture.md#orders-of-summation): every sum has one order, and nothing is
computed by functions that engines round in their own way.

To compare a machine of your own, train by the program, and let it tell the SHA-256 of the weights:

\`\`\`
npm run mnist -- train ${programOptions(FULL)} --no-report --out runs/same && npm run mnist -- inspect runs/same
\`\`\`

Nothing here was run on Windows, on macOS, in Safari or on a real ARM processor. The short form, one epoch over 200 images, is
among the tests, which the workflow runs on Windows and macOS too. The command for the table fetches the versions of Node, and
Bun, as npm packages; it needs Linux with the Debian packages \`chromium\`, \`firefox-esr\`, \`qemu-user\` and
\`libstdc++6-arm64-cross\`, and \`npm ci --ignore-scripts --prefix trust\`.
`;
