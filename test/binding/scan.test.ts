import { describe, expect, test } from 'vitest';
import { type Entry, type RocksDB, type Scan, SharedMemory } from '../../lib/rocksdb.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { entriesOf, keysOf, numberedKey, text } from '../support/text.ts';
import { withDb, withDirectory } from '../support/with-db.ts';

function fill(db: RocksDB, keys: readonly string[]): void {
  for (const key of keys) {
    db.put(key, `value of ${key}`);
  }
}

async function collect(scan: Scan): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of scan) {
    entries.push(entry);
  }
  return entries;
}

describe('a scan', () => {
  const KEYS = ['a', 'ab', 'abc', 'b', 'ba', 'c'];

  test('goes over everything, in byte order of the keys', () =>
    withDb((db) => {
      fill(db, ['c', 'a', 'b']);
      expect(entriesOf(db)).toEqual(['a=value of a', 'b=value of b', 'c=value of c']);
    }));

  test('includes its lower bound and excludes its upper one', () =>
    withDb((db) => {
      fill(db, KEYS);
      expect(keysOf(db, { lower: 'ab', upper: 'ba' })).toEqual(['ab', 'abc', 'b']);
      expect(keysOf(db, { lower: 'b' })).toEqual(['b', 'ba', 'c']);
      expect(keysOf(db, { upper: 'b' })).toEqual(['a', 'ab', 'abc']);
    }));

  test('keeps to a prefix', () =>
    withDb((db) => {
      fill(db, KEYS);
      expect(keysOf(db, { prefix: 'a' })).toEqual(['a', 'ab', 'abc']);
      expect(keysOf(db, { prefix: 'ab' })).toEqual(['ab', 'abc']);
      expect(keysOf(db, { prefix: 'abcd' })).toEqual([]);
      expect(keysOf(db, { prefix: '' })).toEqual(KEYS);
    }));

  test('keeps to a prefix that no key can follow, and to one that ends in 0xff', () =>
    withDb((db) => {
      const keys = [[0xfe], [0xfe, 0xff], [0xfe, 0xff, 1], [0xff], [0xff, 0xff], [0xff, 0xff, 3]];
      for (const key of keys) {
        db.put(Uint8Array.from(key), '');
      }
      const found = (prefix: number[]): number[][] =>
        Array.from(db.scan({ prefix: Uint8Array.from(prefix) }), ({ key }) => [...key]);
      expect(found([0xff, 0xff])).toEqual([
        [0xff, 0xff],
        [0xff, 0xff, 3],
      ]);
      expect(found([0xff])).toEqual(keys.slice(3));
      expect(found([0xfe, 0xff])).toEqual(keys.slice(1, 3));
    }));

  test('goes backward over the same range', () =>
    withDb((db) => {
      fill(db, KEYS);
      for (const range of [{}, { lower: 'ab', upper: 'ba' }, { prefix: 'a' }, { lower: 'ab' }, { upper: 'b' }]) {
        expect(keysOf(db, { ...range, backward: true })).toEqual(keysOf(db, range).reverse());
      }
    }));

  test('finds nothing in an empty range', () =>
    withDb((db) => {
      expect(keysOf(db)).toEqual([]);
      fill(db, KEYS);
      for (const range of [{ lower: 'x' }, { upper: '' }, { lower: 'b', upper: 'b' }, { lower: 'c', upper: 'a' }]) {
        expect(keysOf(db, range)).toEqual([]);
        expect(keysOf(db, { ...range, backward: true })).toEqual([]);
      }
    }));

  test('of keys only has empty values', () =>
    withDb((db) => {
      fill(db, KEYS);
      expect(entriesOf(db, { prefix: 'b', keysOnly: true })).toEqual(['b=', 'ba=']);
    }));

  test('reads the family it is given', () =>
    withDb(
      (db) => {
        const columnFamily = db.columnFamily('other');
        fill(db, KEYS);
        db.put('mine', '1', { columnFamily });
        expect(entriesOf(db, { columnFamily })).toEqual(['mine=1']);
      },
      { columnFamilies: { other: {} } },
    ));

  test('sees the database as it was when the scan was made', () =>
    withDb(async (db) => {
      fill(db, KEYS);
      const scan = db.scan();
      const late = db.scan();
      db.put('aa', 'new');
      db.put('c', 'changed');
      db.delete('b');
      await db.flush();
      await db.compactRange();
      expect(Array.from(scan, ({ key, value }) => `${text(key)}=${text(value)}`)).toEqual(
        KEYS.map((key) => `${key}=value of ${key}`),
      );
      expect((await collect(late)).map(({ key }) => text(key))).toEqual(KEYS);
      expect(keysOf(db)).toEqual(['a', 'aa', 'ab', 'abc', 'ba', 'c']);
    }));

  test('does not fill the cache when told so', () =>
    withDb(async (db) => {
      fill(
        db,
        Array.from({ length: 5000 }, (_, i) => numberedKey(i)),
      );
      await db.flush();
      const usage = async (): Promise<number> => Number(await db.property('rocksdb.block-cache-usage'));
      const before = await usage();
      expect(keysOf(db, { fillCache: false })).toHaveLength(5000);
      const without = (await usage()) - before;
      expect(keysOf(db)).toHaveLength(5000);
      expect((await usage()) - before).toBeGreaterThan(without + 50_000);
    }));

  test.each([2, 3, 4])(
    'of a prefix of %i bytes finds the same, also by an extractor of 3 bytes that comes and goes',
    (bytes) =>
      withDb(async (db) => {
        const families = [
          await db.createColumnFamily('plain'),
          await db.createColumnFamily('by prefix', {
            options: { prefix_extractor: 'rocksdb.FixedPrefix.3', memtable_prefix_bloom_size_ratio: 0.1 },
          }),
        ];
        const keys = ['ab', 'abc', 'abc1', 'abc2', 'abd', 'abd1', 'b'];
        const prefix = 'abcd'.slice(0, bytes - 1) + (bytes === 4 ? '1' : 'abc'[bytes - 1]);
        const expected = keys.filter((key) => key.startsWith(prefix));
        const [, family] = families;
        for (const extractor of [
          'rocksdb.FixedPrefix.3',
          'rocksdb.FixedPrefix.4',
          'nullptr',
          'rocksdb.FixedPrefix.3',
        ]) {
          await db.setColumnFamilyOptions(family as (typeof families)[number], { prefix_extractor: extractor });
          for (const columnFamily of families) {
            for (const key of keys) {
              db.put(key, '', { columnFamily });
            }
            expect(keysOf(db, { columnFamily, prefix })).toEqual(expected);
            expect(keysOf(db, { columnFamily, prefix, backward: true })).toEqual([...expected].reverse());
            await db.flush();
            expect(keysOf(db, { columnFamily, prefix })).toEqual(expected);
          }
        }
      }),
  );

  test('passes over nothing when the family has a prefix extractor and prefix filters', () =>
    withDb(
      async (db) => {
        fill(db, KEYS);
        await db.flush();
        expect(keysOf(db, { lower: 'aa' })).toEqual(KEYS.slice(1));
        expect(keysOf(db, { lower: 'A' })).toEqual(KEYS);
        expect(keysOf(db, { upper: 'bz', backward: true })).toEqual(KEYS.slice(0, 5).reverse());
      },
      {
        defaults: {
          options: { prefix_extractor: 'rocksdb.FixedPrefix.1' },
          tableOptions: { filter_policy: 'bloomfilter:10:false', whole_key_filtering: false },
        },
      },
    ));
});

describe('the pages of a scan', () => {
  test('grow, and carry every entry once', () =>
    withDb(async (db) => {
      const keys = Array.from({ length: 30_000 }, (_, i) => numberedKey(i));
      for (const key of keys) {
        db.put(key, `value of ${key}`);
      }
      expect(keysOf(db)).toEqual(keys);
      expect(keysOf(db, { backward: true })).toEqual([...keys].reverse());
      expect((await collect(db.scan())).map(({ key }) => text(key))).toEqual(keys);
    }));

  test('make room for an entry that is larger than a page, in both directions', () =>
    withDb(async (db) => {
      const sizes = [10, 4096, 5000, 300_000, 20, 1_000_000, 4080, 30];
      sizes.forEach((size, i) => {
        db.put(numberedKey(i), new Uint8Array(size).fill(i));
      });
      const check = (entries: Entry[]): void => {
        expect(entries.map(({ value }) => value.length)).toEqual(sizes);
        entries.forEach(({ key, value }, i) => {
          expect(text(key)).toBe(numberedKey(i));
          expect(value.every((byte) => byte === i)).toBe(true);
        });
      };
      check([...db.scan()]);
      check([...db.scan({ backward: true })].reverse());
      check(await collect(db.scan()));
    }));

  test('leave keys and values to the reader', () =>
    withDb((db) => {
      fill(db, ['a', 'b']);
      const entries = [...db.scan()];
      entries[0]?.value.fill(0);
      expect(text(entries[1]?.value)).toBe('value of b');
      expect(text(db.get('a'))).toBe('value of a');
    }));
});

describe('a scan ends', () => {
  const CLOSED = 'ERR_ROCKSDB_CLOSED';

  test('when its loop is left', () =>
    withDb(async (db) => {
      fill(db, ['a', 'b', 'c']);
      const scan = db.scan();
      for (const { key } of scan) {
        expect(text(key)).toBe('a');
        break;
      }
      expect(await codeOf(() => [...scan])).toBe(CLOSED);
    }));

  test('when its loop is left by an error', () =>
    withDb(async (db) => {
      fill(db, ['a', 'b', 'c']);
      const scan = db.scan();
      const loop = async (): Promise<void> => {
        for await (const _entry of scan) {
          throw new Error('enough');
        }
      };
      await expect(loop()).rejects.toThrow('enough');
      expect(await codeOf(() => collect(scan))).toBe(CLOSED);
    }));

  test('when its last entry is read', () =>
    withDb(async (db) => {
      fill(db, ['a', 'b', 'c']);
      const scan = db.scan();
      expect([...scan]).toHaveLength(3);
      expect(await codeOf(() => [...scan])).toBe(CLOSED);
    }));

  test('when it is closed, any number of times', () =>
    withDb(async (db) => {
      const scan = db.scan();
      scan.close();
      scan.close();
      scan[Symbol.dispose]();
      expect(await codeOf(() => [...scan])).toBe(CLOSED);
      expect(await codeOf(() => collect(scan))).toBe(CLOSED);
    }));

  test('when it is closed while a page is being filled', () =>
    withDb(async (db) => {
      fill(
        db,
        Array.from({ length: 1000 }, (_, i) => numberedKey(i)),
      );
      const scan = db.scan();
      const entries = scan[Symbol.asyncIterator]();
      const first = entries.next();
      scan.close();
      expect(text((await first).value?.key)).toBe(numberedKey(0));
      expect(
        await codeOf(async () => {
          for await (const _entry of entries) {
            // The rest of the first page.
          }
        }),
      ).toBe(CLOSED);
    }));

  test('with an error when it is iterated twice at once', () =>
    withDb(async (db) => {
      fill(
        db,
        Array.from({ length: 1000 }, (_, i) => numberedKey(i)),
      );
      const scan = db.scan();
      const first = scan[Symbol.asyncIterator]().next();
      expect(await codeOf(() => scan[Symbol.asyncIterator]().next())).toBe('ERR_ROCKSDB_BUSY');
      await first;
    }));
});

describe('the memtable that an unclosed scan reads', () => {
  const MEBIBYTE = 1024 * 1024;

  // Opens a scan, takes its first entry, and flushes; `held` answers what is left of the memtable.
  const withUnclosedScan = (prefix: string, test: (held: () => number, rest: Iterator<Entry>) => Promise<void>) =>
    withDirectory(async ({ open }) => {
      const memory = new SharedMemory({ cacheBytes: 16 * MEBIBYTE, writeBufferBytes: 8 * MEBIBYTE });
      const db = await open({ memory, defaults: { options: { arena_block_size: 16 * 1024 } } });
      const idle = memory.usage().writeBufferUsageBytes;
      fill(
        db,
        Array.from({ length: 20_000 }, (_, i) => numberedKey(i)),
      );
      const entries = db.scan({ prefix })[Symbol.iterator]();
      expect(entries.next().done).toBe(false);
      await db.flush();
      await test(() => memory.usage().writeBufferUsageBytes - idle, entries);
    });

  test('is held as long as there is more to read', () =>
    withUnclosedScan('', async (held, rest) => {
      expect(held()).toBeGreaterThan(MEBIBYTE / 2);
      rest.return?.();
      await expect.poll(held).toBeLessThan(MEBIBYTE / 8);
    }));

  test('is free when the last page was read, though not all of its entries were taken', () =>
    withUnclosedScan(numberedKey(7).slice(0, -1), async (held, rest) => {
      await expect.poll(held).toBeLessThan(MEBIBYTE / 8);
      expect(rest.next().done).toBe(false);
    }));
});
