// The built-in types.
import type { TypeInformation } from '../api/type-information.ts';
import { bytesSerializer } from './bytes-serializer.ts';
import {
  bigintHashCode,
  booleanHashCode,
  bytesHashCode,
  doubleHashCode,
  longHashCode,
  stringHashCode,
} from './java-hash-code.ts';
import { jsonSerializer } from './json-serializer.ts';
import { bigintSerializer, booleanSerializer, doubleSerializer, longSerializer } from './number-serializers.ts';
import { stringSerializer } from './string-serializer.ts';

/** What {@link Types} offers. */
export interface BuiltInTypes {
  /** Any string. Bytes and hash are those of Flink's `Types.STRING`. */
  readonly STRING: TypeInformation<string>;
  /** A 64-bit integer as a number; only safe integers. Bytes and hash are those of Flink's `Types.LONG`. */
  readonly LONG: TypeInformation<number>;
  /** A 64-bit integer as a bigint. Bytes and hash are those of Flink's `Types.LONG`. */
  readonly BIGINT: TypeInformation<bigint>;
  /** A number. Bytes and hash are those of Flink's `Types.DOUBLE`. */
  readonly DOUBLE: TypeInformation<number>;
  /** `true` or `false`. Bytes and hash are those of Flink's `Types.BOOLEAN`. */
  readonly BOOLEAN: TypeInformation<boolean>;
  /** A `Uint8Array`. Bytes are those of Flink's `byte[]`; as a key it is hashed by content, which Flink can't do. */
  readonly BYTES: TypeInformation<Uint8Array>;
  /**
   * Any value that survives `JSON.parse(JSON.stringify(value))`. It can't be a key, as equal objects may differ in text.
   *
   * @typeParam T - the shape that the program keeps to; it is not checked.
   */
  JSON<T>(): TypeInformation<T>;
}

const json: TypeInformation<unknown> = { name: 'JSON', serializer: jsonSerializer };

/** The built-in types of keys and values. */
export const Types: BuiltInTypes = {
  STRING: { name: 'STRING', serializer: stringSerializer, hashCode: stringHashCode },
  LONG: { name: 'LONG', serializer: longSerializer, hashCode: longHashCode },
  BIGINT: { name: 'BIGINT', serializer: bigintSerializer, hashCode: bigintHashCode },
  DOUBLE: { name: 'DOUBLE', serializer: doubleSerializer, hashCode: doubleHashCode },
  BOOLEAN: { name: 'BOOLEAN', serializer: booleanSerializer, hashCode: booleanHashCode },
  BYTES: { name: 'BYTES', serializer: bytesSerializer, hashCode: bytesHashCode },
  JSON: <T>() => json as TypeInformation<T>,
};
