// Makes maps of the rows of a savepoint, which has one for each entry of a map.
import type { TypeSerializer } from '../api/type-information.ts';
import { accessFailure } from '../bytes/access-failure.ts';
import type { DataInput } from '../bytes/data-input.ts';
import { isAmbiguous, skipItemLength } from '../keys/composite-key.ts';
import { hashOf, inputOf } from './byte-text.ts';
import type { CopyOnWriteTable } from './copy-on-write-table.ts';
import type { StoredRows } from './heap-state-table.ts';
import type { SnapshotVersions } from './snapshot-versions.ts';
import { type HeapMap, readMapValue, type UnreadRow, type ValueReader } from './value-formats.ts';

/** What tells where in a row's key the map's key begins. */
export interface RowKeyLayout {
  readonly keySerializer: TypeSerializer<unknown>;
  readonly namespaceSerializer: TypeSerializer<unknown>;
}

/** A map state. */
export interface MapToGather {
  readonly name: string;
  /** Of the values of entries. */
  readonly reader: ValueReader<unknown>;
}

/** Reads past key and namespace; answers where they end. */
export function skipRowId(input: DataInput, { keySerializer, namespaceSerializer }: RowKeyLayout): number {
  const start = input.position;
  keySerializer.deserialize(input);
  const keyEnd = input.position;
  const hasLengths = isAmbiguous(keySerializer, namespaceSerializer);
  if (hasLengths) {
    skipItemLength(keyEnd - start, input);
  }
  const namespaceStart = input.position;
  namespaceSerializer.deserialize(input);
  if (hasLengths) {
    skipItemLength(input.position - namespaceStart, input);
  }
  return input.position;
}

/**
 * Puts maps in place of the rows of their entries.
 *
 * @throws SerializationError when a row is not of the state's types; the table is as before then.
 */
export function gatherMaps(
  { name, reader }: MapToGather,
  rows: StoredRows,
  layout: RowKeyLayout,
  versions: SnapshotVersions,
): void {
  const table = rows.table as CopyOnWriteTable<UnreadRow | HeapMap<unknown>>;
  const view = table.freeze();
  const gathered = new Map<number, Map<string, HeapMap<unknown>>>();
  for (const keyGroup of view.keyGroups()) {
    const maps = new Map<string, HeapMap<unknown>>();
    gathered.set(keyGroup, maps);
    for (const { id, value } of view.rows(keyGroup)) {
      const input = inputOf(id);
      try {
        const end = skipRowId(input, layout);
        const read = readMapValue(inputOf((value as UnreadRow).text), reader);
        if (read !== undefined) {
          mapOf(maps, id.slice(0, end)).set(id.slice(end), { value: read, version: versions.current });
        }
      } catch (cause) {
        const key = () => layout.keySerializer.deserialize(inputOf(id));
        throw accessFailure({ state: name, action: 'read', key, cause });
      }
    }
  }
  for (const [keyGroup, maps] of gathered) {
    for (const { id } of view.rows(keyGroup)) {
      table.delete({ keyGroup, id, hash: hashOf(id) });
    }
    for (const [id, map] of maps) {
      table.set({ keyGroup, id, hash: hashOf(id) }, map);
    }
  }
}

function mapOf(maps: Map<string, HeapMap<unknown>>, id: string): HeapMap<unknown> {
  let map = maps.get(id);
  if (map === undefined) {
    map = new Map();
    maps.set(id, map);
  }
  return map;
}
