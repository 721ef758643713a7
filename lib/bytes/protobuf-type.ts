// Protocol Buffers messages, coded by what the program's own library made of the schema.
import type { TypeInformation } from '../api/type-information.ts';
import { describe, typeError } from '../errors.ts';
import { codedType } from './coded-type.ts';

/** A message type as protobufjs (a `Type` or a generated class) and ts-proto have it. */
export interface EncodingCodec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
  /** What is wrong with a message, or null. protobufjs encodes wrong values without a word, so that it is asked. */
  verify?(message: object): string | null;
  /** The full name of the message, which tells formats apart on restore. */
  readonly typeName?: string;
  /** What protobufjs calls it. */
  readonly fullName?: string;
}

/** A message type as protobuf-ts has it, and as is easily made of a schema of `@bufbuild/protobuf`. */
export interface BinaryCodec<T> {
  toBinary(message: T): Uint8Array;
  fromBinary(bytes: Uint8Array): T;
  /** The full name of the message, which tells formats apart on restore. */
  readonly typeName?: string;
}

/** What can write and read a Protocol Buffers message. */
export type ProtobufCodec<T> = EncodingCodec<T> | BinaryCodec<T>;

export function protobufType<T>(codec: ProtobufCodec<T>): TypeInformation<T> {
  if (!isBinary(codec) && !isEncoding(codec)) {
    throw typeError(
      'ERR_INVALID_TYPE',
      `Types.PROTOBUF takes what has encode and decode, or toBinary and fromBinary; received ${describe(codec)}.`,
    );
  }
  const fullName = isBinary(codec) ? undefined : codec.fullName;
  // That of protobufjs begins with a dot.
  const messageName = (codec.typeName ?? fullName ?? '').replace(/^\./, '');
  return codedType<T>({
    name: messageName === '' ? 'PROTOBUF' : `PROTOBUF(${messageName})`,
    id: `rockstate.ProtobufSerializer[${messageName}]`,
    toBytes: (message) => (isBinary(codec) ? codec.toBinary(message) : encode(codec, message)),
    fromBytes: (bytes) => (isBinary(codec) ? codec.fromBinary(bytes) : codec.decode(bytes)),
  });
}

function encode<T>(codec: EncodingCodec<T>, message: T): Uint8Array {
  const wrong = codec.verify?.(message as object) ?? null;
  if (wrong !== null) {
    throw new TypeError(wrong);
  }
  return codec.encode(message).finish();
}

function isBinary<T>(codec: ProtobufCodec<T>): codec is BinaryCodec<T> {
  return typeof (codec as BinaryCodec<T> | undefined)?.toBinary === 'function';
}

function isEncoding<T>(codec: ProtobufCodec<T>): codec is EncodingCodec<T> {
  return typeof (codec as EncodingCodec<T> | undefined)?.encode === 'function';
}
