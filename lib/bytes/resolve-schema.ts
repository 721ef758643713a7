// Compares what is stored with a serializer: whether the stored bytes are its own, can be read, or become its own.
import type {
  CompatibleAfterMigration,
  CompatibleAsIs,
  CompatibleReconfigured,
  Incompatible,
  SchemaCompatibility,
} from '../api/schema-compatibility.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { snapshotIdOf } from './snapshot-id.ts';
import { snapshotNameOf } from './snapshot-name.ts';
import { snapshotOf } from './snapshots.ts';

/** What all types answer to bytes of their own. */
export const AS_IS: CompatibleAsIs = { kind: 'as-is' };

/**
 * What a serializer can do with what another one, or itself, has written.
 *
 * A serializer with the same `id` takes it as it is; any other is asked by its `resolve`, and one that has none takes nothing.
 */
export function resolveSchema<T>(stored: SerializerSnapshot, serializer: TypeSerializer<T>): SchemaCompatibility<T> {
  if (snapshotIdOf(stored) === serializer.id) {
    return AS_IS;
  }
  return serializer.resolve?.(stored) ?? mismatch(stored, snapshotOf(serializer));
}

/** That what is stored is of another type, naming both. @param reason - why, where that is not plain. */
export function mismatch(stored: SerializerSnapshot, declared: SerializerSnapshot, reason?: string): Incompatible {
  const names = `${snapshotNameOf(stored)} can not become ${snapshotNameOf(declared)}`;
  return incompatible(reason === undefined ? names : `${names}: ${reason}`);
}

export function incompatible(reason: string): Incompatible {
  return { kind: 'incompatible', reason };
}

/** @param change - as `layout-change.ts` describes it, where there is one. */
export function afterMigration<T>(
  reader: CompatibleAfterMigration<T>['reader'],
  change: string | undefined,
): CompatibleAfterMigration<T> {
  return { kind: 'after-migration', reader, ...(change !== undefined && { change }) };
}

export function reconfigured<T>(serializer: TypeSerializer<T>): CompatibleReconfigured<T> {
  return { kind: 'reconfigured', serializer };
}
