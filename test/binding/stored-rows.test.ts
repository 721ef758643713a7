// Rows of a file, written into key groups behind those of column families.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { type DbBench, withDb } from '../support/with-db.ts';

const MAGIC = '524b483100000001';
const END = 'ffffffff';

// Key group 2: state 1 with "a" → "x", and "b" without a value; key group 5: state 1 with "" and a long value.
const LONG = 'cd'.repeat(700_000);
const ROWS = [
  MAGIC,
  ...['00000002', '00000001', '00000002', '0000000161', '0000000178', '0000000162', '00000000', END],
  ...['00000005', '00000001', '00000001', '00000000', '000aae60', LONG, END],
  END,
].join('');

async function writeWith(db: RocksDB, { directory }: DbBench, rows: string, lastKeyGroup = 9): Promise<string[]> {
  const path = join(directory, 'state');
  const rowsPath = join(directory, 'rows');
  await writeFile(rowsPath, Buffer.from(rows, 'hex'));
  using snapshot = db.snapshot();
  const { offsets, rows: count } = await db.writeKeyGroups({
    ...{ path, rowsPath, header: Buffer.from('header'), snapshot, prefixBytes: 1, compress: false },
    ...{ columnFamilies: [db.columnFamilies[0], undefined], firstKeyGroup: 0, lastKeyGroup },
  });
  const bytes = await readFile(path);
  const begins = Array.from(offsets).filter((begin) => begin > 0);
  return [
    `${count} rows`,
    ...begins.map((begin, index) => bytes.subarray(begin, begins[index + 1] ?? bytes.length).toString('hex')),
  ];
}

describe('rows of a file', () => {
  test('come behind those of the column families, key group by key group', () =>
    withDb(async (db, bench) => {
      db.put(Buffer.from('0263', 'hex'), 'y');
      db.put(Buffer.from('0364', 'hex'), 'z');
      expect(await writeWith(db, bench, ROWS)).toEqual([
        '5 rows',
        [
          '0000',
          '00000002826300000001',
          '79',
          '0001',
          '00000002026100000001',
          '78',
          '00000002826200000000',
          'ffff',
        ].join(''),
        ['0000', '00000002836400000001', '7a', 'ffff'].join(''),
        ['0001', '0000000185000aae60', LONG, 'ffff'].join(''),
      ]);
    }));

  test('may be none', () =>
    withDb(async (db, bench) => {
      expect(await writeWith(db, bench, MAGIC + END)).toEqual(['0 rows']);
    }));

  test.each([
    ['that is of another format', '00'.repeat(12), /begins with other bytes/],
    ['that is empty', '', /ends early/],
    ['that ends early', ROWS.slice(0, 60), /ends early/],
    ['without its end', ROWS.slice(0, -8), /ends early/],
    ['of no state', ROWS.replace('0000000200000001', '0000000200000009'), /are of no state/],
    ['with a negative length', `${MAGIC}${'00000002'}${'00000001'}${'00000001'}fffffff0`, /negative length/],
    ['with a length beyond the file', `${MAGIC}${'00000002'}${'00000001'}${'00000001'}7fffffff`, /ends early/],
  ])('are refused from a file %s', (_what, rows, message) =>
    withDb(async (db, bench) => {
      await expect(writeWith(db, bench, rows)).rejects.toMatchObject({
        code: 'ERR_ROCKSDB_CORRUPTION',
        message: expect.stringMatching(message),
      });
    }),
  );

  test('are refused when their key group is not asked for', () =>
    withDb(async (db, bench) => {
      await expect(writeWith(db, bench, ROWS, 4)).rejects.toThrow(/have key group 5 where it is not asked for/);
    }));

  test('are refused when their file is missing', () =>
    withDb(async (db, bench) => {
      const { directory } = bench;
      using snapshot = db.snapshot();
      const request = { path: join(directory, 'state'), header: new Uint8Array(0), snapshot, prefixBytes: 1 };
      const range = { columnFamilies: [undefined], firstKeyGroup: 0, lastKeyGroup: 9, compress: false };
      await expect(
        db.writeKeyGroups({ ...request, ...range, rowsPath: join(directory, 'none') }),
      ).rejects.toMatchObject({
        code: 'ERR_ROCKSDB_IO_ERROR',
      });
    }));
});
