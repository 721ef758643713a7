// A value or null, as Flink's NullableSerializer writes it: one byte, 1 for null; else 0 and the value.
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { compositeId, compositeName, nestedHashCode, type RowHashed, rowHashCode } from './nested.ts';
import { compositeSnapshot } from './snapshots.ts';

const SNAPSHOT_CLASS = 'org.apache.flink.api.java.typeutils.runtime.NullableSerializer$NullableSerializerSnapshot';

interface NullableSerializer<T> extends TypeSerializer<T | null> {
  readonly ofPresent: TypeSerializer<T>;
}

export function nullableType<T>(type: TypeInformation<T>): TypeInformation<T | null> {
  const name = compositeName('NULLABLE', [type]);
  if (isNullable(type.serializer)) {
    return type;
  }
  const hashCode = nestedHashCode(type);
  const ofRow = rowHashCode(type);
  const nullable: RowHashed<T | null> = {
    name,
    serializer: nullableSerializer(type.serializer),
    ...(hashCode && { hashCode }),
    ...(ofRow && { rowHashCode: ofRow }),
  };
  return nullable;
}

/** Whether the serializer is that of a nullable type. */
export function isNullable<T>(serializer: TypeSerializer<T>): boolean {
  return 'ofPresent' in serializer;
}

/** The serializer for where something else says already whether the value is null. */
export function ofPresent<T>(serializer: TypeSerializer<T>): TypeSerializer<T> {
  return isNullable(serializer) ? (serializer as unknown as NullableSerializer<T>).ofPresent : serializer;
}

function nullableSerializer<T>(present: TypeSerializer<T>): NullableSerializer<T> {
  return {
    id: compositeId('org.apache.flink.api.java.typeutils.runtime.NullableSerializer', [present]),
    length: -1,
    // `outer`: no padding behind a null.
    snapshot: compositeSnapshot({ className: SNAPSHOT_CLASS, outerVersion: 2, outer: 0 }, [present]),
    ofPresent: present,

    serialize(value, output) {
      output.writeByte(value === null ? 1 : 0);
      if (value !== null) {
        present.serialize(value, output);
      }
    },

    deserialize: (input) => (input.readByte() !== 0 ? null : present.deserialize(input)),
  };
}
