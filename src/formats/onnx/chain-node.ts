import { quote } from "../../tensor/expect.js";
import type { Tensor } from "../../tensor/tensor.js";
import { readFloats, readIntegers } from "./constants.js";
import { ATTRIBUTE_TYPES, type AttributeProto, type NodeProto, type TensorProto } from "./onnx-schema.js";

/** What an attribute may be. */
type Kind = keyof typeof ATTRIBUTE_TYPES;

/** What a node is called in messages: `importOnnx (node "conv1", Conv)`. */
export function describeNode(where: string, { name, opType = "", output }: NodeProto): string {
  return `${where} (node ${quote(name || output[0] || "")}, ${opType.slice(0, 60)})`;
}

// thousands of nodes may take the same constants
const FLOATS = new WeakMap<TensorProto, Tensor>();
const INTEGERS = new WeakMap<TensorProto, readonly number[]>();

function once<T>(known: WeakMap<TensorProto, T>, tensor: TensorProto, read: () => T): T {
  const value = known.get(tensor) ?? read();
  known.set(tensor, value);
  return value;
}

/** What a node is read with. */
interface NodeContext {
  readonly constants: ReadonlyMap<string, TensorProto>;
  readonly operatorSet: number;
}

/** A node of a chain: its options, and the constants among its inputs. What is not as it should be is refused by name. */
export class ChainNode {
  /** What it is called in messages. */
  readonly where: string;
  readonly opType: string;
  readonly name: string;
  readonly operatorSet: number;
  readonly outputs: readonly string[];
  readonly #inputs: readonly string[];
  readonly #constants: ReadonlyMap<string, TensorProto>;
  readonly #attributes = new Map<string, AttributeProto>();
  readonly #asked = new Set<string>();

  constructor(where: string, node: NodeProto, { constants, operatorSet }: NodeContext) {
    this.where = describeNode(where, node);
    this.opType = node.opType ?? "";
    this.name = node.name ?? "";
    this.operatorSet = operatorSet;
    this.outputs = node.output;
    this.#inputs = node.input;
    this.#constants = constants;
    for (const attribute of node.attribute) {
      const { name = "" } = attribute;
      if (this.#attributes.has(name)) throw this.refuse("every attribute once", `${quote(name)} twice`);
      this.#attributes.set(name, attribute);
    }
  }

  /** The error for what cannot be imported. */
  refuse(wanted: string, got: string, remedy = ""): Error {
    return new Error(`${this.where}: expected ${wanted}, got ${got}.${remedy && ` ${remedy}`}`);
  }

  /** The number of the input that is the result of the node before; -1 if there is none. */
  get dataInput(): number {
    return this.#inputs.findIndex((name) => name !== "" && !this.#constants.has(name));
  }

  /** Of an operator with two inputs, the number of the constant one. */
  get constantInput(): number {
    return 1 - this.dataInput;
  }

  /** True if there is an input of that number. */
  has(input: number): boolean {
    return (this.#inputs[input] ?? "") !== "";
  }

  /** The constant that an input is; undefined if it is none. */
  constant(input: number): TensorProto | undefined {
    const name = this.#inputs[input] ?? "";
    return name === "" ? undefined : this.#constants.get(name); // an input without a name is left out
  }

  /** The float32 constants of an input. */
  floats(input: number): Tensor {
    const [name, tensor] = this.#expectConstant(input);
    return once(FLOATS, tensor, () => readFloats(this.where, name, tensor));
  }

  /** The whole numbers of an input. */
  integers(input: number): readonly number[] {
    const [name, tensor] = this.#expectConstant(input);
    return once(INTEGERS, tensor, () => readIntegers(this.where, name, tensor));
  }

  #expectConstant(input: number): [string, TensorProto] {
    const name = this.#inputs[input] ?? "";
    const tensor = this.constant(input);
    if (tensor) return [name, tensor];
    throw this.refuse(`input ${input} to be constant`, name === "" ? "none" : quote(name));
  }

  /** The names of the attributes. */
  get attributes(): readonly string[] {
    return [...this.#attributes.keys()];
  }

  /** An attribute that is an array of constants. */
  tensor(name: string): TensorProto {
    const tensor = this.#attribute(name, "tensor")?.tensor;
    if (tensor) return tensor;
    throw this.refuse(`attribute ${quote(name)} to be a tensor`, "none");
  }

  /** An attribute that is a list of numbers, as they stand in the file. */
  floatList(name: string): readonly number[] {
    return this.#attribute(name, "floats")?.floats ?? [];
  }

  /** An attribute that is a whole number. */
  int(name: string, fallback: number): number {
    const attribute = this.#attribute(name, "int");
    return attribute ? (attribute.int ?? 0) : fallback;
  }

  /** An attribute that is a list of whole numbers. */
  ints(name: string, fallback: readonly number[]): readonly number[] {
    return this.#attribute(name, "ints")?.ints ?? fallback;
  }

  /** An attribute that is a number. */
  float(name: string, fallback: number): number {
    const attribute = this.#attribute(name, "float");
    return attribute ? (attribute.float ?? 0) : fallback;
  }

  /** An attribute that is a text. */
  text(name: string, fallback: string): string {
    const attribute = this.#attribute(name, "string");
    return attribute ? new TextDecoder().decode(attribute.string) : fallback;
  }

  #attribute(name: string, kind: Kind): AttributeProto | undefined {
    this.#asked.add(name);
    const attribute = this.#attributes.get(name);
    if (!attribute) return undefined;
    const type = attribute.type ?? 0;
    if (type === ATTRIBUTE_TYPES[kind] || (type === 0 && attribute[kind] !== undefined)) return attribute;
    throw this.refuse(`attribute ${quote(name)} to be of type ${ATTRIBUTE_TYPES[kind]} (${kind})`, `${type}`);
  }

  /** Takes note of attributes that change nothing here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(name);
  }

  /** Checks that no attribute is left that nobody asked for: it might change the result. */
  expectNoMore(): void {
    for (const name of this.#attributes.keys()) {
      if (!this.#asked.has(name)) throw this.refuse("no further attribute", quote(name));
    }
  }
}
