// A value or null, as Flink's NullableSerializer writes it: one byte, 1 for null; else 0 and the value.
import type { SchemaCompatibility } from '../api/schema-compatibility.ts';
import type { CompositeSnapshot, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { eitherNullChange, nullableChange } from './layout-change.ts';
import { compositeId, compositeName, nestedHashCode, type RowHashed, rowHashCode } from './nested.ts';
import { partChange, type ResolvedPart, readingSerializer, resolveComposite } from './resolve-parts.ts';
import { afterMigration, mismatch, resolveSchema } from './resolve-schema.ts';
import { compositeSnapshot } from './snapshots.ts';
import { nullableLayout, withLayout } from './value-layout.ts';

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
  // `outer`: no padding behind a null.
  const snapshot = compositeSnapshot({ className: SNAPSHOT_CLASS, outerVersion: 2, outer: 0 }, [present]);
  return {
    id: compositeId('org.apache.flink.api.java.typeutils.runtime.NullableSerializer', [present]),
    length: -1,
    ...withLayout(nullableLayout(present)),
    snapshot,
    ofPresent: present,
    resolve: (stored) => resolveNullable(stored, snapshot, present),

    serialize(value, output) {
      output.writeByte(value === null ? 1 : 0);
      if (value !== null) {
        present.serialize(value, output);
      }
    },

    deserialize: (input) => (input.readByte() !== 0 ? null : present.deserialize(input)),
  };
}

function resolveNullable<T>(
  stored: SerializerSnapshot,
  snapshot: CompositeSnapshot,
  present: TypeSerializer<T>,
): SchemaCompatibility<T | null> {
  if (stored.kind !== 'composite' || stored.className !== SNAPSHOT_CLASS) {
    return resolveNeverNull(stored, present);
  }
  if (stored.outer !== 0) {
    return mismatch(stored, snapshot, 'its nulls have bytes behind them');
  }
  return resolveComposite<T | null>(stored, snapshot, {
    parts: [present as TypeSerializer<unknown>],
    nameOf: () => 'value that may be null',
    rebuild: ([other]) => nullableSerializer(other as TypeSerializer<T>),
    changeOf: ([change]) => eitherNullChange(change as string),
  });
}

// What was never null is read as it was, and written behind a byte that says so.
function resolveNeverNull<T>(stored: SerializerSnapshot, present: TypeSerializer<T>): SchemaCompatibility<T | null> {
  const verdict = resolveSchema(stored, present);
  if (verdict.kind === 'incompatible') {
    return verdict;
  }
  const part = present as TypeSerializer<unknown>;
  const change = partChange(part, verdict as ResolvedPart);
  return afterMigration(
    readingSerializer(part, verdict as ResolvedPart) as TypeSerializer<T>,
    change === undefined ? undefined : nullableChange(change),
  );
}
