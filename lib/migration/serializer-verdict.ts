// Whether what one serializer wrote can be used with another.
import type { SchemaCompatibility } from '../api/schema-compatibility.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { AS_IS, incompatible, resolveSchema } from '../bytes/resolve-schema.ts';
import { snapshotNameOf } from '../bytes/snapshot-name.ts';
import { serializerIdOf } from '../savepoint/serializer-id.ts';

/** A serializer as it is stored. */
export interface StoredSerializer {
  /** Of its byte format, as the program names it where it says how a class is read. */
  readonly id: string;
  /** Absent where a checkpoint of an earlier release does not say. */
  readonly snapshot: SerializerSnapshot | undefined;
}

/** Compares; what has the same id is the same. */
export function verdictOf<T>(
  { id, snapshot }: StoredSerializer,
  serializer: TypeSerializer<T>,
): SchemaCompatibility<T> {
  if (id === serializer.id) {
    return AS_IS;
  }
  return snapshot === undefined
    ? incompatible(`${serializer.id} can not read it, as nothing else is known of it`)
    : resolveSchema(snapshot, serializer);
}

/** The serializer to use where nothing can be written again: as it is, or reconfigured. */
export function usableSerializer<T>(
  stored: StoredSerializer,
  serializer: TypeSerializer<T>,
  fail: (reason: string) => Error,
): TypeSerializer<T> {
  const verdict = verdictOf(stored, serializer);
  switch (verdict.kind) {
    case 'as-is':
      return serializer;
    case 'reconfigured':
      return verdict.serializer;
    case 'after-migration':
      throw fail(`${serializer.id} would have to write them again, which is done for values only`);
    case 'incompatible':
      throw fail(verdict.reason);
  }
}

/** What a stored serializer's type is called: as `Types` does, or by its id. */
export function storedNameOf({ id, snapshot }: StoredSerializer): string {
  return snapshot === undefined ? id : snapshotNameOf(snapshot);
}

/** A serializer by its snapshot. */
export function storedBy(snapshot: SerializerSnapshot): StoredSerializer {
  return { id: serializerIdOf(snapshot), snapshot };
}
