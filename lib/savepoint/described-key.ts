// The serializer of the keys as checkpoints here keep it: as a savepoint describes it, in Flink's bytes as base 64.
import type { KeyedStateHandle } from '../api/checkpoint.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { simpleSnapshot, snapshotOf } from '../bytes/snapshots.ts';
import { simpleTypeOf } from './known-types.ts';
import { readProxySnapshot } from './read-serializer-snapshot.ts';
import { SavepointInput } from './savepoint-input.ts';
import type { SnapshotForms } from './snapshot-classes.ts';
import { writeProxySnapshot } from './write-serializer-snapshot.ts';

export function keyDescriptionOf(serializer: TypeSerializer<unknown>): string {
  const output = new DataOutput();
  writeProxySnapshot(snapshotOf(serializer), output);
  return Buffer.from(output.copy()).toString('base64');
}

/** Undefined for a checkpoint of an earlier release whose keys are of a composite type. */
export function describedKeyOf(
  { keyDescription, keySerializer }: Pick<KeyedStateHandle, 'keyDescription' | 'keySerializer'>,
  forms?: SnapshotForms,
): SerializerSnapshot | undefined {
  if (keyDescription !== undefined) {
    const bytes = new Uint8Array(Buffer.from(keyDescription, 'base64'));
    return readProxySnapshot(new SavepointInput(bytes, 'the description of the keys'), forms);
  }
  const simple = simpleSnapshot(keySerializer);
  return simpleTypeOf(simple.className) === undefined ? undefined : simple;
}
