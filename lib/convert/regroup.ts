// Gives keyed state another number of key groups: the key group of every row is computed anew from its key. Rows are put in
// the new order by a RocksDB database in a temporary directory, so that there may be more of them than memory holds.
import { mkdir } from 'node:fs/promises';
import type { TypeInformation } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { CheckpointError } from '../errors.ts';
import type { PartRow } from '../inspect/keyed-part.ts';
import { RocksDBPart } from '../inspect/rocksdb-part.ts';
import { readableKindOf } from '../inspect/state-types.ts';
import type { WorkingDirectory } from '../inspect/working-directory.ts';
import { keyGroupPrefixBytes, rowKeyOf } from '../keys/composite-key.ts';
import { checkMaxParallelism, keyGroupOf } from '../keys/key-groups.ts';
import { BulkWriter } from '../rocksdb/bulk-writer.ts';
import { RocksDB } from '../rocksdb/rocksdb.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { serializerIdOf } from '../savepoint/serializer-id.ts';
import { type KeyedSource, rowsOf } from './keyed-source.ts';

const TIMESTAMP_BYTES = 8;

/** What regrouping needs. */
export interface Regrouping {
  readonly maxParallelism: number;
  readonly types: SavepointTypes;
  readonly working: WorkingDirectory;
}

/** A source whose rows are ordered anew. */
export interface RegroupedSource extends KeyedSource {
  close(): Promise<void>;
}

/** @throws CheckpointError when no hash code is known of the keys' type; UnknownSerializerError when the type is not. */
export async function regroup(source: KeyedSource, regrouping: Regrouping): Promise<RegroupedSource> {
  const { maxParallelism, types, working } = regrouping;
  checkMaxParallelism(maxParallelism);
  const keyType = types.typeOf(source.key);
  if (keyType.hashCode === undefined) {
    throw new CheckpointError(
      `The keys of ${source.label} are of type ${keyType.name}, whose hash codes in Java are not known, so that their key ` +
        'groups under another maximum parallelism are not.',
    );
  }
  const directory = await working.newPath();
  await mkdir(directory);
  await fill(directory, source, { maxParallelism, keyType });
  const { label, key, states } = source;
  const part = new RocksDBPart({
    ...{
      subtask: 0,
      layout: 'rockstate-rocksdb',
      maxParallelism,
      sizeBytes: 0,
      source: `the regrouped state of ${label}`,
    },
    keyGroupRange: { start: 0, end: maxParallelism - 1 },
    bring: async () => directory,
    header: async () => ({
      ...{ compressed: false, key, keyFormat: serializerIdOf(key) },
      states: states.map((state) => ({ name: state.name, kind: readableKindOf(state), description: state })),
    }),
  });
  return { label, maxParallelism, key, states, parts: [part], close: () => part.close() };
}

interface NewGroups {
  readonly maxParallelism: number;
  readonly keyType: TypeInformation<unknown>;
}

async function fill(directory: string, source: KeyedSource, groups: NewGroups): Promise<void> {
  await using db = await RocksDB.open(directory, { disableWal: true });
  const families = [];
  for (const { name } of source.states) {
    families.push(await db.createColumnFamily(name));
  }
  const isTimer = source.states.map((state) => readableKindOf(state) === 'TIMERS');
  const writer = new BulkWriter(db);
  for await (const row of rowsOf(source, { start: 0, end: source.maxParallelism - 1 })) {
    const key = regroupedKey(row, groups, isTimer[row.stateId] === true ? TIMESTAMP_BYTES : 0);
    await writer.put(families[row.stateId] as (typeof families)[number], key, row.value);
  }
  await writer.finish();
  await db.flush();
}

function regroupedKey({ key }: PartRow, { maxParallelism, keyType }: NewGroups, keyStart: number): Uint8Array {
  const value = keyType.serializer.deserialize(new DataInput(key.subarray(keyStart)));
  const hashCode = keyType.hashCode?.(value) as number;
  return rowKeyOf(keyGroupOf(hashCode, maxParallelism), key, keyGroupPrefixBytes(maxParallelism));
}
