import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowsToRewrite } from '../../lib/rocksdb/rewrite-rows.ts';
import type { OpenOptions, RocksDB } from '../../lib/rocksdb.ts';
import { codeOf, rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { numberedKey } from '../support/text.ts';
import { randomLayout } from '../support/value-layouts.ts';
import { type DbBench, withDb } from '../support/with-db.ts';

const WIDEN = { rows: 'value', change: 'Wil' } as const;
const SMALL_FILES: OpenOptions = {
  defaults: { options: { target_file_size_base: 32 * 1024, compression: 'kNoCompression' } },
};
const MANY = 20_000;

function hexOf(value: Uint8Array | undefined): string | undefined {
  return value && Buffer.from(value).toString('hex');
}

function int32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
}

function requestOf(db: RocksDB, { directory }: DbBench, how: Partial<RowsToRewrite>): RowsToRewrite {
  return { ...WIDEN, columnFamily: db.columnFamily('default'), directory: join(directory, 'rewriting'), ...how };
}

/** Rewrites a single row; answers its hexadecimal digits. */
async function rewritten(digits: string, rows: RowsToRewrite['rows'], change: string): Promise<string | undefined> {
  let found: string | undefined;
  await withDb(async (db, bench) => {
    db.put('key', Buffer.from(digits, 'hex'));
    expect(await db.rewriteRows(requestOf(db, bench, { rows, change }))).toBe(1);
    found = hexOf(db.get('key'));
  });
  return found;
}

function contents(db: RocksDB): [string, string | undefined][] {
  return Array.from(db.scan(), ({ key, value }) => [Buffer.from(key).toString(), hexOf(value)]);
}

function fill(db: RocksDB, count = MANY): void {
  for (let i = 0; i < count; i++) {
    db.put(numberedKey(i), int32(i));
  }
}

describe('a change makes of', () => {
  test.each([
    ['bytes the same', '=B', '00000001aa', '00000001aa'],
    ['all that is left the same', '=*', 'aabb', 'aabb'],
    ['an int8 an int16', 'Wbh', '80', 'ff80'],
    ['an int16 an int32', 'Whi', '8000', 'ffff8000'],
    ['an int32 an int64', 'Wil', 'fffffffe', 'fffffffffffffffe'],
    ['an int8 a float32', 'Wbf', 'ff', 'bf800000'],
    ['an int16 a float64', 'Whd', '0001', '3ff0000000000000'],
    ['an int32 a float64', 'Wid', '7fffffff', '41dfffffffc00000'],
    ['an int32 an exact float32', 'Wif', '80000000', 'cf000000'],
    ['an int64 an exact float64', 'Wld', '8000000000000000', 'c3e0000000000000'],
    ['2⁵³ a float64', 'Wld', '0020000000000000', '4340000000000000'],
    ['an int64 an exact float32', 'Wlf', '0000000001000000', '4b800000'],
    ['a float32 a float64', 'Wfd', '3f800000', '3ff0000000000000'],
    ['an infinite float32 a float64', 'Wfd', 'ff800000', 'fff0000000000000'],
    ['a value a nullable one', 'NWil', '00000001', '000000000000000001'],
    ['null null', '?Wil', '01', '01'],
    ['a nullable value another', '?Wil', '0000000001', '000000000000000001'],
    ['a list another', 'LWbh', '0000000201ff', '000000020001ffff'],
    ['a list of nothing the same', 'L=T0.', '7fffffff', '7fffffff'],
    ['a list of what becomes nothing, at once', 'LP0.0.', '7fffffff', '7fffffff'],
    ['a map another', 'M=F1.Wbh', '00000002070009' + '0801', '00000002070000' + '09' + '0801'],
    ['parts others', 'P2.F4.S3.0:WilC1.011:=S', '00000005036162', '000000000000000501036162'],
    ['parts in another order, left out and doubled', 'P3.F1.F1.F1.4.2:=F1.0:=F1.0:=F1.C0.', '010203', '030101'],
    ['nothing a constant', 'P1.*1.C2.beef', 'ffffffff', 'beef'],
    ['parts within parts', 'P1.T2.F1.F1.1.0:P2.F1.F1.2.1:=F1.0:=F1.', '0102', '0201'],
    ['many parts', `P20.${'F1.'.repeat(20)}1.19:=F1.`, `${'00'.repeat(19)}07`, '07'],
  ])('%s', async (_what, change, stored, written) => {
    expect(await rewritten(stored, 'value', change)).toBe(written);
  });

  test('each element of a list', async () => {
    expect(await rewritten('012c022c2c', 'list', 'Wbh')).toBe('00012c00022c002c');
    expect(await rewritten('', 'list', 'Wbh')).toBe('');
  });

  test('what is behind the flag in a map, unless it is null', async () => {
    expect(await rewritten('0007', 'map', 'Wbh')).toBe('000007');
    expect(await rewritten('01', 'map', 'Wbh')).toBe('01');
    expect(await rewritten('0107', 'map', 'Wbh')).toBe('0107');
  });
});

describe('a row is refused, saying which and why:', () => {
  test.each([
    ['too few bytes', 'value', 'Wil', '000001', "not those that 'Wil' is for"],
    ['too many bytes', 'value', 'Wil', '0000000102', '1 bytes are left behind it'],
    ['a string that is cut off', 'value', 'P1.F4.1.0:=F4.', '00', "not those that 'P1.F4.1.0:=F4.' is for"],
    [
      'a part that is longer than what is made of it',
      'value',
      'P1.F2.1.0:=F1.',
      '0001',
      "not those that '=F1.' is for",
    ],
    ['a negative count', 'value', 'LWbh', 'ffffffff', "not those that 'LWbh' is for"],
    ['a forged count', 'value', 'LWbh', '7fffffff01', "not those that 'Wbh' is for"],
    ['a flag that is missing', 'value', '?Wbh', '', "not those that '?Wbh' is for"],
    ['a flag that is missing in a map', 'map', 'Wbh', '', 'no flag that says whether it is null'],
    ['another delimiter', 'list', 'Wbh', '013b02', 'no delimiter behind an element'],
    ['a delimiter at the end', 'list', 'Wbh', '012c', 'no element behind a delimiter'],
    ['an int32 that a float32 would round', 'value', 'Wif', '01000001', 'the number 16777217 would be rounded'],
    ['an int64 that a float64 would round', 'value', 'Wld', '0020000000000001', '9007199254740993 would be rounded'],
    ['the largest int64', 'value', 'Wld', '7fffffffffffffff', '9223372036854775807 would be rounded'],
  ] as const)('%s', (_what, rows, change, digits, message) =>
    withDb(async (db, bench) => {
      db.put('before', Buffer.from('01'));
      db.put('key', Buffer.from(digits, 'hex'));
      db.delete('before');
      const request = requestOf(db, bench, { rows, change });
      const error = await rocksDBErrorOf(() => db.rewriteRows(request));
      expect(error.message).toContain("the row of 'default' with key 6B6579 can not be rewritten");
      expect(error.message).toContain(message);
      expect(error.code).toBe(message.includes('rounded') ? 'ERR_ROCKSDB_INVALID_ARGUMENT' : 'ERR_ROCKSDB_CORRUPTION');
      expect((await rocksDBErrorOf(() => db.rewriteRowsSync(request))).message).toBe(error.message);
      expect(hexOf(db.get('key'))).toBe(digits);
    }),
  );

  test.each([
    ['', 'more is wanted'],
    ['X', 'a change is wanted'],
    ['Wli', 'a number and a wider one is wanted'],
    ['Wii', 'a number and a wider one is wanted'],
    ['Wx', 'more is wanted'],
    ['C2.ab', '2 bytes as hexadecimal digits'],
    ['C1.zz', '1 bytes as hexadecimal digits'],
    ['P1.F1.1.1:=F1.', 'one of 1 stored parts'],
    ['P1.F1.1.0=F1.', "a number and ':'"],
    ['L=*', 'a layout that says where it ends'],
    ['WilWil', 'the end is wanted'],
    ['?'.repeat(1000), 'at most 64 levels'],
    [`${'P1.F1.1.0:'.repeat(1000)}=F1.`, 'at most 64 levels'],
  ])('the change %j, which is none', (change, message) =>
    withDb(async (db, bench) => {
      const error = await rocksDBErrorOf(() => db.rewriteRows(requestOf(db, bench, { change })));
      expect([error.code, error.message]).toEqual(['ERR_ROCKSDB_INVALID_ARGUMENT', expect.stringContaining(message)]);
    }),
  );
});

describe('the rows of a family are rewritten', () => {
  test.each([
    ['few, in the write buffer', 10, 0],
    ['many, as files that are laid over the old ones', MANY, 1],
  ])('%s', (_what, count, files) =>
    withDb(async (db, bench) => {
      fill(db, count);
      db.delete(numberedKey(3));
      const request = requestOf(db, bench, { maxBatchBytes: 1000 });
      expect(await db.rewriteRows(request)).toBe(count - 1);
      expect(contents(db)).toEqual(
        Array.from({ length: count }, (_, i) => [numberedKey(i), hexOf(int32(i))?.padStart(16, '0')]).toSpliced(3, 1),
      );
      expect((await db.liveFiles()).length >= files).toBe(true);
      expect(existsSync(request.directory)).toBe(false);
      await db.compactRange();
      await db.close();
      const again = await bench.open(SMALL_FILES);
      expect(again.rewriteRowsSync({ ...request, change: '=F8.' })).toBe(count - 1);
      expect(hexOf(again.get(numberedKey(9)))).toBe('0000000000000009');
      expect(again.get(numberedKey(3))).toBeUndefined();
    }, SMALL_FILES),
  );

  test('over what was merged, and can be merged to again', () =>
    withDb(async (db, bench) => {
      fill(db);
      const list = await db.createColumnFamily('list');
      const options = { columnFamily: list };
      db.put('list', Uint8Array.of(1), options);
      await db.flush();
      db.merge('list', Uint8Array.of(2), options);
      const request = requestOf(db, bench, { columnFamily: list, rows: 'list', change: 'Wbh' });
      expect(await db.rewriteRows({ ...request, maxBatchBytes: 0 })).toBe(1);
      db.merge('list', Uint8Array.of(0, 3), options);
      expect(hexOf(db.get('list', options))).toBe('00012c00022c0003');
      expect(hexOf(db.get(numberedKey(1)))).toBe('00000001');
    }));

  test('while a snapshot still sees the old ones', () =>
    withDb(async (db, bench) => {
      fill(db, 100);
      using snapshot = db.snapshot();
      await db.rewriteRows(requestOf(db, bench, { maxBatchBytes: 10 }));
      expect(hexOf(db.get(numberedKey(7), { snapshot }))).toBe('00000007');
      expect(hexOf(db.get(numberedKey(7)))).toBe('0000000000000007');
    }));

  test('of a family without any: none', () =>
    withDb(async (db, bench) => {
      expect(await db.rewriteRows(requestOf(db, bench, { maxBatchBytes: 0 }))).toBe(0);
      expect(db.rewriteRowsSync(requestOf(db, bench, {}))).toBe(0);
    }));

  test('telling how far it is, never going back', () =>
    withDb(async (db, bench) => {
      fill(db);
      const told: number[] = [];
      await db.rewriteRows(requestOf(db, bench, {}), undefined, (rows) => told.push(rows));
      expect(told.at(-1)).toBe(MANY);
      expect(told).toEqual(told.toSorted((a, b) => a - b));
    }));

  test('also when the database is closed meanwhile', () =>
    withDb(async (db, bench) => {
      fill(db);
      const rewriting = db.rewriteRows(requestOf(db, bench, { maxBatchBytes: 1000 }));
      await db.close();
      expect(await rewriting).toBe(MANY);
      const again = await bench.open();
      expect(hexOf(again.get(numberedKey(MANY - 1)))).toBe(hexOf(int32(MANY - 1))?.padStart(16, '0'));
    }));
});

describe('all rows are as they were', () => {
  test.each([
    ['few', 10],
    ['many', MANY],
  ])('when one of %s does not fit', (_what, count) =>
    withDb(async (db, bench) => {
      fill(db, count);
      db.put(numberedKey(count - 2), 'odd');
      const before = contents(db);
      const request = requestOf(db, bench, { maxBatchBytes: 1000 });
      expect(await codeOf(() => db.rewriteRows(request))).toBe('ERR_ROCKSDB_CORRUPTION');
      expect(await codeOf(() => db.rewriteRowsSync(request))).toBe('ERR_ROCKSDB_CORRUPTION');
      expect(contents(db)).toEqual(before);
      expect(existsSync(request.directory)).toBe(false);
    }, SMALL_FILES),
  );

  test('when it is cancelled', () =>
    withDb(async (db, bench) => {
      fill(db);
      const request = requestOf(db, bench, { maxBatchBytes: 1000 });
      const reason = new Error('enough');
      await expect(db.rewriteRows(request, AbortSignal.abort(reason))).rejects.toBe(reason);
      const controller = new AbortController();
      const rewriting = db.rewriteRows(request, controller.signal);
      controller.abort(reason);
      await expect(rewriting).rejects.toBe(reason);
      expect(hexOf(db.get(numberedKey(1)))).toBe('00000001');
      expect(existsSync(request.directory)).toBe(false);
    }));

  test('when there is a directory already, which stays', () =>
    withDb(async (db, bench) => {
      fill(db, 100);
      const request = requestOf(db, bench, { maxBatchBytes: 10 });
      mkdirSync(request.directory);
      expect(await codeOf(() => db.rewriteRows(request))).toBe('ERR_ROCKSDB_IO_ERROR');
      expect(hexOf(db.get(numberedKey(1)))).toBe('00000001');
      expect(existsSync(request.directory)).toBe(true);
    }));

  test('when the database is closed, or the family dropped', () =>
    withDb(async (db, bench) => {
      const columnFamily = await db.createColumnFamily('other');
      await db.dropColumnFamily(columnFamily);
      const request = requestOf(db, bench, { columnFamily });
      expect(await codeOf(() => db.rewriteRows(request))).toBe('ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY');
      await db.close();
      expect(await codeOf(() => db.rewriteRowsSync(requestOf(db, bench, { columnFamily })))).toBe('ERR_ROCKSDB_CLOSED');
    }));
});

describe('whatever the layout is,', () => {
  test('values that stay the same are walked over, in values, lists and parts', () =>
    withDb(async (db, bench) => {
      await fc.assert(
        fc.asyncProperty(
          randomLayout.chain(({ text, value }) => fc.record({ text: fc.constant(text), one: value, other: value })),
          async ({ text, one, other }) => {
            const rewriteWith = async (bytes: Uint8Array, rows: RowsToRewrite['rows'], change: string) => {
              db.put('key', bytes);
              await db.rewriteRows(requestOf(db, bench, { rows, change }));
              return hexOf(db.get('key'));
            };
            const both = Buffer.concat([one, other]);
            expect(await rewriteWith(one, 'value', `=${text}`)).toBe(hexOf(one));
            const swapped = `P2.${text}${text}2.1:=${text}0:=${text}`;
            expect(await rewriteWith(both, 'value', swapped)).toBe(hexOf(Buffer.concat([other, one])));
            const marked = `P1.${text}2.0:=${text}C1.07`;
            expect(await rewriteWith(one, 'value', marked)).toBe(hexOf(Buffer.concat([one, Uint8Array.of(7)])));
            if (one.length > 0 && other.length > 0) {
              const list = Buffer.concat([one, Buffer.from(','), other]);
              expect(await rewriteWith(list, 'list', `N=${text}`)).toBe(
                hexOf(Buffer.concat([Buffer.from([0]), one, Buffer.from([0x2c, 0]), other])),
              );
            }
          },
        ),
        { numRuns: 300 },
      );
    }));

  test(
    'random bytes and random texts do no harm',
    () =>
      withDb(async (db, bench) => {
        const letters = [...'FBSI?LMTRPC=WNbhilfd0123.:,*'];
        const noise = fc.array(fc.constantFrom(...letters), { maxLength: 12 }).map((each) => each.join(''));
        const change = fc.oneof(
          noise,
          randomLayout.map(({ text }) => `=${text}`),
          fc.tuple(randomLayout, noise).map(([{ text }, end]) => `P2.${text}${text}2.1:=${text}${end}`),
          randomLayout.map(({ text }) => `LP1.${text}1.0:?=${text}`),
        );
        const rows = fc.constantFrom('value', 'list', 'map');
        await fc.assert(
          fc.property(rows, change, fc.uint8Array({ maxLength: 40 }), (kind, text, bytes) => {
            db.put('key', bytes);
            try {
              db.rewriteRowsSync(requestOf(db, bench, { rows: kind as RowsToRewrite['rows'], change: text }));
            } catch (error) {
              expect(error).toMatchObject({ code: expect.stringMatching(/CORRUPTION|INVALID_ARGUMENT/) });
              expect(hexOf(db.get('key'))).toBe(hexOf(bytes));
            }
          }),
          { numRuns: 30_000 },
        );
      }),
    60_000,
  );
});
