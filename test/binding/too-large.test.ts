import { describe, expect, test } from 'vitest';
import { MAX_BYTES, MAX_KEY_BYTES, type RocksDB, WriteBatch } from '../../lib/rocksdb.ts';
import { rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { keysOf, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

// Zeroed pages take no memory until they are touched.
const huge = new Uint8Array(MAX_BYTES + 1);
const hugeKey = huge.subarray(0, MAX_KEY_BYTES + 1);

describe('a key that is one byte over 2^28, or a value that is one over 2^31-1,', () => {
  const calls: Readonly<Record<string, (db: RocksDB) => unknown>> = {
    'get, key': (db) => db.get(hugeKey),
    'getAsync, key': (db) => db.getAsync(hugeKey),
    'multiGet, key': (db) => db.multiGet(['a', hugeKey]),
    'multiGetAsync, key': (db) => db.multiGetAsync(['a', hugeKey]),
    'put, key': (db) => db.put(hugeKey, 'value'),
    'put, value': (db) => db.put('key', huge),
    'putAsync, key': (db) => db.putAsync(hugeKey, 'value'),
    'putAsync, value': (db) => db.putAsync('key', huge),
    'merge, key': (db) => db.merge(hugeKey, 'value'),
    'merge, operand': (db) => db.merge('key', huge),
    'mergeAsync, key': (db) => db.mergeAsync(hugeKey, 'value'),
    'mergeAsync, operand': (db) => db.mergeAsync('key', huge),
    'delete, key': (db) => db.delete(hugeKey),
    'deleteAsync, key': (db) => db.deleteAsync(hugeKey),
    'deleteRange, lower': (db) => db.deleteRange(hugeKey, 'z'),
    'deleteRange, upper': (db) => db.deleteRange('a', hugeKey),
    'scan, prefix': (db) => db.scan({ prefix: hugeKey }),
    'scan, lower': (db) => db.scan({ lower: hugeKey }),
    'scan, upper': (db) => db.scan({ upper: hugeKey }),
    'compactRange, lower': (db) => db.compactRange({ lower: hugeKey }),
    'copyRange, lower': (db) => db.copyRange({ from: db, directory: `${db.path}-copy`, lower: hugeKey }),
    'deleteFilesInRange, upper': (db) => db.deleteFilesInRange({ upper: hugeKey }),
    'batch, put key': (db) => new WriteBatch().put(db.columnFamily('default'), hugeKey, 'value'),
    'batch, put value': (db) => new WriteBatch().put(db.columnFamily('default'), 'key', huge),
    'batch, merge': (db) => new WriteBatch().merge(db.columnFamily('default'), 'key', huge),
    'batch, delete': (db) => new WriteBatch().delete(db.columnFamily('default'), hugeKey),
  };

  test.each(Object.entries(calls))('is refused: %s', (_what, call) =>
    withDb(async (db) => {
      const error = await rocksDBErrorOf(() => call(db));
      expect(error.code).toBe('ERR_ROCKSDB_TOO_LARGE');
      expect(error.message).toMatch(
        /up to (268435456 bytes long; this one has 268435457|2147483647 .* has 2147483648)\.$/,
      );
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
