import { type Shape, Tensor } from "../../src/index.js";
import { load } from "./packages.js";

/** What is used of onnxruntime-web. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly InferenceSession: { create(file: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: Shape) => Value;
}

interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(inputs: Readonly<Record<string, Value>>): Promise<Readonly<Record<string, Value>>>;
  release(): Promise<void>;
}

interface Value {
  readonly type: string;
  readonly data: Float32Array;
  readonly dims: Shape;
}

/** An ONNX file that is open in ONNX Runtime, on one thread. */
export class OnnxModel {
  readonly #runtime: OnnxRuntime;
  readonly #session: Session;

  private constructor(runtime: OnnxRuntime, session: Session) {
    this.#runtime = runtime;
    this.#session = session;
  }

  static async open(file: Uint8Array): Promise<OnnxModel> {
    const runtime = (await load("onnxruntime-web")) as OnnxRuntime;
    runtime.env.wasm.numThreads = 1;
    return new OnnxModel(runtime, await runtime.InferenceSession.create(file));
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  /** The only output for the only input. */
  async run({ data, shape }: Tensor): Promise<Tensor> {
    const input = new this.#runtime.Tensor("float32", data, shape);
    const outputs = await this.#session.run({ [this.inputNames[0]!]: input });
    const output = outputs[this.outputNames[0]!]!;
    return new Tensor([...output.dims], output.data);
  }

  /** Gives its memory back. */
  close(): Promise<void> {
    return this.#session.release();
  }
}
