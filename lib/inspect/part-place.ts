// Where the key groups of a subtask lie in a stream of Flink, and the header before them.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { SavepointFormatError } from '../errors.ts';
import { type KeyedHeader, readKeyedHeader } from '../savepoint/keyed-header.ts';
import { SavepointInput } from '../savepoint/savepoint-input.ts';
import { serializerIdOf } from '../savepoint/serializer-id.ts';
import type { SnapshotForms } from '../savepoint/snapshot-classes.ts';
import type { ByteSource } from './byte-source.ts';
import type { PartHeader } from './keyed-part.ts';
import { readableKindOf } from './state-types.ts';
import type { PartIdentity } from './stored-part.ts';

// Beyond it, what should be a header is none.
const MAX_HEADER_BYTES = 64 * 1024 * 1024;

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

/** A key group in a stream. */
export interface PlacedKeyGroup {
  readonly keyGroup: number;
  readonly begin: number;
  readonly end: number;
}

/** The key groups of a selection: each ends where the next in the stream begins, whatever their order is. */
export function placedKeyGroups(place: PartPlace, sizeBytes: number, wanted: KeyGroupRange): PlacedKeyGroup[] {
  const { keyGroupRange, offsets } = place;
  const begins = [...new Set(offsets.filter((offset) => offset > 0))].sort((a, b) => a - b);
  const ends = new Map(begins.map((begin, index) => [begin, begins[index + 1] ?? sizeBytes]));
  return offsets.flatMap((begin, index) => {
    const keyGroup = keyGroupRange.start + index;
    const end = ends.get(begin);
    return keyGroup >= wanted.start && keyGroup <= wanted.end && end !== undefined ? { keyGroup, begin, end } : [];
  });
}

/** Reads the header of keyed state: rows follow it, so it ends where the first of them is. */
export async function readHeaderOf(
  bytes: ByteSource,
  { offsets, forms }: Pick<PartPlace, 'offsets' | 'forms'>,
): Promise<KeyedHeader> {
  const end = offsets.reduce((least, offset) => (offset > 0 && offset < least ? offset : least), bytes.sizeBytes);
  const header = await bytes.read(0, Math.min(end, MAX_HEADER_BYTES));
  return readKeyedHeader(new SavepointInput(header, bytes.name), forms);
}

export function toPartHeader({ compressed, key, states }: KeyedHeader): PartHeader {
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
