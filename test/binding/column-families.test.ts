import { describe, expect, test } from 'vitest';
import { WriteBatch } from '../../lib/rocksdb.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { keysOf, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

describe('a family created at run time', () => {
  test('keeps its entries apart from those of other families', () =>
    withDb(async (db) => {
      const first = await db.createColumnFamily('first');
      const second = db.createColumnFamilySync('second');
      db.put('key', 'default');
      db.put('key', '1', { columnFamily: first });
      db.put('key', '2', { columnFamily: second });
      expect(
        [undefined, first, second].map((family) => text(db.get('key', family && { columnFamily: family }))),
      ).toEqual(['default', '1', '2']);
    }));

  test('is known by name, and is there after a restart', () =>
    withDb(async (db, { open }) => {
      const family = await db.createColumnFamily('names');
      expect(db.columnFamily('names')).toBe(family);
      db.put('key', 'value', { columnFamily: family });
      await db.close();
      const again = await open();
      expect(text(again.get('key', { columnFamily: again.columnFamily('names') }))).toBe('value');
    }));

  test('cannot have the name of another', () =>
    withDb(async (db) => {
      await db.createColumnFamily('names');
      expect(await codeOf(() => db.createColumnFamily('names'))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(await codeOf(() => db.createColumnFamilySync('names'))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
    }));

  test('cannot have an unknown option', () =>
    withDb(async (db) => {
      const options = { options: { no_such_option: 1 } };
      expect(await codeOf(() => db.createColumnFamily('names', options))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(await codeOf(() => db.createColumnFamilySync('names', options))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(db.columnFamilies.map((family) => family.name)).toEqual(['default']);
    }));

  test('may be one of many created at once', () =>
    withDb(async (db) => {
      const wanted = Array.from({ length: 20 }, (_, i) => `family-${i}`);
      const families = await Promise.all(wanted.map((name) => db.createColumnFamily(name)));
      for (const family of families) {
        db.put('name', family.name, { columnFamily: family });
      }
      expect(families.map((family) => text(db.get('name', { columnFamily: family })))).toEqual(wanted);
    }));
});

describe('a dropped family', () => {
  const UNKNOWN = 'ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY';

  test('is refused by every call that takes a family', () =>
    withDb(async (db) => {
      const columnFamily = await db.createColumnFamily('gone');
      await db.dropColumnFamily(columnFamily);
      const batch = new WriteBatch().put(columnFamily, 'a', '1');
      const calls: (() => unknown)[] = [
        () => db.columnFamily('gone'),
        () => db.get('a', { columnFamily }),
        () => db.getAsync('a', { columnFamily }),
        () => db.multiGet(['a'], { columnFamily }),
        () => db.multiGetAsync(['a'], { columnFamily }),
        () => db.put('a', '1', { columnFamily }),
        () => db.putAsync('a', '1', { columnFamily }),
        () => db.merge('a', '1', { columnFamily }),
        () => db.mergeAsync('a', '1', { columnFamily }),
        () => db.delete('a', { columnFamily }),
        () => db.deleteAsync('a', { columnFamily }),
        () => db.deleteRange('a', 'b', { columnFamily }),
        () => db.write(batch),
        () => db.writeAsync(batch),
        () => db.scan({ columnFamily }),
        () => db.compactRange({ columnFamily }),
        () => db.deleteFilesInRange({ columnFamily }),
        () => db.property('rocksdb.stats', { columnFamily }),
        () => db.ingestFiles([], { columnFamily }),
        () => db.copyRange({ from: db, directory: `${db.path}-copy`, columnFamily }),
        () => db.copyRange({ from: db, directory: `${db.path}-copy`, fromColumnFamily: columnFamily }),
        () => db.exportColumnFamily(columnFamily, `${db.path}-export`),
        () => db.dropColumnFamily(columnFamily),
      ];
      for (const call of calls) {
        expect(await codeOf(call), call.toString()).toBe(UNKNOWN);
      }
    }));

  test('is refused as soon as dropping it begins', () =>
    withDb(async (db) => {
      const columnFamily = await db.createColumnFamily('gone');
      const dropped = db.dropColumnFamily(columnFamily);
      expect(await codeOf(() => db.put('a', '1', { columnFamily }))).toBe(UNKNOWN);
      await dropped;
    }));

  test('can be created anew, empty, and under another number', () =>
    withDb(async (db) => {
      const before = await db.createColumnFamily('phoenix');
      db.put('a', '1', { columnFamily: before });
      await db.dropColumnFamily(before);
      const after = await db.createColumnFamily('phoenix');
      expect(after.number).not.toBe(before.number);
      expect(keysOf(db, { columnFamily: after })).toEqual([]);
      expect(await codeOf(() => db.get('a', { columnFamily: before }))).toBe(UNKNOWN);
    }));

  test('stays readable by scans that were open', () =>
    withDb(async (db) => {
      const columnFamily = await db.createColumnFamily('gone');
      db.put('a', '1', { columnFamily });
      const scan = db.scan({ columnFamily });
      await db.dropColumnFamily(columnFamily);
      expect(Array.from(scan, ({ key }) => text(key))).toEqual(['a']);
    }));

  test('does not harm the database with writes that were on their way', () =>
    withDb(async (db) => {
      for (let round = 0; round < 5; round++) {
        const columnFamily = await db.createColumnFamily('gone');
        const writes = Array.from({ length: 200 }, (_, i) => db.putAsync(`key-${i}`, 'value', { columnFamily }));
        const batches = Array.from({ length: 20 }, (_, i) =>
          db.writeAsync(new WriteBatch().put(columnFamily, 'a', '1').put(db.columnFamily('default'), `kept-${i}`, '1')),
        );
        await Promise.all([db.dropColumnFamily(columnFamily), ...writes, ...batches]);
      }
      db.put('still', 'writable');
      expect(keysOf(db, { prefix: 'kept-' })).toHaveLength(20);
    }));
});

test('the default family cannot be dropped, and stays usable', () =>
  withDb(async (db) => {
    expect(await codeOf(() => db.dropColumnFamily(db.columnFamily('default')))).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
    db.put('a', '1');
    expect(text(db.get('a', { columnFamily: db.columnFamily('default') }))).toBe('1');
  }));
