// Memtables that find rows by hash hold what a skip list would, whatever is done.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ColumnFamily, type RocksDB, type ScanOptions, type Snapshot, WriteBatch } from '../../lib/rocksdb.ts';
import { rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { numberedKey } from '../support/text.ts';
import { withDb, withDirectory } from '../support/with-db.ts';

const BY_HASH = 'rockstate.KeyGroupMemTable';
const FIXED_PREFIX = { memtable_factory: `${BY_HASH}:1`, prefix_extractor: 'rocksdb.FixedPrefix.3' };
const FAMILIES = {
  'whole keys, key groups of one byte': { options: { memtable_factory: `${BY_HASH}:1` } },
  'whole keys, key groups of two bytes': { options: { memtable_factory: `${BY_HASH}:2` } },
  'whole keys, no key groups': { options: { memtable_factory: `${BY_HASH}:0` } },
  'prefixes of three bytes': { options: FIXED_PREFIX },
  'prefixes of three bytes, filters': {
    options: { ...FIXED_PREFIX, memtable_prefix_bloom_size_ratio: 0.1 },
    tableOptions: { filter_policy: 'bloomfilter:10:false' },
  },
  'prefixes by a layout': {
    options: { memtable_factory: `${BY_HASH}:1`, prefix_extractor: 'rockstate.RowPrefix:1:S:1' },
    tableOptions: { filter_policy: 'bloomfilter:10:false' },
  },
  'skip list': {},
};

/** A database with the same contents in every family. */
class Twins {
  readonly #db: RocksDB;
  readonly #families: readonly ColumnFamily[];
  #snapshot: Snapshot | undefined;

  constructor(db: RocksDB) {
    this.#db = db;
    this.#families = Object.keys(FAMILIES).map((name) => db.columnFamily(name));
  }

  write(work: (db: RocksDB, columnFamily: ColumnFamily) => void): void {
    for (const family of this.#families) {
      work(this.#db, family);
    }
  }

  /** All must answer what the skip list does, now and as of the snapshot. */
  agree(read: (columnFamily: ColumnFamily, snapshot: Snapshot | undefined) => unknown): void {
    for (const snapshot of [undefined, this.#snapshot]) {
      const [expected, ...answers] = this.#families.map((family) => read(family, snapshot)).reverse();
      expect(answers).toEqual(answers.map(() => expected));
    }
  }

  get(key: Uint8Array): void {
    const options = (snapshot: Snapshot | undefined) => (snapshot === undefined ? {} : { snapshot });
    this.agree((columnFamily, snapshot) => this.#db.get(key, { columnFamily, ...options(snapshot) }));
  }

  scan(range: ScanOptions): void {
    this.agree((columnFamily, snapshot) => {
      const found = this.#db.scan({ ...range, columnFamily, ...(snapshot && { snapshot }) });
      return [...found].map(({ key, value }) => `${hex(key)}=${hex(value)}`);
    });
  }

  takeSnapshot(): void {
    this.#snapshot?.release();
    this.#snapshot = this.#db.snapshot();
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

// Key group, what the layout takes for a string of up to two letters, a namespace, the rest. A few are shorter than that.
const text = fc.constantFrom([1], [2, 97], [2, 98], [3, 97, 97]);
const wholeKey = fc
  .tuple(fc.nat({ max: 3 }), text, fc.nat({ max: 1 }), fc.nat({ max: 30 }))
  .map(([group, letters, namespace, rest]) => Uint8Array.of(group, ...letters, namespace, rest));
const key = fc.oneof({ weight: 9, arbitrary: wholeKey }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }) });
const bounds = fc.tuple(key, key).map(([a, b]) => (Buffer.compare(a, b) <= 0 ? ([a, b] as const) : ([b, a] as const)));
const value = fc.uint8Array({ maxLength: 4 });

type Step = (twins: Twins, db: RocksDB) => void | Promise<void>;

function steps(weight: number, arbitrary: fc.Arbitrary<Step>): fc.WeightedArbitrary<Step> {
  return { weight, arbitrary };
}

const step: fc.Arbitrary<Step> = fc.oneof(
  steps(
    40,
    fc.tuple(key, value).map(
      ([k, v]) =>
        (twins) =>
          twins.write((db, columnFamily) => db.put(k, v, { columnFamily })),
    ),
  ),
  steps(
    10,
    fc.tuple(key, value).map(
      ([k, v]) =>
        (twins) =>
          twins.write((db, columnFamily) => db.merge(k, v, { columnFamily })),
    ),
  ),
  steps(
    10,
    key.map((k) => (twins) => twins.write((db, columnFamily) => db.delete(k, { columnFamily }))),
  ),
  steps(
    4,
    fc.array(fc.tuple(key, value), { maxLength: 30 }).map((rows) => (twins) => {
      twins.write((db, columnFamily) => {
        const batch = new WriteBatch();
        for (const [k, v] of rows) {
          batch.put(columnFamily, k, v);
        }
        db.write(batch);
      });
    }),
  ),
  steps(
    1,
    bounds.map(([lower, upper]) => (twins) => {
      twins.write((db, columnFamily) => db.deleteRange(lower, upper, { columnFamily }));
    }),
  ),
  steps(
    20,
    key.map((k) => (twins) => twins.get(k)),
  ),
  steps(
    4,
    fc.tuple(bounds, fc.boolean()).map(([[lower, upper], backward]) => (twins) => {
      twins.scan({ lower, upper, backward });
    }),
  ),
  steps(
    2,
    fc.boolean().map((backward) => (twins) => twins.scan({ backward })),
  ),
  steps(
    10,
    fc.tuple(wholeKey, fc.integer({ min: 1, max: 5 }), fc.boolean()).map(([k, length, backward]) => (twins) => {
      twins.scan({ prefix: k.subarray(0, length), backward });
    }),
  ),
  steps(
    2,
    fc.constant((twins) => twins.takeSnapshot()),
  ),
  steps(
    1,
    fc.constant((_, db) => db.flush()),
  ),
  steps(
    1,
    fc.constant(async (_, db) => {
      await Promise.all(db.columnFamilies.map((columnFamily) => db.compactRange({ columnFamily })));
    }),
  ),
);

describe('memtables by hash', () => {
  test('hold what a skip list would', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.noBias(fc.array(step, { maxLength: 300, size: 'max' })), (program) =>
        withDb(
          async (db) => {
            const twins = new Twins(db);
            for (const run of program) {
              await run(twins, db);
            }
            twins.scan({});
          },
          { columnFamilies: FAMILIES },
        ),
      ),
      { numRuns: 40 },
    );
  });

  // Readers take no lock, and tables grow under them.
  test('are read by workers while they are written', { timeout: 120_000 }, () =>
    withDb(
      async (db) => {
        const columnFamilies = db.columnFamilies.filter(({ name }) => name !== 'default');
        const written = 20_000;
        const reads: Promise<void>[] = [];
        for (let i = 0; i < written; i++) {
          for (const columnFamily of columnFamilies) {
            db.put(numberedKey(i), String(i), { columnFamily });
          }
          if (i % 500 === 0) {
            const columnFamily = columnFamilies[(i / 500) % columnFamilies.length] as ColumnFamily;
            const keys = Array.from({ length: 50 }, (_, n) => Math.floor((i * n) / 50));
            reads.push(
              db.multiGetAsync(keys.map(numberedKey), { columnFamily }).then((values) => {
                expect(values.map((each) => each && Buffer.from(each).toString())).toEqual(keys.map(String));
              }),
              (async () => {
                let next = 0;
                for await (const { key: found } of db.scan({ columnFamily })) {
                  expect(Buffer.from(found).toString()).toBe(numberedKey(next++));
                }
                expect(next).toBeGreaterThan(i);
              })(),
            );
            await new Promise((resolve) => setImmediate(resolve));
          }
        }
        await Promise.all(reads);
      },
      { columnFamilies: FAMILIES },
    ),
  );

  test.each([
    [{ memtable_factory: `${BY_HASH}:3` }, 'A key group has up to 2 bytes, not 3'],
    [{ memtable_factory: `${BY_HASH}:1`, prefix_extractor: 'rockstate.RowPrefix:1:S' }, 'rockstate.RowPrefix:1:S'],
    [{ memtable_factory: `${BY_HASH}:1`, prefix_extractor: 'rockstate.RowPrefix:1:X:1' }, 'rockstate.RowPrefix:1:X:1'],
    [{ memtable_factory: `${BY_HASH}:1`, comparator: 'rocksdb.ReverseBytewiseComparator' }, 'order of their bytes'],
  ])('refuse %j', (options, message) =>
    withDirectory(async ({ open }) => {
      const error = await rocksDBErrorOf(() => open({ columnFamilies: { state: { options } } }));
      expect(error.code).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(error.message).toContain(message);
    }),
  );
});
