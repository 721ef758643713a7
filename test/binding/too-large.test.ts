import { describe, expect, test } from 'vitest';
import { MAX_BYTES, type RocksDB, WriteBatch } from '../../lib/rocksdb.ts';
import { rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { keysOf, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

// Zeroed pages take no memory until they are touched.
const huge = new Uint8Array(MAX_BYTES + 1);

describe('a key or value that is one byte over 2^31-1', () => {
  const calls: Readonly<Record<string, (db: RocksDB) => unknown>> = {
    'get, key': (db) => db.get(huge),
    'getAsync, key': (db) => db.getAsync(huge),
    'multiGet, key': (db) => db.multiGet(['a', huge]),
    'multiGetAsync, key': (db) => db.multiGetAsync(['a', huge]),
    'put, key': (db) => db.put(huge, 'value'),
    'put, value': (db) => db.put('key', huge),
    'putAsync, key': (db) => db.putAsync(huge, 'value'),
    'putAsync, value': (db) => db.putAsync('key', huge),
    'merge, key': (db) => db.merge(huge, 'value'),
    'merge, operand': (db) => db.merge('key', huge),
    'mergeAsync, key': (db) => db.mergeAsync(huge, 'value'),
    'mergeAsync, operand': (db) => db.mergeAsync('key', huge),
    'delete, key': (db) => db.delete(huge),
    'deleteAsync, key': (db) => db.deleteAsync(huge),
    'deleteRange, lower': (db) => db.deleteRange(huge, 'z'),
    'deleteRange, upper': (db) => db.deleteRange('a', huge),
    'scan, prefix': (db) => db.scan({ prefix: huge }),
    'scan, lower': (db) => db.scan({ lower: huge }),
    'scan, upper': (db) => db.scan({ upper: huge }),
    'compactRange, lower': (db) => db.compactRange({ lower: huge }),
    'deleteFilesInRange, upper': (db) => db.deleteFilesInRange({ upper: huge }),
    'batch, put key': (db) => new WriteBatch().put(db.columnFamily('default'), huge, 'value'),
    'batch, put value': (db) => new WriteBatch().put(db.columnFamily('default'), 'key', huge),
    'batch, merge': (db) => new WriteBatch().merge(db.columnFamily('default'), 'key', huge),
    'batch, delete': (db) => new WriteBatch().delete(db.columnFamily('default'), huge),
  };

  test.each(Object.entries(calls))('is refused: %s', (_what, call) =>
    withDb(async (db) => {
      const error = await rocksDBErrorOf(() => call(db));
      expect(error.code).toBe('ERR_ROCKSDB_TOO_LARGE');
      expect(error.message).toContain(String(huge.length));
      db.put('still', 'works');
      expect(keysOf(db)).toEqual(['still']);
    }),
  );

  test('leaves a batch as it was', () =>
    withDb(async (db) => {
      const family = db.columnFamily('default');
      const batch = new WriteBatch().put(family, 'a', '1');
      await rocksDBErrorOf(() => batch.put(family, 'b', huge));
      expect(batch.count).toBe(1);
      db.write(batch.put(family, 'c', '3'));
      expect(keysOf(db)).toEqual(['a', 'c']);
      expect(text(db.get('c'))).toBe('3');
    }));
});
