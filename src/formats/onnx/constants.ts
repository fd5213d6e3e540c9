import { quote } from "../../tensor/expect.js";
import { formatShape, sizeOf } from "../../tensor/shape.js";
import { Tensor } from "../../tensor/tensor.js";
import { MOST_AXES } from "../limited-workspace.js";
import { EXTERNAL, FLOAT, INT64, type TensorProto } from "./onnx-schema.js";

/** `TensorProto.DataType` by its numbers. */
const DATA_TYPES: Readonly<Record<number, string>> = {
  1: "FLOAT",
  2: "UINT8",
  3: "INT8",
  4: "UINT16",
  5: "INT16",
  6: "INT32",
  7: "INT64",
  8: "STRING",
  9: "BOOL",
  10: "FLOAT16",
  11: "DOUBLE",
  16: "BFLOAT16",
};

/** The name of a `TensorProto.DataType`. */
export function nameOfDataType(dataType = 0): string {
  return DATA_TYPES[dataType] ?? `type ${dataType}`;
}

/**
 * The float32 numbers of a tensor in a file, copied.
 *
 * @throws Error if it is of another type, or has more or less data than its shape says, or none in this file.
 */
export function readFloats(where: string, name: string, tensor: TensorProto): Tensor {
  const data = expectData(where, name, tensor, FLOAT);
  const { dims, floatData } = tensor;
  if (!data) return new Tensor(dims, Float32Array.from(floatData));
  const numbers = new Float32Array(data.byteLength / 4);
  for (let i = 0; i < numbers.length; i++) numbers[i] = data.getFloat32(4 * i, true);
  return new Tensor(dims, numbers);
}

/**
 * The whole numbers of a tensor in a file.
 *
 * @throws Error as `readFloats`, or if a number has more than 53 bits.
 */
export function readIntegers(where: string, name: string, tensor: TensorProto): readonly number[] {
  const data = expectData(where, name, tensor, INT64);
  const values = data
    ? Array.from({ length: data.byteLength / 8 }, (_, i) => Number(data.getBigInt64(8 * i, true)))
    : tensor.int64Data;
  const large = values.find((value) => !Number.isSafeInteger(value));
  if (large === undefined) return values;
  throw new Error(`${where}: expected ${quote(name)} to have numbers below 2^53, got ${large}.`);
}

/** Bytes of a number by the type. */
const BYTES = { [FLOAT]: 4, [INT64]: 8 } as const;

/** The bytes of the data, checked against the shape; undefined where the numbers are in a list instead, checked too. */
function expectData(
  where: string,
  name: string,
  { dims, dataType, rawData, floatData, int64Data, dataLocation }: TensorProto,
  wanted: keyof typeof BYTES,
): DataView | undefined {
  const what = quote(name);
  if (dataLocation === EXTERNAL) {
    throw new Error(
      `${where}: expected the data of ${what} in the file, got a reference to another file. Save the model as one file.`,
    );
  }
  if (dataType !== wanted) {
    throw new Error(
      `${where}: expected ${what} to be of type ${nameOfDataType(wanted)}, got ${nameOfDataType(dataType)}.${wanted === FLOAT ? " Export the model with float32 weights." : ""}`,
    );
  }
  const size = sizeOf(dims);
  if (dims.length > MOST_AXES) {
    throw new Error(`${where}: expected ${what} to have at most ${MOST_AXES} axes, got ${dims.length}.`);
  }
  if (dims.some((length) => length < 0) || !Number.isSafeInteger(size)) {
    throw new Error(
      `${where}: expected ${what} to have a shape of less than 2^53 elements, got ${formatShape(dims)}.`,
    );
  }
  const list = wanted === FLOAT ? floatData : int64Data;
  const count = rawData ? rawData.length / BYTES[wanted] : list.length;
  if (count !== size) {
    throw new Error(
      `${where}: expected ${what} of shape ${formatShape(dims)} to have ${size} numbers, got ${count}. The file is damaged.`,
    );
  }
  return rawData && new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
}
