/**
 * Protocol buffers (https://protobuf.dev/programming-guides/encoding) by schema: one description of a message, from
 * which it is both read and written. The wire format itself, that is tags, lengths and varints, is the library's.
 *
 * ```ts
 * const POINT = { x: int(1), tags: strings(2) };
 * const bytes = encodeMessage(POINT, createMessage(POINT, { x: 1, tags: ["a"] }));
 * decodeMessage(POINT, bytes, { where: "readPoint", mostMessages: 10, messages: 0 }); // { x: 1, tags: ["a"] }
 * ```
 */

import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** What goes on through all messages of a file while it is read. */
export interface DecodeContext {
  /** The function that reads, for error messages. */
  readonly where: string;
  /** How many messages there may be: two bytes of a file are enough for one, which takes hundreds here. */
  readonly mostMessages: number;
  /** How many there have been. */
  messages: number;
}

/** A field of a message, with values of type T. */
export interface Field<T> {
  readonly number: number;
  /** A repeated field may come any number of times, others once. */
  readonly repeated: boolean;
  /** The ways in which it may stand in a file. */
  readonly wireTypes: readonly WireType[];
  /** The value where the field does not come. */
  initial(): T;
  /** The value after one more occurrence. */
  read(reader: BinaryReader, before: T, wireType: WireType, context: DecodeContext): T;
  write(writer: BinaryWriter, value: T): void;
}

/** The fields of a message by their names. */
type Schema = Readonly<Record<string, Field<unknown>>>;

/** The messages of a schema. */
export type Message<S extends Schema> = {
  readonly [Name in keyof S]: S[Name] extends Field<infer T> ? T : never;
};

/** A message with these fields; the others are as where they do not come. */
export function createMessage<S extends Schema>(schema: S, fields: Partial<Message<S>>): Message<S> {
  const initial = Object.entries(schema).map(([name, field]) => [name, field.initial()]);
  return { ...(Object.fromEntries(initial) as Message<S>), ...fields };
}

/** The bytes of a message. */
export function encodeMessage<S extends Schema>(schema: S, message: Message<S>): Uint8Array {
  const writer = new BinaryWriter();
  writeFields(writer, schema, message);
  return writer.finish();
}

function writeFields<S extends Schema>(writer: BinaryWriter, schema: S, message: Message<S>): void {
  for (const [name, field] of Object.entries(schema)) field.write(writer, message[name]);
}

/**
 * The message in some bytes, which may come from anywhere. Fields that the schema does not have are skipped. Bytes in the
 * message are a view of the given ones.
 *
 * @throws Error if the bytes are no message, a field comes twice or in another form, or there are too many messages.
 */
export function decodeMessage<S extends Schema>(
  schema: S,
  bytes: Uint8Array,
  context: DecodeContext,
): Message<S> {
  const { where } = context;
  context.messages++;
  if (context.messages > context.mostMessages) {
    throw new Error(
      `${where}: expected at most ${context.mostMessages} nodes, tensors and other messages, got more.`,
    );
  }
  const fields = new Map(Object.entries(schema).map(([name, field]) => [field.number, { name, field }]));
  const values = new Map(Object.entries(schema).map(([name, field]) => [name, field.initial()]));
  const seen = new Set<string>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = onWire(where, () => reader.tag());
    const known = fields.get(number);
    if (!known) {
      onWire(where, () => reader.skip(wireType, number));
      continue;
    }
    const { name, field } = known;
    if (!field.wireTypes.includes(wireType)) {
      throw damaged(where, `field ${name} with wire type ${field.wireTypes.join(" or ")}`, `${wireType}`);
    }
    if (seen.has(name) && !field.repeated) throw damaged(where, `field ${name} once`, "it twice");
    seen.add(name);
    values.set(name, field.read(reader, values.get(name), wireType, context));
  }
  return Object.fromEntries(values) as Message<S>;
}

/** What the library reads; where it cannot, an error in words of ours. */
function onWire<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(
      `${where}: expected a protocol buffer, got bytes that are none. The file is truncated, damaged or of another kind.`,
      { cause },
    );
  }
}

function damaged(where: string, wanted: string, got: string): Error {
  return new Error(`${where}: expected ${wanted}, got ${got}. The file is damaged.`);
}

/** How a kind of value is read and written, without its tag. */
interface Codec<T> {
  readonly wireType: WireType;
  read(reader: BinaryReader, context: DecodeContext): T;
  write(writer: BinaryWriter, value: T): void;
}

/** int32, int64 and enumerations: exact below 2^53 and rounded beyond, as the 2^63 − 1 that a Slice to the end has. */
const INT: Codec<number> = {
  wireType: WireType.Varint,
  read: (reader, { where }) => Number(onWire(where, () => reader.int64())),
  write: (writer, value) => writer.int64(value),
};

const FLOAT: Codec<number> = {
  wireType: WireType.Bit32,
  read: (reader, { where }) => onWire(where, () => reader.float()),
  write: (writer, value) => writer.float(value),
};

const STRING: Codec<string> = {
  wireType: WireType.LengthDelimited,
  read: (reader, { where }) => onWire(where, () => reader.string(true)),
  write: (writer, value) => writer.string(value),
};

const BYTES: Codec<Uint8Array> = {
  wireType: WireType.LengthDelimited,
  read: (reader, { where }) => onWire(where, () => reader.bytes()),
  write: (writer, value) => writer.bytes(value),
};

function messageCodec<S extends Schema>(schema: S): Codec<Message<S>> {
  return {
    wireType: WireType.LengthDelimited,
    read: (reader, context) => decodeMessage(schema, BYTES.read(reader, context), context),
    write(writer, value) {
      writer.fork();
      writeFields(writer, schema, value);
      writer.join();
    },
  };
}

/** A field that comes once or not at all. */
function optional<T>(number: number, codec: Codec<T>): Field<T | undefined> {
  return {
    number,
    repeated: false,
    wireTypes: [codec.wireType],
    initial: () => undefined,
    read: (reader, _before, _wireType, context) => codec.read(reader, context),
    write(writer, value) {
      if (value !== undefined) codec.write(writer.tag(number, codec.wireType), value);
    },
  };
}

/** A field that comes once for each value. Numbers may also come packed: one after the other behind their length in bytes. */
function repeated<T>(number: number, codec: Codec<T>): Field<readonly T[]> {
  const { wireType } = codec;
  const isPacked = (type: WireType): boolean => type !== wireType;
  return {
    number,
    repeated: true,
    wireTypes: wireType === WireType.LengthDelimited ? [wireType] : [wireType, WireType.LengthDelimited],
    initial: () => [],
    read(reader, before, type, context) {
      const list = before as T[]; // made by `initial`, and growing here
      if (!isPacked(type)) {
        list.push(codec.read(reader, context));
        return list;
      }
      const packed = new BinaryReader(BYTES.read(reader, context));
      while (packed.pos < packed.len) list.push(codec.read(packed, context));
      return list;
    },
    write(writer, values) {
      for (const value of values) codec.write(writer.tag(number, wireType), value);
    },
  };
}

/** A whole number. */
export const int = (number: number) => optional(number, INT);
/** Whole numbers. */
export const ints = (number: number) => repeated(number, INT);
/** A float32 number. */
export const float = (number: number) => optional(number, FLOAT);
/** Float32 numbers. */
export const floats = (number: number) => repeated(number, FLOAT);
/** A text. */
export const string = (number: number) => optional(number, STRING);
/** Texts. */
export const strings = (number: number) => repeated(number, STRING);
/** Bytes. */
export const bytes = (number: number) => optional(number, BYTES);
/** A message in the message. */
export const message = <S extends Schema>(number: number, schema: S) =>
  optional(number, messageCodec(schema));
/** Messages in the message. */
export const messages = <S extends Schema>(number: number, schema: S) =>
  repeated(number, messageCodec(schema));
