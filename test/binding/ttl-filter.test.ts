import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOptionsFile } from '../../lib/rocksdb/options-file.ts';
import type { TtlRule } from '../../lib/rocksdb/ttl-rule.ts';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { codeOf, rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { keysOf } from '../support/text.ts';
import { randomLayout } from '../support/value-layouts.ts';
import { withDb } from '../support/with-db.ts';

const TTL_MS = 50;
const NOW_MS = 1000;
const LIVES = NOW_MS - TTL_MS + 1;
const EXPIRED = NOW_MS - TTL_MS;
const values: TtlRule = { rows: 'value', offset: 0, ttlMs: TTL_MS, queryTimeAfterEntries: 0 };
const numbers: TtlRule = { ...values, rows: 'list', elementLayout: 'F16.' };
const strings: TtlRule = { ...values, rows: 'list', elementLayout: 'T2.F8.S' };
/** Nothing is compacted but what is asked for. */
const MANUAL = { defaults: { options: { disable_auto_compactions: true } } };

/** A value behind its stamp. */
function stamped(stampMs: number | bigint, value: string | Uint8Array = 'value'): Buffer {
  const stamp = Buffer.alloc(8);
  stamp.writeBigInt64BE(BigInt(stampMs));
  return Buffer.concat([stamp, Buffer.from(value)]);
}

/** A string of ASCII behind its stamp, as an element of a list. */
function element(stampMs: number, value: string): Buffer {
  return stamped(stampMs, Buffer.concat([Buffer.from([value.length + 1]), Buffer.from(value)]));
}

function list(...elements: readonly Uint8Array[]): Buffer {
  return Buffer.concat(elements.flatMap((each, i) => (i === 0 ? [each] : [Buffer.from(','), each])));
}

/** Compacts all rows by the rule, as if it were `NOW_MS`. */
async function compactBy(db: RocksDB, rule: TtlRule | undefined): Promise<void> {
  db.setTtl(db.columnFamily('default'), rule);
  db.setTtlTime(NOW_MS);
  await db.compactRange();
}

async function afterCompaction(value: Uint8Array, rule: TtlRule | undefined): Promise<Uint8Array | undefined> {
  let left: Uint8Array | undefined;
  await withDb(async (db) => {
    db.put('key', value);
    await compactBy(db, rule);
    left = db.get('key');
  });
  return left;
}

describe('a compaction by a rule for values drops', () => {
  test('what expired, and keeps what lives', () =>
    withDb(async (db) => {
      db.put('lives', stamped(LIVES));
      db.put('expired', stamped(EXPIRED));
      db.put('long ago', stamped(0));
      db.put('before 1970', stamped(-5));
      await compactBy(db, values);
      expect(keysOf(db)).toEqual(['lives']);
    }));

  test('nothing whose bytes are too few for a stamp', () =>
    withDb(async (db) => {
      db.put('empty', '');
      db.put('seven', new Uint8Array(7));
      db.put('eight', new Uint8Array(8));
      await compactBy(db, values);
      expect(keysOf(db)).toEqual(['empty', 'seven']);
      await compactBy(db, { ...values, offset: 1 });
      expect(keysOf(db)).toEqual(['empty', 'seven']);
    }));

  test('nothing whose time is beyond what a number can hold', () =>
    withDb(async (db) => {
      db.put('largest', stamped(2n ** 63n - 1n));
      db.put('large', stamped(2n ** 63n - 20n));
      await compactBy(db, values);
      await compactBy(db, { ...values, ttlMs: 2 ** 63 - 2048 });
      expect(keysOf(db)).toEqual(['large', 'largest']);
    }));

  test('nothing that lives for ever', () =>
    withDb(async (db) => {
      db.put('first', stamped(-(2n ** 63n)));
      db.put('now', stamped(0));
      await compactBy(db, { ...values, ttlMs: Number.POSITIVE_INFINITY });
      expect(keysOf(db)).toEqual(['first', 'now']);
    }));

  test('what expired behind the flag of a map’s row', () =>
    withDb(async (db) => {
      db.put('lives', Buffer.concat([Buffer.from([0]), stamped(LIVES)]));
      db.put('expired', Buffer.concat([Buffer.from([0]), stamped(EXPIRED)]));
      await compactBy(db, { ...values, offset: 1 });
      expect(keysOf(db)).toEqual(['lives']);
    }));

  test('no operand of a merge', () =>
    withDb(async (db) => {
      db.put('value', stamped(LIVES));
      db.merge('value', stamped(EXPIRED));
      await compactBy(db, values);
      expect(db.get('value')).toEqual(new Uint8Array(list(stamped(LIVES), stamped(EXPIRED))));
    }));

  test('what a snapshot still sees', () =>
    withDb(async (db) => {
      db.put('key', stamped(EXPIRED));
      using snapshot = db.snapshot();
      await compactBy(db, values);
      expect(keysOf(db, { snapshot })).toEqual([]);
    }));

  test('a value without what it hid coming back', () =>
    withDb(async (db) => {
      db.put('key', stamped(LIVES, 'old'));
      await compactBy(db, undefined);
      db.put('key', stamped(EXPIRED, 'new'));
      await db.flush();
      const newest = (await db.liveFiles()).filter((file) => file.level === 0).map((file) => file.name);
      db.setTtl(db.columnFamily('default'), values);
      await db.compactFiles(newest, { outputLevel: 1, maxOutputFileBytes: 2 ** 20 });
      expect(db.get('key')).toBeUndefined();
      expect((await db.liveFiles()).map((file) => [file.level, file.deletions])).toEqual([
        [1, 1],
        [6, 0],
      ]);
    }, MANUAL));
});

describe('a compaction by a rule for lists drops', () => {
  const numberOf = (stampMs: number): Buffer => stamped(stampMs, new Uint8Array(8).fill(stampMs));

  test.each([
    ['numbers', numbers, numberOf],
    ['strings', strings, (stampMs: number) => element(stampMs, `from ${stampMs}`)],
  ])('elements in front of the first that lives: %s', async (_what, rule, at) => {
    const tail = list(at(LIVES), at(EXPIRED), at(LIVES));
    expect(await afterCompaction(list(at(1), at(EXPIRED), tail), rule)).toEqual(new Uint8Array(tail));
    expect(await afterCompaction(tail, rule)).toEqual(new Uint8Array(tail));
    expect(await afterCompaction(list(at(1), at(EXPIRED)), rule)).toBeUndefined();
    expect(await afterCompaction(at(EXPIRED), rule)).toBeUndefined();
  });

  test.each([
    ['that ends within an element', list(element(EXPIRED, 'one')).subarray(0, -1), strings],
    ['with another delimiter', Buffer.concat([element(EXPIRED, 'one'), Buffer.from(';'), element(1, '')]), strings],
    ['that ends with a delimiter', Buffer.concat([element(EXPIRED, 'one'), Buffer.from(',')]), strings],
    ['that ends within a stamp', list(element(EXPIRED, 'one'), Buffer.from('short')), strings],
    ['whose elements are shorter', list(element(EXPIRED, 'one')), numbers],
    ['without a layout', list(element(EXPIRED, 'one')), { ...strings, elementLayout: undefined }],
  ])('nothing of a list %s', async (_what, value, rule) => {
    expect(await afterCompaction(value, rule)).toEqual(new Uint8Array(value));
  });

  test('operands, each by itself, also where older ones stay in other files', () =>
    withDb(async (db) => {
      const family = db.columnFamily('default');
      db.merge('list', list(element(EXPIRED, 'a'), element(LIVES, 'b')));
      await compactBy(db, undefined);
      db.merge('list', element(EXPIRED, 'c'));
      db.merge('list', list(element(EXPIRED, 'd'), element(LIVES, 'e')));
      db.merge('gone', element(EXPIRED, 'f'));
      await db.flush();
      const newest = (await db.liveFiles()).filter((file) => file.level === 0).map((file) => file.name);
      db.setTtl(family, strings);
      await db.compactFiles(newest, { outputLevel: 1, maxOutputFileBytes: 2 ** 20 });
      const afterFirst = list(element(EXPIRED, 'a'), element(LIVES, 'b'), element(LIVES, 'e'));
      expect(db.get('list')).toEqual(new Uint8Array(afterFirst));
      expect(db.get('gone')).toBeUndefined();
      // The first compaction joins the operands to the value, which only the next one looks at.
      await db.compactRange();
      await db.compactRange();
      expect(db.get('list')).toEqual(new Uint8Array(list(element(LIVES, 'b'), element(LIVES, 'e'))));
    }, MANUAL));
});

describe('a rule', () => {
  test('is not there at first: nothing expires', async () => {
    expect(await afterCompaction(stamped(0), undefined)).toEqual(new Uint8Array(stamped(0)));
  });

  test('is of one family, and may be changed and taken back', () =>
    withDb(async (db) => {
      const other = await db.createColumnFamily('other');
      for (const columnFamily of [db.columnFamily('default'), other]) {
        db.put('key', stamped(EXPIRED), { columnFamily });
      }
      db.setTtl(other, values);
      await compactBy(db, undefined);
      db.setTtl(other, { ...values, ttlMs: TTL_MS + 1 });
      await db.compactRange({ columnFamily: other });
      db.setTtl(other, undefined);
      await db.compactRange({ columnFamily: other });
      expect(keysOf(db, { columnFamily: other })).toEqual(['key']);
      db.setTtl(other, values);
      await db.compactRange({ columnFamily: other });
      expect(keysOf(db, { columnFamily: other })).toEqual([]);
      expect(keysOf(db)).toEqual(['key']);
    }));

  test('is kept to by families that were imported, and those found on disk', () =>
    withDb(async (db, { directory, open }) => {
      db.put('key', stamped(EXPIRED));
      const exported = await db.exportColumnFamily(db.columnFamily('default'), `${directory}/exported`);
      const imported = await db.importColumnFamily('imported', [exported]);
      db.setTtl(imported, values);
      db.setTtlTime(NOW_MS);
      await db.compactRange({ columnFamily: imported });
      expect(keysOf(db, { columnFamily: imported })).toEqual([]);
      await db.close();
      const again = await open();
      const found = again.columnFamily('imported');
      again.put('key', stamped(EXPIRED), { columnFamily: found });
      again.setTtl(found, values);
      again.setTtlTime(NOW_MS);
      await again.compactRange({ columnFamily: found });
      expect(keysOf(again, { columnFamily: found })).toEqual([]);
    }));

  test.each([
    ['', 'more is wanted before character 0'],
    ['X', 'a layout is wanted before character 1'],
    ['F8', "a number and '.' is wanted before character 2"],
    ['F99999999999.', 'a number up to 2147483647'],
    ['T2.F8.', 'more is wanted before character 6'],
    ['F8.F8.', 'the end is wanted before character 3'],
    ['T2.F8.*', 'a layout that says where it ends'],
    ['?'.repeat(100), 'at most 64 levels'],
  ])('is refused with the layout %j', (elementLayout, message) =>
    withDb(async (db) => {
      const error = await rocksDBErrorOf(() => db.setTtl(db.columnFamily('default'), { ...strings, elementLayout }));
      expect(error.code).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(error.message).toContain(message);
    }),
  );

  test('is not taken by a closed database, nor of a family that was dropped', () =>
    withDb(async (db) => {
      const other = await db.createColumnFamily('other');
      await db.dropColumnFamily(other);
      expect(await codeOf(() => db.setTtl(other, values))).toBe('ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY');
      const family = db.columnFamily('default');
      await db.close();
      expect(await codeOf(() => db.setTtl(family, values))).toBe('ERR_ROCKSDB_CLOSED');
      expect(await codeOf(() => db.setTtlTime(1))).toBe('ERR_ROCKSDB_CLOSED');
      expect(await codeOf(() => db.setColumnFamilyOptions(family, {}))).toBe('ERR_ROCKSDB_CLOSED');
    }));
});

describe('the time', () => {
  test('is the system’s unless it is set', () =>
    withDb(async (db) => {
      db.put('now', stamped(Date.now()));
      db.put('an hour ago', stamped(Date.now() - 3_600_000));
      await compactBy(db, { ...values, ttlMs: 60_000 });
      expect(keysOf(db)).toEqual(['an hour ago', 'now']);
      db.setTtlTime(undefined);
      await db.compactRange();
      expect(keysOf(db)).toEqual(['now']);
    }));
});

describe('a family', () => {
  async function optionsOf(options: Record<string, string | number> = {}): Promise<ReadonlyMap<string, string>> {
    let found: ReadonlyMap<string, string> | undefined;
    const open = { defaults: { options } };
    await withDb(async (db) => {
      found = (await readOptionsFile(db.path)).get('CFOptions "default"');
    }, open);
    return found ?? new Map();
  }

  test('is not compacted periodically for its filter, unless it is asked for', async () => {
    expect((await optionsOf()).get('periodic_compaction_seconds')).toBe('0');
    expect((await optionsOf({ periodic_compaction_seconds: 77 })).get('periodic_compaction_seconds')).toBe('77');
    // RocksDB's own default, with or without a filter.
    const universal = await optionsOf({ compaction_style: 'kCompactionStyleUniversal' });
    expect(universal.get('periodic_compaction_seconds')).toBe(String(30 * 24 * 3600));
  });

  test('changes its options while it is open', () =>
    withDb(async (db) => {
      const family = db.columnFamily('default');
      await db.setColumnFamilyOptions(family, { periodic_compaction_seconds: 1234 });
      const section = (await readOptionsFile(db.path)).get('CFOptions "default"');
      expect(section?.get('periodic_compaction_seconds')).toBe('1234');
      expect(await codeOf(() => db.setColumnFamilyOptions(family, { no_such_option: 1 }))).toBe(
        'ERR_ROCKSDB_INVALID_ARGUMENT',
      );
    }));
});

/** The elements that a compaction by the rule leaves, by the rule's words. */
function leftOf(elements: readonly { readonly stampMs: number; readonly bytes: Uint8Array }[]): Uint8Array | undefined {
  const first = elements.findIndex(({ stampMs }) => stampMs + TTL_MS > NOW_MS);
  const left = first < 0 ? [] : elements.slice(first).map(({ stampMs, bytes }) => stamped(stampMs, bytes));
  return left.length === 0 ? undefined : new Uint8Array(list(...left));
}

describe('whatever the layout of elements is,', () => {
  test('lists lose the elements in front of the first that lives', () =>
    withDb(async (db) => {
      await fc.assert(
        fc.asyncProperty(
          randomLayout.chain(({ text, value }) =>
            fc.record({
              text: fc.constant(text),
              elements: fc.array(fc.record({ stampMs: fc.integer({ min: EXPIRED - 1, max: LIVES }), bytes: value }), {
                minLength: 1,
                maxLength: 5,
              }),
            }),
          ),
          async ({ text, elements }) => {
            db.put('list', list(...elements.map(({ stampMs, bytes }) => stamped(stampMs, bytes))));
            await compactBy(db, { ...values, rows: 'list', elementLayout: `T2.F8.${text}` });
            expect(db.get('list')).toEqual(leftOf(elements));
          },
        ),
        { numRuns: 100 },
      );
    }));

  test('random bytes do no harm, and what stays is their end', () =>
    withDb(async (db) => {
      const rows = 100;
      await fc.assert(
        fc.asyncProperty(
          randomLayout,
          fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: rows, maxLength: rows }),
          async ({ text }, damaged) => {
            const bytes = damaged.map((each) => stamped(EXPIRED, each));
            bytes.forEach((each, i) => {
              db.put(`key ${i}`, each);
            });
            await compactBy(db, { ...values, rows: 'list', elementLayout: `T2.F8.${text}` });
            bytes.forEach((each, i) => {
              const left = db.get(`key ${i}`) ?? new Uint8Array();
              expect(Buffer.from(left)).toEqual(Buffer.from(each.subarray(each.length - left.length)));
            });
          },
        ),
        { numRuns: 100 },
      );
    }));
});
