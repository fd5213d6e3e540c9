import { describe } from "../../tensor/expect.js";
import { type GraphProto, MODEL, type ModelProto } from "./onnx-schema.js";
import { decodeMessage } from "./protobuf.js";

/** The versions of the file format that are read; the newest is that of ONNX 1.22. */
const IR_VERSIONS = { oldest: 3, newest: 13 } as const;
/** The versions of the operators that are read, from ONNX 1.2 to 1.22. */
const OPERATOR_SETS = { oldest: 7, newest: 27 } as const;

/** A file has no more tensors, nodes and options than this. Networks have some thousands; it bounds what a small file can ask for. */
const MOST_MESSAGES = 100_000;

/** An ONNX file. */
export interface OnnxFile {
  readonly graph: GraphProto;
  /** The version of the operators. */
  readonly operatorSet: number;
}

/**
 * The model and the graph in the bytes of an ONNX file of any version, which may come from anywhere: no more memory is
 * taken than some times its size.
 *
 * @throws TypeError if `bytes` is no Uint8Array; Error if they are no ONNX file.
 */
export function decodeOnnx(where: string, bytes: Uint8Array) {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`${where}: expected bytes to be a Uint8Array, got ${describe(bytes)}.`);
  }
  // an array whose buffer was transferred is empty, and cannot be looked into
  const file = bytes.length > 0 ? bytes : new Uint8Array();
  const model = decodeMessage(MODEL, file, { where, mostMessages: MOST_MESSAGES, messages: 0 });
  const { irVersion, graph } = model;
  if (irVersion === undefined || graph === undefined) {
    const missing = irVersion === undefined ? "ir_version" : "graph";
    throw new Error(
      `${where}: expected an ONNX file, got bytes without ${missing}. The file is of another kind.`,
    );
  }
  return { model, irVersion, graph };
}

/**
 * The graph in an ONNX file, and the version of its operators.
 *
 * @throws as `decodeOnnx`; Error if it is of a version that is not read.
 */
export function readOnnx(where: string, bytes: Uint8Array): OnnxFile {
  const { model, irVersion, graph } = decodeOnnx(where, bytes);
  expectVersion(where, "ir_version", irVersion, IR_VERSIONS);
  return { graph, operatorSet: readOperatorSet(where, model) };
}

/** The version of ONNX's own operators. Others may be imported too, but no node of theirs is read. */
function readOperatorSet(where: string, { opsetImport }: ModelProto): number {
  const own = opsetImport.filter(({ domain }) => isOwnDomain(domain));
  const versions = new Set(own.map(({ version }) => version ?? 0)); // domain "" and "ai.onnx" are the same
  const [version] = versions;
  if (version === undefined || versions.size > 1) {
    throw new Error(
      `${where}: expected one version of the operators of ONNX in opset_import, got ${versions.size}.`,
    );
  }
  expectVersion(where, "operator set", version, OPERATOR_SETS);
  return version;
}

/** True for the operators of ONNX itself. */
export function isOwnDomain(domain: string | undefined): boolean {
  return domain === undefined || domain === "" || domain === "ai.onnx";
}

function expectVersion(
  where: string,
  what: string,
  version: number,
  { oldest, newest }: { readonly oldest: number; readonly newest: number },
): void {
  if (version >= oldest && version <= newest) return;
  const remedy =
    version > newest ? "A newer tinyconv may read it, or export for an older version." : "Export it again.";
  throw new Error(`${where}: expected ${what} ${oldest} to ${newest}, got ${version}. ${remedy}`);
}
