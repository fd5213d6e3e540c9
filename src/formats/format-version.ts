import { describeJson } from "./json.js";

/** A kind of file that tinyconv writes, and the version of its layout; a reader refuses a newer one. */
interface Format {
  readonly name: string;
  readonly version: number;
  /** What a file of this kind is called in messages. */
  readonly what: string;
  /** The function that reads it. */
  readonly reader: string;
}

/** The kinds of safetensors files that tinyconv writes. */
export const FORMATS = {
  model: { name: "tinyconv", version: 1, what: "a model saved by tinyconv", reader: "loadModel" },
  checkpoint: {
    name: "tinyconv-checkpoint",
    version: 1,
    what: "a checkpoint saved by tinyconv",
    reader: "loadCheckpoint",
  },
} as const satisfies Record<string, Format>;

/** What says in a file's metadata of which kind it is. */
export function writeVersion({ name, version }: Format): { format: string; version: string } {
  return { format: name, version: String(version) };
}

/**
 * Checks that the metadata are those of a file of that kind, in the version that is read.
 *
 * @throws Error if they are not, naming the function that reads such a file if there is one.
 */
export function expectVersion(
  where: string,
  metadata: ReadonlyMap<string, string>,
  { name, version, what }: Format,
): void {
  const format = metadata.get("format");
  if (format !== name) {
    const other = Object.values(FORMATS).find((candidate) => candidate.name === format);
    throw new Error(
      other
        ? `${where}: expected ${what}, got ${other.what}. Read it with ${other.reader}.`
        : `${where}: expected ${what}, got a safetensors file of format ${describeJson(format)}. ` +
            "Read its tensors with decodeSafetensors.",
    );
  }
  const got = metadata.get("version");
  if (got !== String(version)) {
    throw new Error(
      `${where}: expected format version "${version}", got ${describeJson(got)}. A newer tinyconv may read it.`,
    );
  }
}
