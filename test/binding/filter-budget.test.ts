// Filters below level 0 are made while those of all rows fit in a quarter of the memory that databases share.
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type RocksDB, SharedMemory } from '../../lib/rocksdb.ts';
import { withDirectory } from '../support/with-db.ts';

const MEBIBYTE = 1024 * 1024;
const FILTERS = { filter_policy: 'bloomfilter:10:false' };
const DEFAULTS = { options: { disable_auto_compactions: true }, tableOptions: FILTERS };
// Whose filters come to 125 KB.
const ROWS = 100_000;
const FILTER_BYTES = (ROWS * 10) / 8;
const LITTLE = { cacheBytes: 3 * FILTER_BYTES, writeBufferBytes: MEBIBYTE * 8 };
const ENOUGH = { cacheBytes: 6 * FILTER_BYTES, writeBufferBytes: MEBIBYTE * 8 };

function key(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

function fill(db: RocksDB): void {
  for (let number = 0; number < ROWS; number++) {
    db.put(key(number), key(number));
  }
}

async function filterBytes(db: RocksDB): Promise<number> {
  const { filter_size } = await db.mapProperty('rocksdb.aggregated-table-properties');
  return Number(filter_size);
}

/** The filters' bytes behind a flush, and behind a compaction of everything. */
async function flushedAndCompacted(db: RocksDB): Promise<[number, number]> {
  fill(db);
  await db.flush();
  const flushed = await filterBytes(db);
  await db.compactRange();
  return [flushed, await filterBytes(db)];
}

async function expectAllFound(db: RocksDB): Promise<void> {
  const found = await db.multiGetAsync(Array.from({ length: ROWS }, (_, number) => key(number)));
  expect(found.every((value, number) => value !== undefined && Buffer.compare(value, key(number)) === 0)).toBe(true);
  expect(db.get(key(ROWS))).toBeUndefined();
}

describe('filters', () => {
  test('are there as long as there is memory for all of them', () =>
    withDirectory(async ({ open }) => {
      const db = await open({ memory: new SharedMemory(ENOUGH), defaults: DEFAULTS });
      const [flushed, compacted] = await flushedAndCompacted(db);
      expect(flushed).toBeGreaterThan(0.9 * FILTER_BYTES);
      expect(compacted).toBeGreaterThan(0.9 * FILTER_BYTES);
      await expectAllFound(db);
    }));

  test('are only of flushed files when there is not', () =>
    withDirectory(async ({ open }) => {
      const db = await open({ memory: new SharedMemory(LITTLE), defaults: DEFAULTS });
      const [flushed, compacted] = await flushedAndCompacted(db);
      expect(flushed).toBeGreaterThan(0.9 * FILTER_BYTES);
      expect(compacted).toBe(0);
      await expectAllFound(db);
    }));

  test('count those of all databases that share the memory, as long as they are open', () =>
    withDirectory(async ({ open }) => {
      const memory = new SharedMemory(ENOUGH);
      const first = await open({ memory, defaults: DEFAULTS }, 'first');
      fill(first);
      await first.flush();
      await first.close();
      const again = await open({ memory, defaults: DEFAULTS }, 'first');
      const second = await open({ memory, defaults: DEFAULTS }, 'second');
      expect((await flushedAndCompacted(second))[1]).toBe(0);
      await again.close();
      second.put(key(ROWS), key(ROWS));
      await second.flush();
      await second.compactRange();
      expect(await filterBytes(second)).toBeGreaterThan(0.9 * FILTER_BYTES);
    }));

  test('in parts are always there', () =>
    withDirectory(async ({ open }) => {
      const tableOptions = { ...FILTERS, index_type: 'kTwoLevelIndexSearch', partition_filters: true };
      const db = await open({ memory: new SharedMemory(LITTLE), defaults: { ...DEFAULTS, tableOptions } });
      expect((await flushedAndCompacted(db))[1]).toBeGreaterThan(0.9 * FILTER_BYTES);
    }));

  test('are always there without shared memory', () =>
    withDirectory(async ({ open }) => {
      const db = await open({ defaults: DEFAULTS });
      expect((await flushedAndCompacted(db))[1]).toBeGreaterThan(0.9 * FILTER_BYTES);
    }));

  test('are named in the file of options as RocksDB has them', () =>
    withDirectory(async ({ directory, open }) => {
      const db = await open({ memory: new SharedMemory(LITTLE), defaults: DEFAULTS });
      await db.close();
      const names = (await readdir(directory, { recursive: true })).filter((name) => /OPTIONS-\d+$/.test(name));
      const texts = await Promise.all(names.map((name) => readFile(`${directory}/${name}`, 'utf8')));
      expect(texts.length).toBeGreaterThan(0);
      for (const text of texts) {
        expect(text).toMatch(/filter_policy=(\{id=)?bloomfilter:10/);
      }
    }));
});
