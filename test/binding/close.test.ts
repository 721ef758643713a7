import { describe, expect, test } from 'vitest';
import { type RocksDB, RocksDBError, WriteBatch } from '../../lib/rocksdb.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { cleanOutcome, runProgram } from '../support/run-program.ts';
import { entriesOf, numberedKey, text } from '../support/text.ts';
import { withDb, withDirectory } from '../support/with-db.ts';

const CLOSED = 'ERR_ROCKSDB_CLOSED';

function fill(db: RocksDB, count: number): void {
  for (let i = 0; i < count; i++) {
    db.put(numberedKey(i), `value of ${i}`);
  }
}

// Work of every asynchronous kind, none of it awaited yet.
function startWork(db: RocksDB, round: number): Promise<PromiseSettledResult<unknown>[]> {
  const family = db.columnFamily('default');
  const scan = db.scan()[Symbol.asyncIterator]();
  return Promise.allSettled([
    db.flush(),
    db.compactRange(),
    scan.next(),
    db.createColumnFamily(`family-${round}`),
    db.liveFiles(),
    db.property('rocksdb.stats'),
    db.writeAsync(new WriteBatch().put(family, 'batch', String(round))),
    db.createCheckpoint(`${db.path}-checkpoint-${round}`),
    db.exportColumnFamily(family, `${db.path}-export-${round}`),
    ...Array.from({ length: 20 }, (_, i) => db.putAsync(numberedKey(i), String(round))),
    ...Array.from({ length: 20 }, (_, i) => db.getAsync(numberedKey(i))),
    db.multiGetAsync([numberedKey(1), numberedKey(2)]),
  ]);
}

describe('close', () => {
  test('waits for work under way, whatever it is, round after round', () =>
    withDirectory(async ({ open }) => {
      for (let round = 0; round < 25; round++) {
        const db = await open();
        fill(db, 100);
        const work = startWork(db, round);
        await db.close();
        for (const result of await work) {
          if (result.status === 'rejected') {
            expect(result.reason).toMatchObject({ name: 'RocksDBError', code: CLOSED });
          }
        }
      }
      const db = await open();
      expect(text(db.get(numberedKey(1)))).toBe('24');
    }));

  test('lets writes that were begun before it succeed', () =>
    withDirectory(async ({ open }) => {
      const db = await open();
      const writes = Array.from({ length: 100 }, (_, i) => db.putAsync(numberedKey(i), 'value'));
      await Promise.all([db.close(), ...writes]);
      expect(entriesOf(await open())).toHaveLength(100);
    }));

  test('ends open scans, at whatever entry they are', () =>
    withDb(async (db) => {
      fill(db, 5000);
      const scans = [db.scan(), db.scan({ backward: true }), db.scan({ prefix: 'key' })];
      const iterators = scans.map((scan) => scan[Symbol.iterator]());
      iterators[0]?.next();
      iterators[1]?.next();
      await db.close();
      for (const iterator of iterators) {
        expect(
          await codeOf(() => {
            while (!iterator.next().done) {
              // The rest of the page that was read before.
            }
          }),
        ).toBe(CLOSED);
      }
      for (const scan of scans) {
        scan.close();
      }
    }));

  test('ends open snapshots', () =>
    withDb(async (db, { open }) => {
      const snapshots = Array.from({ length: 10 }, () => db.snapshot());
      await db.close();
      const again = await open();
      expect(await again.property('rocksdb.num-snapshots')).toBe('0');
      for (const snapshot of snapshots) {
        snapshot.release();
      }
    }));

  test('may come twice, also at once', () =>
    withDb(async (db) => {
      fill(db, 100);
      await Promise.all([db.close(), db.close(), db[Symbol.asyncDispose]()]);
      await db.close();
      expect(await codeOf(() => db.get('a'))).toBe(CLOSED);
    }));

  test('frees the directory before it resolves', () =>
    withDirectory(async ({ open }) => {
      for (let round = 0; round < 20; round++) {
        const db = await open();
        db.put('round', String(round));
        void db.flush().catch(() => undefined);
        void db.compactRange().catch(() => undefined);
        await db.close();
      }
      expect(entriesOf(await open())).toEqual(['round=19']);
    }));

  test('may be of many databases at once, more than there are workers', () =>
    withDirectory(async ({ open }) => {
      const dbs = await Promise.all(Array.from({ length: 12 }, (_, i) => open({}, `db-${i}`)));
      const work = dbs.map((db, i) => {
        fill(db, 50);
        return startWork(db, i);
      });
      await Promise.all(dbs.map((db) => db.close()));
      for (const result of (await Promise.all(work)).flat()) {
        expect(result.status === 'fulfilled' || result.reason instanceof RocksDBError).toBe(true);
      }
    }));
});

describe('garbage collection', () => {
  const collectGarbage = new URL('programs/collect-garbage.mjs', import.meta.url);

  test.each([
    'close-meanwhile',
    'dropped-databases',
    'dropped-while-working',
    'scan-outlives-database',
    'dropped-snapshots',
  ])('is safe: %s', (scenario) =>
    withDirectory(async ({ directory }) => {
      expect(await runProgram(collectGarbage, [directory, scenario], ['--expose-gc'])).toEqual(cleanOutcome('done\n'));
    }),
  );
});
