import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExportedColumnFamily } from '../../lib/rocksdb.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { entriesOf, keysOf } from '../support/text.ts';
import { type DbBench, withDb } from '../support/with-db.ts';

// Exports the family `words` of another database that has these keys.
async function exportOf(bench: DbBench, name: string, keys: readonly string[]): Promise<ExportedColumnFamily> {
  const source = await bench.open({ columnFamilies: { words: {} } }, name);
  const columnFamily = source.columnFamily('words');
  for (const key of keys) {
    source.put(key, `from ${name}`, { columnFamily });
  }
  return source.exportColumnFamily(columnFamily, join(bench.directory, `${name}-export`));
}

describe('an exported family', () => {
  test('can be imported under another name, and what was in memory is in it', () =>
    withDb(async (db, bench) => {
      const exported = await exportOf(bench, 'first', ['a', 'b']);
      const columnFamily = await db.importColumnFamily('imported', [exported]);
      expect(db.columnFamily('imported')).toBe(columnFamily);
      expect(entriesOf(db, { columnFamily })).toEqual(['a=from first', 'b=from first']);
      db.put('c', 'own', { columnFamily });
      await db.close();
      const again = await bench.open();
      expect(keysOf(again, { columnFamily: again.columnFamily('imported') })).toEqual(['a', 'b', 'c']);
    }));

  test('can be imported together with others whose keys do not overlap its own', () =>
    withDb(async (db, bench) => {
      const exports = [await exportOf(bench, 'first', ['a', 'b']), await exportOf(bench, 'second', ['c', 'd'])];
      const columnFamily = await db.importColumnFamily('imported', exports);
      expect(entriesOf(db, { columnFamily })).toEqual([
        'a=from first',
        'b=from first',
        'c=from second',
        'd=from second',
      ]);
    }));

  test('cannot be imported together with others whose keys overlap its own', () =>
    withDb(async (db, bench) => {
      const exports = [await exportOf(bench, 'first', ['a', 'c']), await exportOf(bench, 'second', ['b', 'd'])];
      expect(await codeOf(() => db.importColumnFamily('imported', exports))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(await codeOf(() => db.columnFamily('imported'))).toBe('ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY');
    }));

  test('can be imported more than once, unless its files are moved', () =>
    withDb(async (db, bench) => {
      const exported = await exportOf(bench, 'first', ['a']);
      const files = await readdir(exported.directory);
      await db.importColumnFamily('once', [exported]);
      expect(await readdir(exported.directory)).toEqual(files);
      const columnFamily = await db.importColumnFamily('twice', [exported], { moveFiles: true });
      expect(keysOf(db, { columnFamily })).toEqual(['a']);
      expect(await readdir(exported.directory)).not.toEqual(files);
      expect(await codeOf(() => db.importColumnFamily('thrice', [exported]))).toBe('ERR_ROCKSDB_IO_ERROR');
    }));

  test('is imported with the options given', () =>
    withDb(async (db, bench) => {
      const exported = await exportOf(bench, 'first', ['a']);
      const bad = { options: { no_such_option: 1 } };
      expect(await codeOf(() => db.importColumnFamily('bad', [exported], bad))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      const columnFamily = await db.importColumnFamily('good', [exported], { options: { merge_operator: 'max' } });
      db.merge('a', 'from zero', { columnFamily });
      expect(entriesOf(db, { columnFamily })).toEqual(['a=from zero']);
    }));

  test('is imported under a name that is free', () =>
    withDb(async (db, bench) => {
      const exported = await exportOf(bench, 'first', ['a']);
      expect(await codeOf(() => db.importColumnFamily('default', [exported]))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
    }));

  test('is not written into a directory that exists', () =>
    withDb(async (db, { directory }) => {
      await mkdir(join(directory, 'there'));
      const family = db.columnFamily('default');
      expect(await codeOf(() => db.exportColumnFamily(family, join(directory, 'there')))).toBe(
        'ERR_ROCKSDB_INVALID_ARGUMENT',
      );
    }));
});
