import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TtlRule } from '../../lib/rocksdb/ttl-rule.ts';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { type DbBench, withDb } from '../support/with-db.ts';

const TTL_MS = 50;
const NOW_MS = 1000;
const LIVES = NOW_MS - TTL_MS + 1;
const EXPIRED = NOW_MS - TTL_MS;
const values: TtlRule = { rows: 'value', offset: 0, ttlMs: TTL_MS, queryTimeAfterEntries: 0 };
const lists: TtlRule = { ...values, rows: 'list', elementLayout: 'F8.' };
const LAST_KEY_GROUP = 4;
const RANGE = { header: Buffer.from('header'), firstKeyGroup: 0, lastKeyGroup: LAST_KEY_GROUP, prefixBytes: 1 };

function stamped(stampMs: number): Buffer {
  const stamp = Buffer.alloc(8);
  stamp.writeBigInt64BE(BigInt(stampMs));
  return stamp;
}

function listOf(...stampsMs: readonly number[]): Buffer {
  return Buffer.concat(stampsMs.flatMap((each, i) => (i === 0 ? [stamped(each)] : [Buffer.from(','), stamped(each)])));
}

interface Written {
  readonly offsets: readonly number[];
  readonly rows: number;
  /** By family and key, as hexadecimal digits. */
  readonly copied: Readonly<Record<string, string>>;
}

let copies = 0;

/** Writes all key groups, and reads them into an empty database of the same families. */
async function written(db: RocksDB, bench: DbBench, ttl?: readonly (TtlRule | undefined)[]): Promise<Written> {
  using snapshot = db.snapshot();
  const path = join(bench.directory, 'state');
  const request = { ...RANGE, path, columnFamilies: db.columnFamilies, snapshot, compress: false };
  const { offsets, rows } = await db.writeKeyGroups({ ...request, ttl, ttlNowMs: NOW_MS });
  const end = (await readFile(path)).length;
  const present = [...offsets].flatMap((begin, keyGroup) => (begin === 0 ? [] : [{ keyGroup, begin }]));
  const keyGroups = present.map((each, i) => ({ ...each, end: present[i + 1]?.begin ?? end }));
  await using copy = await bench.open({}, `copy ${++copies}`);
  for (const family of db.columnFamilies.slice(1)) {
    await copy.createColumnFamily(family.name);
  }
  const { columnFamilies } = copy;
  expect(await copy.readKeyGroups({ path, keyGroups, columnFamilies, prefixBytes: 1, compressed: false })).toBe(rows);
  const copied = columnFamilies.flatMap((columnFamily) =>
    Array.from(copy.scan({ columnFamily }), ({ key, value }) => [
      `${columnFamily.name} ${Buffer.from(key).toString('hex')}`,
      Buffer.from(value).toString('hex'),
    ]),
  );
  return { offsets: [...offsets], rows, copied: Object.fromEntries(copied) };
}

const key = (digits: string): Buffer => Buffer.from(digits, 'hex');

describe('key groups are written', () => {
  test('without rows that expired, and one of which all did as one without rows', () =>
    withDb(async (db, bench) => {
      const other = await db.createColumnFamily('other');
      db.put(key('0101'), stamped(EXPIRED));
      db.put(key('0102'), stamped(LIVES));
      // The last rows of their state and key group.
      db.put(key('0103'), stamped(EXPIRED));
      db.put(key('0104'), stamped(EXPIRED));
      db.put(key('0201'), stamped(EXPIRED));
      db.put(key('0301'), stamped(EXPIRED));
      db.put(key('0302'), stamped(EXPIRED), { columnFamily: other });
      db.put(key('0401'), stamped(LIVES));
      const { offsets, rows, copied } = await written(db, bench, [values]);
      expect(offsets.map((offset) => offset > 0)).toEqual([false, true, false, true, true]);
      expect(rows).toBe(3);
      expect(copied).toEqual({
        'default 0102': stamped(LIVES).toString('hex'),
        'default 0401': stamped(LIVES).toString('hex'),
        'other 0302': stamped(EXPIRED).toString('hex'),
      });
      const none = await written(db, bench, [{ ...values, ttlMs: 1 }, values]);
      expect([none.offsets, none.rows]).toEqual([[0, 0, 0, 0, 0], 0]);
    }));

  test('with what is left of lists, joined', () =>
    withDb(async (db, bench) => {
      db.put(key('0101'), listOf(EXPIRED, EXPIRED));
      db.merge(key('0101'), listOf(EXPIRED, LIVES));
      db.merge(key('0101'), listOf(EXPIRED));
      db.merge(key('0102'), listOf(EXPIRED));
      db.merge(key('0102'), listOf(EXPIRED));
      const { copied } = await written(db, bench, [lists]);
      expect(copied).toEqual({ 'default 0101': listOf(LIVES, EXPIRED).toString('hex') });
    }));

  test('with all rows where there is no rule, or time does not end', () =>
    withDb(async (db, bench) => {
      db.put(key('0101'), stamped(0));
      expect((await written(db, bench)).rows).toBe(1);
      expect((await written(db, bench, [undefined])).rows).toBe(1);
      expect((await written(db, bench, [{ ...values, ttlMs: Number.POSITIVE_INFINITY }])).rows).toBe(1);
    }));

  test('not with a rule that is none', () =>
    withDb(async (db, bench) => {
      await expect(written(db, bench, [{ ...lists, elementLayout: 'X' }])).rejects.toMatchObject({
        code: 'ERR_ROCKSDB_INVALID_ARGUMENT',
      });
    }));

  test('with a list that is too long to be joined as it is', { timeout: 60_000 }, () =>
    withDb(
      async (db, { directory }) => {
        // All of its elements expired.
        const piece = Buffer.alloc(9 * 7_000_000 - 1, Buffer.from('00000000000000002c', 'hex'));
        for (let i = 0; i < 5; i++) {
          db.merge(key('0102'), piece);
          await db.flush();
        }
        db.put(key('0101'), stamped(EXPIRED));
        db.put(key('0103'), stamped(EXPIRED));
        using snapshot = db.snapshot();
        const path = join(directory, 'state');
        const request = { ...RANGE, path, columnFamilies: db.columnFamilies, snapshot, compress: false };
        const { rows, sizeBytes } = await db.writeKeyGroups({ ...request, ttl: [lists], ttlNowMs: NOW_MS });
        expect([rows, sizeBytes > 5 * piece.length]).toEqual([1, true]);
        // Its key says that it is the last row.
        expect((await readFile(path)).subarray(8, 14).toString('hex')).toBe('000000028102');
      },
      { disableWal: true },
    ),
  );

  test('with the rows that live, whatever they are', { timeout: 60_000 }, () =>
    withDb(async (db, bench) => {
      const row = fc.record({
        keyGroup: fc.integer({ min: 0, max: LAST_KEY_GROUP }),
        id: fc.nat({ max: 5 }),
        stampMs: fc.constantFrom(EXPIRED, EXPIRED, LIVES),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
          db.deleteRange(key('00'), key('ff'));
          const live: Record<string, string> = {};
          for (const { keyGroup, id, stampMs } of rows) {
            const bytes = Buffer.from([keyGroup, id]);
            db.put(bytes, stamped(stampMs));
            delete live[`default ${bytes.toString('hex')}`];
            if (stampMs === LIVES) {
              live[`default ${bytes.toString('hex')}`] = stamped(stampMs).toString('hex');
            }
          }
          const { copied, offsets } = await written(db, bench, [values]);
          expect(copied).toEqual(live);
          const groups = new Set(Object.keys(live).map((each) => Number.parseInt(each.slice(8, 10), 16)));
          expect(offsets.map((offset) => offset > 0)).toEqual(offsets.map((_, group) => groups.has(group)));
        }),
        { numRuns: 30 },
      );
    }),
  );
});
