import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RowsToRewrite } from '../../lib/rocksdb/rewrite-rows.ts';
import { type ExportedColumnFamily, RocksDB, RocksDBError, type Snapshot, WriteBatch } from '../../lib/rocksdb.ts';
import { rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { withDb } from '../support/with-db.ts';

interface Leftovers {
  readonly snapshot: Snapshot;
  readonly exported: ExportedColumnFamily;
}

const batchFor = (db: RocksDB): WriteBatch => new WriteBatch().put(db.columnFamily('default'), 'a', '1');
const large = new Uint8Array(100_000);

// One call of each method that needs an open database.
const CALLS: Readonly<Record<string, (db: RocksDB, leftovers: Leftovers) => unknown>> = {
  get: (db) => db.get('a'),
  'get, with a snapshot': (db, { snapshot }) => db.get('a', { snapshot }),
  'get, with a key that is larger than the buffer': (db) => db.get(large),
  getAsync: (db) => db.getAsync('a'),
  multiGet: (db) => db.multiGet(['a']),
  multiGetAsync: (db) => db.multiGetAsync(['a']),
  multiGetEachAsync: (db) => db.multiGetEachAsync([new Uint8Array(1)]),
  put: (db) => db.put('a', '1'),
  'put, with a value that is larger than the buffer': (db) => db.put('a', large),
  putAsync: (db) => db.putAsync('a', '1'),
  merge: (db) => db.merge('a', '1'),
  mergeAsync: (db) => db.mergeAsync('a', '1'),
  delete: (db) => db.delete('a'),
  deleteAsync: (db) => db.deleteAsync('a'),
  deleteRange: (db) => db.deleteRange('a', 'b'),
  write: (db) => db.write(batchFor(db)),
  writeAsync: (db) => db.writeAsync(batchFor(db)),
  scan: (db) => db.scan(),
  snapshot: (db) => db.snapshot(),
  flush: (db) => db.flush(),
  compactRange: (db) => db.compactRange(),
  compactFiles: (db) => db.compactFiles(['/000001.sst'], { outputLevel: 1, maxOutputFileBytes: 1 }),
  deleteFilesInRange: (db) => db.deleteFilesInRange(),
  property: (db) => db.property('rocksdb.stats'),
  mapProperty: (db) => db.mapProperty('rocksdb.cfstats'),
  metrics: (db) => db.metrics({ properties: ['rocksdb.estimate-num-keys'] }),
  liveFiles: (db) => db.liveFiles(),
  createCheckpoint: (db) => db.createCheckpoint(`${db.path}-checkpoint`),
  ingestFiles: (db) => db.ingestFiles([]),
  copyRange: (db) => db.copyRange({ from: db, directory: `${db.path}-copy` }),
  copyRangeSync: (db) => db.copyRangeSync({ from: db, directory: `${db.path}-copy` }),
  setColumnFamilyOptions: (db) =>
    db.setColumnFamilyOptions(db.columnFamily('default'), { disable_auto_compactions: true }),
  setTtl: (db) => db.setTtl(db.columnFamily('default'), undefined),
  setTtlTime: (db) => db.setTtlTime(1),
  rewriteRows: (db) => db.rewriteRows(rewriteOf(db)),
  rewriteRowsSync: (db) => db.rewriteRowsSync(rewriteOf(db)),
  exportColumnFamily: (db) => db.exportColumnFamily(db.columnFamily('default'), `${db.path}-export`),
  importColumnFamily: (db, { exported }) => db.importColumnFamily('imported', [exported]),
  createColumnFamily: (db) => db.createColumnFamily('new'),
  createColumnFamilySync: (db) => db.createColumnFamilySync('new'),
  dropColumnFamily: (db) => db.dropColumnFamily(db.columnFamily('other')),
  writeKeyGroups: (db, { snapshot }) =>
    db.writeKeyGroups({
      ...{ path: '/none', header: new Uint8Array(0), columnFamilies: [], snapshot, prefixBytes: 1, compress: false },
      ...{ firstKeyGroup: 0, lastKeyGroup: 0 },
    }),
  readKeyGroups: (db) =>
    db.readKeyGroups({ path: '/none', keyGroups: [], columnFamilies: [], prefixBytes: 1, compressed: false }),
  resume: (db) => db.resume(),
};

function rewriteOf(db: RocksDB): RowsToRewrite {
  return { columnFamily: db.columnFamily('default'), rows: 'value', change: 'Wil', directory: `${db.path}-rewrite` };
}

// What answers without the database.
const HARMLESS = ['close', 'columnFamily', 'columnFamilies', 'constructor', 'keepHotRows'];

describe('on a closed database', () => {
  test.each(Object.entries(CALLS))('%s fails as closed', (_what, call) =>
    withDb(
      async (db, { directory }) => {
        const leftovers = {
          snapshot: db.snapshot(),
          exported: await db.exportColumnFamily(db.columnFamily('default'), join(directory, 'export')),
        };
        await db.close();
        const error = await rocksDBErrorOf(() => call(db, leftovers));
        expect(error).toBeInstanceOf(RocksDBError);
        expect(error.code).toBe('ERR_ROCKSDB_CLOSED');
        expect(error.message).toBe('The database is closed.');
      },
      { columnFamilies: { other: {} } },
    ),
  );

  test('every method is accounted for here', () => {
    const methods = Object.getOwnPropertyNames(RocksDB.prototype).filter((name) => !HARMLESS.includes(name));
    expect(methods.filter((name) => !(name in CALLS))).toEqual([]);
  });

  test('an asynchronous method rejects, and does not throw', () =>
    withDb(async (db) => {
      await db.close();
      const promises = [
        db.getAsync('a'),
        db.putAsync('a', '1'),
        db.flush(),
        db.liveFiles(),
        db.writeAsync(batchFor(db)),
      ];
      const results = await Promise.allSettled(promises);
      expect(results.every((result) => result.status === 'rejected')).toBe(true);
    }));
});
