// Where the key groups of a subtask lie in a stream of Flink, and the header before them.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { SavepointFormatError } from '../errors.ts';
import { keyGroupsOf } from '../restore/savepoint-bytes.ts';
import { type HeaderReading, readStoredHeader } from '../restore/stored-header.ts';
import type { StoredKeyGroup } from '../rocksdb/key-group-files.ts';
import type { KeyedHeader } from '../savepoint/keyed-header.ts';
import { serializerIdOf } from '../savepoint/serializer-id.ts';
import type { SnapshotForms } from '../savepoint/snapshot-classes.ts';
import type { ByteSource } from './byte-source.ts';
import type { PartHeader } from './keyed-part.ts';
import { readableKindOf } from './state-types.ts';
import type { PartIdentity } from './stored-part.ts';

/** What is known of the keyed state of a subtask before it is read. */
export interface PartPlace {
  readonly subtask: number;
  readonly keyGroupRange: KeyGroupRange;
  readonly maxParallelism: number;
  /** Where each key group of the range begins; 0 for one without rows. */
  readonly offsets: readonly number[];
  /** How snapshots of the program's own serializers are laid out. */
  readonly forms: SnapshotForms;
}

/** The key groups of a selection in a stream. */
export function placedKeyGroups(place: PartPlace, { sizeBytes }: ByteSource, wanted: KeyGroupRange): StoredKeyGroup[] {
  return keyGroupsOf({ ...place, sizeBytes }, wanted, { start: 0, none: 0 });
}

/** Reads the header at the beginning of a stream. */
export async function partHeaderOf(bytes: ByteSource, reading: HeaderReading): Promise<PartHeader> {
  return toPartHeader(await readStoredHeader(bytes, reading, bytes.name));
}

function toPartHeader({ compressed, key, states }: KeyedHeader): PartHeader {
  return {
    ...{ compressed, key, keyFormat: serializerIdOf(key) },
    states: states.map((state) => ({ name: state.name, kind: readableKindOf(state), description: state })),
  };
}

/** @throws SavepointFormatError when the handle's parts do not fit each other. */
export function identityOf(place: PartPlace, { name: source, sizeBytes }: ByteSource): PartIdentity {
  const { subtask, keyGroupRange, maxParallelism, offsets } = place;
  const { start, end } = keyGroupRange;
  if (start < 0 || end >= maxParallelism || offsets.length !== end - start + 1) {
    const reason = `It has ${offsets.length} key groups, from ${start} to ${end} of ${maxParallelism}.`;
    throw new SavepointFormatError(reason, { source, offset: 0, field: 'range of key groups' });
  }
  return { subtask, keyGroupRange, maxParallelism, sizeBytes, source };
}
