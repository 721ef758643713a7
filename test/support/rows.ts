// The raw rows of a checkpoint that was taken from RocksDB: its files are a database.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyedStateHandle } from '../../lib/api/checkpoint.ts';
import { RocksDB } from '../../lib/rocksdb/rocksdb.ts';
import type { Bench } from './with-backend.ts';

/** By column family: the keys with their values, as hexadecimal digits, in byte order. */
export type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export async function rowsOf(bench: Bench, handle: KeyedStateHandle): Promise<Rows> {
  const path = join(bench.directory, `rows-of-${handle.checkpointId}`);
  for (const { name } of handle.files) {
    await cp(join(handle.location, name), join(path, name));
  }
  await using db = await RocksDB.open(path);
  return Object.fromEntries(
    db.columnFamilies.map((columnFamily) => [
      columnFamily.name,
      Object.fromEntries([...db.scan({ columnFamily })].map(({ key, value }) => [hex(key), hex(value)])),
    ]),
  );
}

/** Hexadecimal digits in groups, as one: `hexOf('51', '0261', '00')`. */
export function hexOf(...groups: readonly string[]): string {
  return groups.join('');
}
