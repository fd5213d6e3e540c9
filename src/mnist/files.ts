import { expectOneOf } from "../tensor/expect.js";
import { expectBytes } from "./bytes.js";

/** The four files MNIST comes in. */
export type MnistPart = "trainImages" | "trainLabels" | "testImages" | "testLabels";

/** One official file of MNIST, decompressed. */
export interface MnistFile {
  /** Its name, as it was first published. */
  readonly name: string;
  /** Its length in bytes. */
  readonly bytes: number;
  /** The SHA-256 of its content, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The official files of MNIST (LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/): 60,000 training and
 * 10,000 test images of 28 x 28 pixels, and their labels.
 */
export const MNIST_FILES: Readonly<Record<MnistPart, MnistFile>> = {
  trainImages: {
    name: "train-images-idx3-ubyte",
    bytes: 47_040_016,
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  },
  trainLabels: {
    name: "train-labels-idx1-ubyte",
    bytes: 60_008,
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  },
  testImages: {
    name: "t10k-images-idx3-ubyte",
    bytes: 7_840_016,
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  },
  testLabels: {
    name: "t10k-labels-idx1-ubyte",
    bytes: 10_008,
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
};

/**
 * The names under which people keep a file, in the order they are looked for: as published; with the dot some
 * programs unpack it with (`train-images.idx3-ubyte`); and both still compressed (`.gz`).
 */
export function mnistFileNames(part: MnistPart): readonly string[] {
  const { name } = MNIST_FILES[expectPart("mnistFileNames", part)];
  const dotted = name.replace("-idx", ".idx");
  return [name, dotted, `${name}.gz`, `${dotted}.gz`];
}

/** True if `bytes` (decompressed) are, to the last bit, that file of the official MNIST. */
export async function isOfficialMnist(part: MnistPart, bytes: Uint8Array): Promise<boolean> {
  const official = MNIST_FILES[expectPart("isOfficialMnist", part)];
  expectBytes("isOfficialMnist", bytes);
  // the length alone tells most other files apart, at no cost
  return bytes.length === official.bytes && (await sha256(bytes)) === official.sha256;
}

/**
 * The SHA-256 digest of the bytes in lower-case hexadecimal, by the Web Crypto API.
 *
 * @throws Error where there is no such API: browsers have it on https pages and on localhost only.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  expectBytes("sha256", bytes);
  // the types promise it everywhere, but browsers leave it out on insecure pages
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) {
    throw new Error(
      "sha256: expected the Web Crypto API, got none. Open the page over https or on localhost.",
    );
  }
  // a copy, since the bytes may lie in shared memory, which the digest does not take; what was transferred has none
  const digest = await subtle.digest("SHA-256", bytes.length > 0 ? new Uint8Array(bytes) : new Uint8Array());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function expectPart(where: string, part: MnistPart): MnistPart {
  return expectOneOf(where, "part", part, ["trainImages", "trainLabels", "testImages", "testLabels"]);
}
