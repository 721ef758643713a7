// Avro values, coded by a type of the program's own avsc.
import type { TypeInformation } from '../api/type-information.ts';
import { describe, typeError } from '../errors.ts';
import { codedType } from './coded-type.ts';

/** What is used of avsc's `Type`. */
export interface AvroType<T> {
  toBuffer(value: T): Uint8Array;
  fromBuffer(bytes: Buffer): T;
  /** The schema in canonical form, which tells formats apart on restore. */
  schema(): unknown;
}

export function avroType<T>(type: AvroType<T>): TypeInformation<T> {
  if (typeof type?.toBuffer !== 'function' || typeof type.schema !== 'function') {
    throw typeError(
      'ERR_INVALID_TYPE',
      `Types.AVRO takes a type of avsc, as avro.Type.forSchema gives; received ${describe(type)}.`,
    );
  }
  return codedType<T>({
    name: 'AVRO',
    id: `rockstate.AvroSerializer[${JSON.stringify(type.schema())}]`,
    toBytes: (value) => type.toBuffer(value),
    fromBytes: (bytes) => type.fromBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
  });
}
