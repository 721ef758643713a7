import { describe, expect, it } from 'vitest';
import type { ColumnFamily } from '../../lib/rocksdb/column-family.ts';
import { WriteBatch } from '../../lib/rocksdb/write-batch.ts';
import { HotDatabase, scanned } from '../support/hot-database.ts';
import { rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { withDb } from '../support/with-db.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

function withHot(sizeBytes: number, test: (hot: HotDatabase, family: ColumnFamily) => unknown): Promise<void> {
  return withDb(async (db) => {
    const family = await db.createColumnFamily('state');
    await test(new HotDatabase(db, sizeBytes), family);
  });
}

describe('hot rows', () => {
  it('are read once from the database, present or absent', () =>
    withHot(MIB, (hot, family) => {
      hot.db.write(new WriteBatch().put(family, 'there', 'value'));
      for (let time = 0; time < 3; time++) {
        expect([hot.get(family, 'there'), hot.get(family, 'absent')]).toEqual(['value', undefined]);
      }
      expect(hot.rows.counts).toMatchObject({ hits: 4, misses: 2, unwrittenRows: 0, writtenRows: 0 });
    }));

  it('take any number of changes of a row, and write it once', () =>
    withHot(MIB, (hot, family) => {
      for (let time = 0; time < 100; time++) {
        hot.put(family, 'counted', String(time));
        hot.merge(family, 'list', String(time % 10));
      }
      expect(hot.rows.counts).toMatchObject({ absorbedWrites: 198, unwrittenRows: 2, writtenRows: 0 });
      hot.rows.guard.settle();
      expect(hot.rows.counts).toMatchObject({ unwrittenRows: 0, writtenRows: 2 });
      const list = Array.from({ length: 100 }, (_, time) => time % 10).join();
      expect(scanned(hot.db, family)).toEqual({ counted: '99', list });
    }));

  it('join what is added to a row that they know, up to 4 KiB, and never write more than that again', () =>
    withHot(MIB, (hot, family) => {
      const element = 'e'.repeat(99);
      const all: string[] = [];
      for (let time = 0; time < 500; time++) {
        hot.merge(family, 'list', element);
        all.push(element);
        if (time % 50 === 0) {
          expect(hot.get(family, 'list')).toBe(all.join());
        }
      }
      expect(hot.get(family, 'list')).toBe(all.join());
      expect(hot.rows.counts.writtenRows).toBeLessThan(40);
    }));

  it('keep to their budget, and leave nothing out', () =>
    withHot(32 * KIB, (hot, family) => {
      const expected: Record<string, string> = {};
      for (let row = 0; row < 3000; row++) {
        const key = `key ${row * 7919}`;
        expected[key] = 'v'.repeat(row % 200);
        hot.put(family, key, expected[key] as string);
        expect(hot.rows.counts.usedBytes).toBeLessThanOrEqual(32 * KIB);
      }
      expect(hot.rows.counts.writtenRows).toBeGreaterThan(2000);
      expect(scanned(hot.db, family)).toEqual(expected);
    }));

  it('stay while others that are used once come and go', () =>
    withHot(64 * KIB, (hot, family) => {
      const hotKeys = Array.from({ length: 100 }, (_, index) => `hot ${index}`);
      const readHot = () => {
        for (const key of hotKeys) {
          hot.get(family, key);
        }
      };
      readHot();
      readHot();
      for (let cold = 0; cold < 20_000; cold++) {
        hot.get(family, `cold ${cold}`);
        if (cold % 500 === 0) {
          readHot();
        }
      }
      const before = hot.rows.counts;
      readHot();
      expect(hot.rows.counts.hits - before.hits).toBeGreaterThan(90);
    }));

  it('are not those whose values are long: these are written at once', () =>
    withHot(64 * KIB, (hot, family) => {
      hot.put(family, 'long', 'short');
      hot.put(family, 'long', 'x'.repeat(100 * KIB));
      hot.merge(family, 'long', 'y'.repeat(100 * KIB));
      expect(hot.rows.counts.unwrittenRows).toBe(0);
      expect(hot.get(family, 'long')).toBe(`${'x'.repeat(100 * KIB)},${'y'.repeat(100 * KIB)}`);
      hot.remove(family, 'long');
      expect(scanned(hot.db, family)).toEqual({});
    }));

  it('are written while more than 32,768 of a family are unwritten', () =>
    withHot(16 * MIB, (hot, family) => {
      for (let row = 0; row < 100_000; row++) {
        hot.put(family, `${row}`, '');
      }
      expect(hot.rows.counts.unwrittenRows).toBeLessThanOrEqual(32 * KIB);
      expect(Object.keys(scanned(hot.db, family))).toHaveLength(100_000);
    }));

  it('that are changed while a batch is written off the thread come after it', () =>
    withHot(MIB, async (hot, columnFamily) => {
      hot.put(columnFamily, 'list', 'a');
      const writing = hot.db.writeAsync(
        new WriteBatch().merge(columnFamily, 'list', 'b').merge(columnFamily, 'x', 'b'),
      );
      hot.get(columnFamily, 'list');
      hot.put(columnFamily, 'other', '1');
      expect(hot.get(columnFamily, 'other')).toBe('1');
      await writing;
      hot.merge(columnFamily, 'list', 'c');
      expect([hot.get(columnFamily, 'list'), hot.get(columnFamily, 'x')]).toEqual(['a,b,c', 'b']);
      expect(scanned(hot.db, columnFamily)).toEqual({ list: 'a,b,c', other: '1', x: 'b' });
    }));

  it('that are read while a batch is written off the thread, and added to, lose nothing of it', () =>
    withHot(MIB, async (hot, columnFamily) => {
      hot.db.write(new WriteBatch().put(columnFamily, 'list', 'a'));
      const writing = hot.db.writeAsync(new WriteBatch().merge(columnFamily, 'list', 'b'));
      hot.get(columnFamily, 'list');
      hot.merge(columnFamily, 'list', 'c');
      await writing;
      expect(hot.get(columnFamily, 'list')?.split(',').sort()).toEqual(['a', 'b', 'c']);
      expect(hot.rows.counts.unwrittenRows).toBe(0);
    }));

  it('are gone with their family', () =>
    withHot(MIB, async (hot, family) => {
      hot.put(family, 'key', 'value');
      await hot.db.dropColumnFamily(family);
      expect(hot.rows.counts.unwrittenRows).toBe(0);
      const again = await hot.db.createColumnFamily('state');
      expect(hot.get(again, 'key')).toBeUndefined();
    }));

  it('answer nothing when the database is closed', () =>
    withHot(MIB, async (hot, family) => {
      hot.put(family, 'key', 'value');
      const closing = hot.db.close();
      for (const call of [
        () => hot.get(family, 'key'),
        () => hot.put(family, 'key', 'other'),
        () => hot.merge(family, 'key', 'other'),
        () => hot.remove(family, 'key'),
      ]) {
        expect((await rocksDBErrorOf(call)).code).toBe('ERR_ROCKSDB_CLOSED');
      }
      await closing;
    }));
});

describe('rows that can not be written', () => {
  // RocksDB refuses a batch with a family that does not exist. The next that is created has the next number.
  const withMissing = (sizeBytes: number, test: (hot: HotDatabase, missing: ColumnFamily) => unknown) =>
    withHot(sizeBytes, (hot, family) => test(hot, { name: 'later', number: family.number + 1 }));

  it('stay as they are, whoever asks for them to be written is told, and they are written when that is possible', () =>
    withMissing(MIB, async (hot, missing) => {
      hot.put(missing, 'value', '1');
      hot.merge(missing, 'list', 'a');
      hot.remove(missing, 'removed');
      for (const settle of [
        () => hot.rows.guard.settle(),
        () => hot.db.snapshot(),
        () => hot.rows.guard.settleInTurns(),
      ]) {
        const error = await rocksDBErrorOf(settle);
        expect(error.code).toBe('ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY');
        expect(error.message).toMatch(
          new RegExp(
            `^Rows of 'column family ${missing.number}' that were changed earlier could not be written: .+ ` +
              'They are kept in memory, and written as soon as that is possible.$',
          ),
        );
        expect(error.cause).toBeInstanceOf(Error);
      }
      hot.merge(missing, 'list', 'b');
      expect(hot.get(missing, 'value')).toBe('1');
      const created = await hot.db.createColumnFamily('later');
      expect(created.number).toBe(missing.number);
      expect(scanned(hot.db, created)).toEqual({ list: 'a,b', value: '1' });
    }));

  it('do not fail the reading of others, for which there is no room then', () =>
    withMissing(8 * KIB, async (hot, missing) => {
      const { columnFamilies } = hot.db;
      const state = columnFamilies.find(({ name }) => name === 'state') as ColumnFamily;
      hot.db.write(new WriteBatch().put(state, 'other', 'there'));
      const kept: string[] = [];
      const error = await rocksDBErrorOf(() => {
        for (let row = 0; row < 1000; row++) {
          hot.put(missing, `key ${row}`, 'value');
          kept.push(`key ${row}`);
        }
      });
      expect(error.message).toContain('They are kept in memory');
      expect(kept.length).toBeGreaterThan(10);
      expect(kept.map((key) => hot.get(missing, key))).toEqual(kept.map(() => 'value'));
      expect(hot.get(state, 'other')).toBe('there');
      const created = await hot.db.createColumnFamily('later');
      expect(Object.keys(scanned(hot.db, created)).sort()).toEqual(kept.sort());
    }));
});
