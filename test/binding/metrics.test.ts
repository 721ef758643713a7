import { describe, expect, test } from 'vitest';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { codeOf, rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { numberedKey } from '../support/text.ts';
import { withDb, withDirectory } from '../support/with-db.ts';

const KEYS = 'rocksdb.estimate-num-keys';

const MANY_PROPERTIES = [
  'actual-delayed-write-rate',
  'background-errors',
  'base-level',
  'block-cache-capacity',
  'block-cache-pinned-usage',
  'block-cache-usage',
  'compaction-pending',
  'cur-size-active-mem-table',
  'current-super-version-number',
  'estimate-live-data-size',
  'estimate-num-keys',
  'estimate-pending-compaction-bytes',
  'estimate-table-readers-mem',
  'is-file-deletions-enabled',
  'is-write-stopped',
  'live-sst-files-size',
  'mem-table-flush-pending',
  'min-log-number-to-keep',
  'min-obsolete-sst-number-to-keep',
  'num-blob-files',
  'num-deletes-active-mem-table',
  'num-deletes-imm-mem-tables',
  'num-entries-active-mem-table',
  'num-entries-imm-mem-tables',
  'num-immutable-mem-table',
  'num-immutable-mem-table-flushed',
  'num-live-versions',
  'num-running-compactions',
  'num-running-flushes',
  'num-snapshots',
  'obsolete-sst-files-size',
  'total-sst-files-size',
].map((name) => `rocksdb.${name}`);

function fill(db: RocksDB, count: number): void {
  for (let i = 0; i < count; i++) {
    db.put(numberedKey(i), 'a value of some length');
  }
}

describe('properties', () => {
  test('are read of every family in one call', () =>
    withDb(
      async (db) => {
        const [first, second] = [db.columnFamily('first'), db.columnFamily('second')];
        db.put('a', '1', { columnFamily: first });
        db.put('b', '1', { columnFamily: second });
        db.put('c', '1', { columnFamily: second });
        const reading = await db.metrics({ properties: ['rocksdb.cur-size-active-mem-table', KEYS] });
        expect(reading.property(KEYS, db.columnFamily('default'))).toBe(0);
        expect(reading.property(KEYS, first)).toBe(1);
        expect(reading.property(KEYS, second)).toBe(2);
        expect(reading.property('rocksdb.cur-size-active-mem-table', second)).toBeGreaterThan(0);
      },
      { columnFamilies: { first: {}, second: {} } },
    ));

  test('are read of the families asked for', () =>
    withDb(
      async (db) => {
        const first = db.columnFamily('first');
        const reading = await db.metrics({ properties: [KEYS], columnFamilies: [first] });
        expect(reading.property(KEYS, first)).toBe(0);
        expect(reading.property(KEYS, db.columnFamily('default'))).toBeUndefined();
      },
      { columnFamilies: { first: {} } },
    ));

  test('that RocksDB gives as text are numbers as well (T163)', () =>
    withDb(async (db) => {
      db.put('a', '1');
      await db.flush();
      const names = [0, 1, 2, 3, 4, 5, 6].map((level) => `rocksdb.num-files-at-level${level}`);
      const reading = await db.metrics({ properties: names });
      expect(names.map((name) => reading.property(name, db.columnFamily('default')))).toEqual([1, 0, 0, 0, 0, 0, 0]);
    }));

  test('are unsigned: what would be -1 is the largest number (T159)', () =>
    withDb(async (db) => {
      // RocksDB says so while no file waits for its removal.
      const name = 'rocksdb.min-obsolete-sst-number-to-keep';
      expect(await db.property(name)).toBe(String(2n ** 64n - 1n));
      expect((await db.metrics({ properties: [name] })).property(name, db.columnFamily('default'))).toBe(2 ** 64);
    }));

  test('that are unknown, or no number, are undefined, and leave the others alone', () =>
    withDb(async (db) => {
      const family = db.columnFamily('default');
      const reading = await db.metrics({ properties: ['rocksdb.none', 'rocksdb.stats', '', KEYS] });
      expect(reading.property('rocksdb.none', family)).toBeUndefined();
      expect(reading.property('rocksdb.stats', family)).toBeUndefined();
      expect(reading.property('', family)).toBeUndefined();
      expect(reading.property(KEYS, family)).toBe(0);
      expect(reading.property('rocksdb.num-snapshots', family)).toBeUndefined();
    }));

  test('of a family that is not open fail', () =>
    withDb(async (db) => {
      const columnFamilies = [{ name: 'made up', number: 77 }];
      const code = await codeOf(() => db.metrics({ properties: [KEYS], columnFamilies }));
      expect(code).toBe('ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY');
    }));

  test('40 of 100 families take one call, and the JS thread hardly a moment', () =>
    withDb(async (db) => {
      for (let i = 0; i < 100; i++) {
        db.createColumnFamilySync(`family-${i}`);
      }
      const levels = [0, 1, 2, 3, 4, 5, 6].map((level) => `rocksdb.num-files-at-level${level}`);
      const properties = ['rocksdb.cur-size-all-mem-tables', ...levels, ...MANY_PROPERTIES];
      expect(new Set(properties).size).toBe(40);
      const blocked: number[] = [];
      for (let round = 0; round < 10; round++) {
        const start = performance.now();
        const pending = db.metrics({ properties });
        blocked.push(performance.now() - start);
        const reading = await pending;
        expect(reading.property('rocksdb.cur-size-all-mem-tables', db.columnFamily('family-99'))).toBeGreaterThan(0);
      }
      // The best of several, as other work on the machine may interrupt any of them.
      expect(Math.min(...blocked)).toBeLessThan(5);
    }));
});

describe('a map property', () => {
  test('has named values', () =>
    withDb(async (db) => {
      fill(db, 10);
      await db.flush();
      const stats = await db.mapProperty('rocksdb.cfstats');
      expect(Number(stats['compaction.L0.NumFiles'])).toBe(1);
    }));

  test('fails for a name that RocksDB does not know as one, and says the name', () =>
    withDb(async (db) => {
      const error = await rocksDBErrorOf(() => db.mapProperty('rocksdb.estimate-num-keys'));
      expect(error.code).toBe('ERR_ROCKSDB_NOT_FOUND');
      expect(error.message).toContain('rocksdb.estimate-num-keys');
    }));
});

describe('statistics', () => {
  const tickers = ['rocksdb.bytes.written', 'rocksdb.number.keys.read'];
  const histograms = ['rocksdb.bytes.per.write', 'rocksdb.db.write.micros'];

  test('of level tickers count, and time nothing', () =>
    withDb(
      async (db) => {
        fill(db, 100);
        const before = await db.metrics({ tickers, histograms });
        fill(db, 100);
        db.get('a');
        const after = await db.metrics({ tickers, histograms });
        expect(before.ticker('rocksdb.bytes.written')).toBeGreaterThan(0);
        expect(after.ticker('rocksdb.bytes.written')).toBe(2 * (before.ticker('rocksdb.bytes.written') ?? 0));
        expect(after.ticker('rocksdb.number.keys.read')).toBe(1);
        expect(after.histogram('rocksdb.bytes.per.write')?.count).toBe(0);
        expect(after.histogram('rocksdb.db.write.micros')?.count).toBe(0);
      },
      { statistics: 'tickers' },
    ));

  test('of level histograms keep the sizes as well', () =>
    withDb(
      async (db) => {
        fill(db, 100);
        const reading = await db.metrics({ tickers, histograms });
        const sizes = reading.histogram('rocksdb.bytes.per.write');
        expect(sizes?.count).toBe(100);
        expect(sizes?.sum).toBe(reading.ticker('rocksdb.bytes.written'));
        expect(sizes?.mean).toBeCloseTo((sizes?.sum ?? 0) / 100);
        expect(sizes?.max).toBeGreaterThanOrEqual(sizes?.p99 ?? Number.NaN);
        expect(sizes?.p99).toBeGreaterThanOrEqual(sizes?.p95 ?? Number.NaN);
        expect(sizes?.p95).toBeGreaterThanOrEqual(sizes?.median ?? Number.NaN);
        expect(sizes?.median).toBeGreaterThan(0);
        expect(sizes?.min).toBeGreaterThan(0);
        expect(sizes?.standardDeviation).toBeGreaterThanOrEqual(0);
        expect(reading.histogram('rocksdb.db.write.micros')?.count).toBe(0);
      },
      { statistics: 'histograms' },
    ));

  test('of level timers keep durations as well', () =>
    withDb(
      async (db) => {
        fill(db, 100);
        const reading = await db.metrics({ histograms });
        expect(reading.histogram('rocksdb.db.write.micros')?.count).toBe(100);
        expect(reading.histogram('rocksdb.bytes.per.write')?.count).toBe(100);
        expect(reading.histogram('rocksdb.db.get.micros')).toBeUndefined();
        expect(reading.ticker('rocksdb.bytes.written')).toBeUndefined();
      },
      { statistics: 'timers' },
    ));

  test('are refused when the database keeps none', () =>
    withDb(async (db) => {
      const error = await rocksDBErrorOf(() => db.metrics({ tickers }));
      expect(error.code).toBe('ERR_ROCKSDB_NOT_SUPPORTED');
      expect(error.message).toContain('without statistics');
      expect(await codeOf(() => db.metrics({ histograms }))).toBe('ERR_ROCKSDB_NOT_SUPPORTED');
    }));

  test.each([{ tickers: ['rocksdb.none'] }, { histograms: ['rocksdb.none'] }])(
    'fail for an unknown name: %j',
    (request) =>
      withDb(
        async (db) => {
          const error = await rocksDBErrorOf(() => db.metrics(request));
          expect(error.code).toBe('ERR_ROCKSDB_NOT_FOUND');
          expect(error.message).toContain('rocksdb.none');
        },
        { statistics: 'tickers' },
      ),
  );

  test('of an unknown level are refused by name', () =>
    withDirectory(async ({ open }) => {
      await expect(open({ statistics: 'everything' as 'timers' })).rejects.toThrow(/timers; received "everything"/);
    }));
});

test('names that are no strings are refused', () =>
  withDb(async (db) => {
    await expect(db.metrics({ properties: [7 as unknown as string] })).rejects.toThrow(/received 7/);
    await expect(db.metrics({ tickers: 'rocksdb.bytes.read' as unknown as string[] })).rejects.toThrow(
      /array of names/,
    );
  }));

test('reading goes on beside closing', () =>
  withDb(
    async (db) => {
      fill(db, 1000);
      const readings = Array.from({ length: 20 }, () =>
        db.metrics({ properties: [KEYS], tickers: ['rocksdb.bytes.written'] }),
      );
      await db.close();
      const results = await Promise.allSettled(readings);
      expect(results.every((result) => result.status === 'fulfilled')).toBe(true);
    },
    { statistics: 'tickers' },
  ));
