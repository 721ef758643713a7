// Values that a foreign library codes, behind their number of bytes as a 32-bit integer. rockstate's own format.
import type { TypeInformation } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { bytesSerializer } from './bytes-serializer.ts';
import { SIZED_LAYOUT } from './value-layout.ts';

export interface Coding<T> {
  readonly name: string;
  readonly id: string;
  toBytes(value: T): Uint8Array;
  fromBytes(bytes: Uint8Array): T;
}

export function codedType<T>(coding: Coding<T>): TypeInformation<T> {
  return {
    name: coding.name,
    serializer: {
      id: coding.id,
      length: -1,
      layout: SIZED_LAYOUT,

      serialize(value, output) {
        let bytes: Uint8Array;
        try {
          bytes = coding.toBytes(value);
        } catch (cause) {
          const { message } = cause as Error;
          throw new SerializationError(`${coding.name} can not hold ${describe(value)}: ${message}`, { cause });
        }
        bytesSerializer.serialize(bytes, output);
      },

      deserialize(input) {
        const bytes = bytesSerializer.deserialize(input);
        try {
          return coding.fromBytes(bytes);
        } catch (cause) {
          const { message } = cause as Error;
          throw new SerializationError(`The stored bytes are not of ${coding.name}: ${message}`, { cause });
        }
      },
    },
  };
}
