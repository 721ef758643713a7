// Keyed state in Flink's canonical format, and how its key groups lie in the stream.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { SavepointFormatError } from '../errors.ts';
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';
import { CanonicalRowReader } from '../savepoint/canonical-row-reader.ts';
import { type KeyedHeader, readKeyedHeader } from '../savepoint/keyed-header.ts';
import { nativeSnappy } from '../savepoint/native-snappy.ts';
import { SavepointInput } from '../savepoint/savepoint-input.ts';
import { serializerIdOf } from '../savepoint/serializer-id.ts';
import { SnappyFrameReader } from '../savepoint/snappy-frame-reader.ts';
import type { SnapshotForms } from '../savepoint/snapshot-classes.ts';
import type { ByteSource } from './byte-source.ts';
import { commonKeyGroups, type KeyedPart, type PartHeader, type PartRow, type RowSelection } from './keyed-part.ts';
import { readableKindOf } from './state-types.ts';

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
export function checkPlace({ keyGroupRange, offsets, maxParallelism }: PartPlace, source: string): void {
  const { start, end } = keyGroupRange;
  if (start < 0 || end >= maxParallelism || offsets.length !== end - start + 1) {
    const reason = `It has ${offsets.length} key groups, from ${start} to ${end} of ${maxParallelism}.`;
    throw new SavepointFormatError(reason, { source, offset: 0, field: 'range of key groups' });
  }
}

export class CanonicalPart implements KeyedPart {
  readonly layout = 'canonical';
  readonly subtask: number;
  readonly keyGroupRange: KeyGroupRange;
  readonly maxParallelism: number;
  readonly #place: PartPlace;
  readonly #bytes: ByteSource;
  #header: Promise<PartHeader> | undefined;

  constructor(place: PartPlace, bytes: ByteSource) {
    checkPlace(place, bytes.name);
    this.subtask = place.subtask;
    this.keyGroupRange = place.keyGroupRange;
    this.maxParallelism = place.maxParallelism;
    this.#place = place;
    this.#bytes = bytes;
  }

  get source(): string {
    return this.#bytes.name;
  }

  get sizeBytes(): number {
    return this.#bytes.sizeBytes;
  }

  header(): Promise<PartHeader> {
    this.#header ??= readHeaderOf(this.#bytes, this.#place).then(toPartHeader);
    return this.#header;
  }

  async *rows({ keyGroups, isWanted }: RowSelection): AsyncGenerator<PartRow, void> {
    const wanted = commonKeyGroups(keyGroups, this.keyGroupRange);
    if (wanted === undefined) {
      return;
    }
    const { compressed, states } = await this.header();
    const prefixBytes = keyGroupPrefixBytes(this.maxParallelism);
    for (const group of placedKeyGroups(this.#place, this.sizeBytes, wanted)) {
      const { keyGroup, begin, end } = group;
      const rows = new CanonicalRowReader({
        ...{ keyGroup, maxParallelism: this.maxParallelism, stateCount: states.length },
        ...{ source: this.source, offset: begin },
        ...(compressed ? {} : { maxBytes: end - begin }),
      });
      for await (const piece of compressed ? uncompressed(this.#bytes, group) : this.#bytes.pieces(begin, end)) {
        rows.push(piece);
        for (let row = rows.next(); row !== undefined; row = rows.next()) {
          const { stateId, key, value } = row;
          if (isWanted(stateId)) {
            yield { stateId, keyGroup, key: key.subarray(prefixBytes), value };
          }
        }
        if (rows.ended) {
          break;
        }
      }
      rows.finish();
    }
  }
}

async function* uncompressed(bytes: ByteSource, { begin, end }: PlacedKeyGroup): AsyncGenerator<Uint8Array, void> {
  const frames = new SnappyFrameReader(nativeSnappy, { source: bytes.name, offset: begin });
  for await (const piece of bytes.pieces(begin, end)) {
    frames.push(piece);
    for (let block = frames.next(); block !== undefined; block = frames.next()) {
      yield block;
    }
  }
  frames.finish();
}
