import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addon } from '../../lib/binding/load.ts';
import type { StoredKeyGroup } from '../../lib/rocksdb/key-group-files.ts';
import type { ColumnFamily, RocksDB } from '../../lib/rocksdb.ts';
import { withDb } from '../support/with-db.ts';

const HEADER = Buffer.from('header');
const LAST_KEY_GROUP = 9;

interface Written {
  readonly path: string;
  readonly bytes: Buffer;
  readonly keyGroups: readonly StoredKeyGroup[];
  readonly rows: number;
}

async function writeAll(db: RocksDB, path: string, compress = false): Promise<Written> {
  using snapshot = db.snapshot();
  const families = { columnFamilies: db.columnFamilies, firstKeyGroup: 0, lastKeyGroup: LAST_KEY_GROUP };
  const { offsets, sizeBytes, rows } = await db.writeKeyGroups({
    ...{ ...families, path, header: HEADER, snapshot, prefixBytes: 1, compress },
  });
  const bytes = await readFile(path);
  expect(sizeBytes).toBe(bytes.length);
  const present = Array.from(offsets).flatMap((begin, keyGroup) => (begin === 0 ? [] : { keyGroup, begin }));
  const keyGroups = present.map((each, i) => ({ ...each, end: present[i + 1]?.begin ?? bytes.length }));
  return { path, bytes, keyGroups, rows };
}

function readAll(db: RocksDB, file: Omit<Written, 'bytes' | 'rows'>, compressed = false): Promise<number> {
  const { path, keyGroups } = file;
  return db.readKeyGroups({ path, keyGroups, columnFamilies: db.columnFamilies, prefixBytes: 1, compressed });
}

function contents(db: RocksDB): Record<string, string[]> {
  const rowsOf = (columnFamily: ColumnFamily) =>
    Array.from(
      db.scan({ columnFamily }),
      ({ key, value }) => `${Buffer.from(key).toString('hex')}=${Buffer.from(value).toString('hex')}`,
    );
  return Object.fromEntries(db.columnFamilies.map((family) => [family.name, rowsOf(family)]));
}

/** A new database with the same families. */
async function emptied(
  db: RocksDB,
  open: (options: object, name: string) => Promise<RocksDB>,
  name = 'copy',
): Promise<RocksDB> {
  const copy = await open({}, name);
  for (const family of db.columnFamilies.slice(1)) {
    await copy.createColumnFamily(family.name);
  }
  return copy;
}

describe('key groups are written', () => {
  test('in the canonical format, state by state, marking the last row of each (T258)', () =>
    withDb(async (db, { directory }) => {
      const other = await db.createColumnFamily('other');
      db.put(Buffer.from('0261', 'hex'), 'x');
      db.put(Buffer.from('0262', 'hex'), '');
      db.put(Buffer.from('0963', 'hex'), 'z');
      db.put(Buffer.from('02', 'hex'), 'yy', { columnFamily: other });
      const { bytes, keyGroups, rows } = await writeAll(db, join(directory, 'state'));
      expect(rows).toBe(4);
      expect(keyGroups.map(({ keyGroup }) => keyGroup)).toEqual([2, 9]);
      expect(bytes.subarray(0, HEADER.length)).toEqual(HEADER);
      const [second, ninth] = keyGroups.map(({ begin, end }) => bytes.subarray(begin, end).toString('hex'));
      expect(second).toBe(
        [
          '0000',
          '00000002026100000001',
          '78',
          '00000002826200000000',
          '0001',
          '0000000182',
          '000000027979',
          'ffff',
        ].join(''),
      );
      expect(ninth).toBe(['0000', '00000002896300000001', '7a', 'ffff'].join(''));
    }));

  test('as of the snapshot, whatever is written since', () =>
    withDb(async (db, { directory }) => {
      db.put(Buffer.from('0261', 'hex'), 'before');
      using snapshot = db.snapshot();
      db.put(Buffer.from('0261', 'hex'), 'after');
      const path = join(directory, 'state');
      const { columnFamilies } = db;
      const request = { path, header: HEADER, columnFamilies, snapshot, prefixBytes: 1, compress: false };
      await db.writeKeyGroups({ ...request, firstKeyGroup: 0, lastKeyGroup: 127 });
      expect((await readFile(path, 'latin1')).includes('before')).toBe(true);
    }));

  test('only of the range that is asked for', () =>
    withDb(async (db, { directory }) => {
      for (let group = 0; group < 5; group++) {
        db.put(Buffer.from([group, 1]), 'v');
      }
      using snapshot = db.snapshot();
      const { columnFamilies } = db;
      const request = { path: join(directory, 'state'), header: HEADER, columnFamilies, snapshot, prefixBytes: 1 };
      const written = await db.writeKeyGroups({ ...request, compress: false, firstKeyGroup: 2, lastKeyGroup: 3 });
      expect(written.rows).toBe(2);
      expect(written.offsets.length).toBe(2);
    }));

  test('with two bytes of key group where there are more than 128', () =>
    withDb(async (db, { directory }) => {
      db.put(Buffer.from('012c61', 'hex'), 'v');
      using snapshot = db.snapshot();
      const { columnFamilies } = db;
      const request = { path: join(directory, 'state'), header: HEADER, columnFamilies, snapshot, prefixBytes: 2 };
      const written = await db.writeKeyGroups({ ...request, compress: false, firstKeyGroup: 0, lastKeyGroup: 999 });
      expect(written.offsets[300]).toBe(HEADER.length);
      expect((await readFile(request.path)).subarray(8, 15).toString('hex')).toBe('00000003812c61');
    }));

  test('with a list that is too long to be joined in memory', { timeout: 60_000 }, () =>
    withDb(
      async (db, { directory, open }) => {
        const piece = new Uint8Array(60 * 2 ** 20).fill(0x61);
        for (let i = 0; i < 5; i++) {
          db.merge(Buffer.from('0261', 'hex'), piece);
          await db.flush();
        }
        db.put(Buffer.from('0262', 'hex'), 'next');
        db.merge(Buffer.from('0361', 'hex'), 'a');
        db.merge(Buffer.from('0361', 'hex'), 'b');
        const written = await writeAll(db, join(directory, 'state'));
        expect(written.rows).toBe(3);
        const copy = await emptied(db, open);
        await readAll(copy, written);
        const list = copy.get(Buffer.from('0261', 'hex'));
        expect(list?.length).toBe(5 * (piece.length + 1) - 1);
        expect(list?.[piece.length]).toBe(','.charCodeAt(0));
        expect(copy.get(Buffer.from('0262', 'hex'))).toEqual(new Uint8Array(Buffer.from('next')));
        expect(copy.get(Buffer.from('0361', 'hex'))).toEqual(new Uint8Array(Buffer.from('a,b')));
      },
      { disableWal: true },
    ),
  );

  test('not when it is cancelled', () =>
    withDb(async (db, { directory }) => {
      db.put(Buffer.from('0261', 'hex'), 'v');
      using snapshot = db.snapshot();
      const { columnFamilies } = db;
      const request = { path: join(directory, 'state'), header: HEADER, columnFamilies, snapshot, prefixBytes: 1 };
      const range = { firstKeyGroup: 0, lastKeyGroup: 9, compress: false };
      const reason = new Error('enough');
      await expect(db.writeKeyGroups({ ...request, ...range }, AbortSignal.abort(reason))).rejects.toBe(reason);
    }));

  test('not where there is no directory', () =>
    withDb(async (db, { directory }) => {
      await expect(writeAll(db, join(directory, 'none', 'state'))).rejects.toMatchObject({
        code: 'ERR_ROCKSDB_IO_ERROR',
      });
    }));
});

const rowArbitrary = fc.record({
  family: fc.integer({ min: 0, max: 2 }),
  keyGroup: fc.integer({ min: 0, max: LAST_KEY_GROUP }),
  key: fc.uint8Array({ maxLength: 6 }),
  valueBytes: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 200_000 })),
  // Compressible or not.
  spread: fc.integer({ min: 1, max: 256 }),
});

function valueFor({ valueBytes, spread }: { readonly valueBytes: number; readonly spread: number }): Uint8Array {
  return Uint8Array.from({ length: valueBytes }, (_, i) => (Math.imul(i ^ 0x5bd1e995, 0x9e3779b1) >>> 24) % spread);
}

describe('what was written is read', () => {
  test.each([false, true])('whatever the rows are (compressed: %s)', async (compressed) => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowArbitrary, { maxLength: 30 }), (rows) =>
        withDb(async (db, { directory, open }) => {
          await db.createColumnFamily('one');
          await db.createColumnFamily('two');
          for (const row of rows) {
            const columnFamily = db.columnFamilies[row.family] as ColumnFamily;
            db.put(Buffer.from([row.keyGroup, ...row.key]), valueFor(row), { columnFamily });
          }
          const written = await writeAll(db, join(directory, 'state'), compressed);
          const copy = await emptied(db, open);
          expect(await readAll(copy, written, compressed)).toBe(written.rows);
          expect(contents(copy)).toEqual(contents(db));
        }),
      ),
      { numRuns: 40 },
    );
  });

  test('without the rows of states that are left out', () =>
    withDb(async (db, { directory, open }) => {
      const other = await db.createColumnFamily('other');
      db.put(Buffer.from('0261', 'hex'), new Uint8Array(3_000_000));
      db.put(Buffer.from('0261', 'hex'), 'kept', { columnFamily: other });
      const { path, keyGroups } = await writeAll(db, join(directory, 'state'));
      const copy = await emptied(db, open);
      const columnFamilies = [undefined, copy.columnFamily('other')];
      expect(await copy.readKeyGroups({ path, keyGroups, columnFamilies, prefixBytes: 1, compressed: false })).toBe(1);
      expect(contents(copy)).toEqual({ default: [], other: ['0261=6b657074'] });
    }));
});

const row = (key: string, value: string): string =>
  `${(key.length / 2).toString(16).padStart(8, '0')}${key}${(value.length / 2).toString(16).padStart(8, '0')}${value}`;

describe('a file is refused, saying what is wrong with it,', () => {
  test.each([
    ['that ends in a row', `0000${row('8261', '78')}`.slice(0, -2), /key group 2 at offset 0: it ends early/],
    ['that ends without an end mark', `0000${row('8261', '78')}`, /ends early/],
    ['that is empty', '', /ends early/],
    ['whose rows are of another key group', `0000${row('8361', '78')}ffff`, /a row of key group 3/],
    [
      'with a state that it does not describe (T261)',
      `0001${row('8261', '78')}ffff`,
      /rows of state 1, and there are 1 states/,
    ],
    ['with a key without a key group', `0000${row('', '78')}ffff`, /a key of 0 bytes/],
    ['with a negative length of a key', '0000ffffffff', /a length of -1/],
    ['with a length of a key that is too large', '0000100000008261', /a length of \d+|ends early/],
    ['with a length of a value beyond the end', '000000000002826170000000ffff', /ends early/],
    ['with a negative length of a value', '000000000002826180000000ffff', /a length of -2147483648/],
    ['with something behind the end mark', `0000${row('8261', '78')}ffff00`, /bytes follow its end/],
  ])('%s', (_what, digits, message) =>
    withDb(async (db, { directory }) => {
      const path = join(directory, 'state');
      const bytes = Buffer.from(digits, 'hex');
      await writeFile(path, bytes);
      const keyGroups = [{ keyGroup: 2, begin: 0, end: bytes.length }];
      const failure = expect(readAll(db, { path, keyGroups })).rejects;
      await failure.toMatchObject({ code: 'ERR_ROCKSDB_CORRUPTION', message: expect.stringMatching(message) });
    }),
  );

  test('with a part beyond its end', () =>
    withDb(async (db, { directory }) => {
      const path = join(directory, 'state');
      await writeFile(path, 'short');
      const keyGroups = [{ keyGroup: 2, begin: 3, end: 9 }];
      await expect(readAll(db, { path, keyGroups })).rejects.toThrow('it is not within the 5 bytes of the file');
    }));

  test.each([
    ['a type that is reserved', '02000000', /reserved type 2/],
    ['a chunk that is too long', '00ffffff', /chunk of 16777215 bytes/],
    ['a chunk that is too short', '00030000', /chunk of 3 bytes/],
    ['another identifier', 'ff060000734e61507058', /identifier that is none/],
    ['an identifier of another length', 'ff0700000000000000', /identifier of 7 bytes/],
    ['a wrong checksum', '01060000000000000000', /checksum does not match/],
    ['a block that is none', '000600000000000002ff', /can not be uncompressed/],
    ['a block that is far too large', '0009000000000000ffffffff0f', /more than the format allows/],
    ['a chunk that is cut off', '010600000000', /ends early/],
  ])('with %s in its compression', (_what, digits, message) =>
    withDb(async (db, { directory }) => {
      const path = join(directory, 'state');
      const bytes = Buffer.from(digits, 'hex');
      await writeFile(path, bytes);
      const keyGroups = [{ keyGroup: 2, begin: 0, end: bytes.length }];
      await expect(readAll(db, { path, keyGroups }, true)).rejects.toThrow(message);
    }),
  );

  test.each([false, true])('or read as something else, whatever byte of it is changed (compressed: %s)', (compressed) =>
    withDb(async (db, { directory, open }) => {
      for (let i = 0; i < 300; i++) {
        db.put(Buffer.from([i % 3, i & 0xff, i >> 8]), `value-${i}`);
      }
      const written = await writeAll(db, join(directory, 'state'), compressed);
      const copy = await emptied(db, open);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: HEADER.length, max: written.bytes.length - 1 }),
          fc.integer({ min: 1, max: 255 }),
          async (position, change) => {
            const bytes = Buffer.from(written.bytes);
            bytes[position] = (bytes[position] as number) ^ change;
            await writeFile(written.path, bytes);
            await readAll(copy, written, compressed).catch((error) => {
              expect(error).toMatchObject({ code: 'ERR_ROCKSDB_CORRUPTION' });
            });
          },
        ),
        { numRuns: 500 },
      );
    }),
  );
});

describe('Snappy blocks', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        expect(addon.snappyUncompress(addon.snappyCompress(bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });

  test('are not uncompressed beyond what is allowed', () => {
    const compressed = addon.snappyCompress(new Uint8Array(1000));
    expect(() => addon.snappyUncompress(compressed, 999)).toThrow('1000 bytes uncompressed, where at most 999');
  });

  test.each(['', 'ffffffffff', '05ff'])('are refused when they are none: %j', (digits) => {
    expect(() => addon.snappyUncompress(Buffer.from(digits, 'hex'), 1000)).toThrow(/a Snappy block/);
  });
});
