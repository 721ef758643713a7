import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOptionsFile } from '../../lib/rocksdb/options-file.ts';
import { type OpenOptions, RocksDB } from '../../lib/rocksdb.ts';
import { codeOf, rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { text } from '../support/text.ts';
import { withDb, withDirectory } from '../support/with-db.ts';

const names = (db: RocksDB): string[] => db.columnFamilies.map((family) => family.name).sort();

describe('opening', () => {
  test('creates a database with the default family', () =>
    withDb((db) => {
      expect(names(db)).toEqual(['default']);
      expect(db.columnFamily('default')).toEqual({ name: 'default', number: 0 });
    }));

  test('finds what was written before', () =>
    withDb(async (db, { open }) => {
      db.put('whale', 'white');
      await db.close();
      expect(text((await open()).get('whale'))).toBe('white');
    }));

  test('creates the listed families that are missing', () =>
    withDb(
      async (db, { directory }) => {
        expect(names(db)).toEqual(['counts', 'default', 'names']);
        await db.close();
        expect((await RocksDB.listColumnFamilies(join(directory, 'db'))).sort()).toEqual([
          'counts',
          'default',
          'names',
        ]);
      },
      { columnFamilies: { counts: {}, names: {} } },
    ));

  test('opens families that are on disk but not listed, with the default options', () =>
    withDirectory(async ({ directory, open }) => {
      await (await open({ columnFamilies: { counts: {} } })).close();
      const db = await open({ columnFamilies: { names: {} }, defaults: { options: { write_buffer_size: 1234567 } } });
      expect(names(db)).toEqual(['counts', 'default', 'names']);
      const options = await readOptionsFile(join(directory, 'db'));
      expect(options.get('CFOptions "counts"')?.get('write_buffer_size')).toBe('1234567');
      expect(options.get('CFOptions "default"')?.get('write_buffer_size')).toBe('1234567');
      expect(options.get('CFOptions "names"')?.get('write_buffer_size')).toBe('67108864');
    }));

  test('hands every kind of option to RocksDB', () =>
    withDb(
      async (db) => {
        const options = await readOptionsFile(db.path);
        expect(options.get('DBOptions')?.get('max_open_files')).toBe('77');
        expect(options.get('DBOptions')?.get('use_fsync')).toBe('true');
        expect(options.get('CFOptions "a"')?.get('compression')).toBe('kZSTD');
        expect(options.get('TableOptions/BlockBasedTable "a"')?.get('block_size')).toBe('8192');
      },
      {
        options: { max_open_files: 77, use_fsync: true },
        columnFamilies: { a: { options: { compression: 'kZSTD' }, tableOptions: { block_size: 8192 } } },
      },
    ));

  test('does not ignore a merge operator that the options name', () =>
    withDb(
      (db) => {
        db.merge('largest', 'b');
        db.merge('largest', 'c');
        db.merge('largest', 'a');
        expect(text(db.get('largest'))).toBe('c');
      },
      { defaults: { options: { merge_operator: 'max' } } },
    ));

  test('bounds the info logs', () =>
    withDb(async (db) => {
      const options = (await readOptionsFile(db.path)).get('DBOptions');
      expect(options?.get('max_log_file_size')).toBe(String(25 * 1024 * 1024));
      expect(options?.get('keep_log_file_num')).toBe('4');
    }));

  test("leaves the files that RocksDB's own tools read", () =>
    withDb(async (db) => {
      db.put('whale', 'white');
      await db.flush();
      const files = await readdir(db.path);
      for (const pattern of [
        /^CURRENT$/,
        /^IDENTITY$/,
        /^MANIFEST-\d+$/,
        /^OPTIONS-\d+$/,
        /^\d+\.sst$/,
        /^\d+\.log$/,
      ]) {
        expect(files).toContainEqual(expect.stringMatching(pattern));
      }
    }));

  test('creates nothing when create_if_missing is off', () =>
    withDirectory(async ({ open }) => {
      const error = await rocksDBErrorOf(() => open({ options: { create_if_missing: false } }));
      expect(error.code).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(error.message).toContain('create_if_missing');
    }));
});

describe('opening is refused', () => {
  const refused: [string, OpenOptions, string][] = [
    ['an unknown database option', { options: { no_such_option: 1 } }, 'no_such_option'],
    ['an unknown family option', { columnFamilies: { a: { options: { no_such_option: 1 } } } }, 'no_such_option'],
    ['an unknown table option', { defaults: { tableOptions: { no_such_option: 1 } } }, 'no_such_option'],
    ['a bad database option', { options: { max_open_files: 'many' } }, 'max_open_files'],
    ['a bad family option', { defaults: { options: { write_buffer_size: 'large' } } }, 'write_buffer_size'],
    ['a bad table option', { defaults: { tableOptions: { block_size: 'small' } } }, 'block_size'],
    ['a bad enum value', { defaults: { options: { compression: 'kSqueeze' } } }, 'compression'],
  ];
  test.each(refused)('for %s, which the message names', (_what, options, name) =>
    withDirectory(async ({ open }) => {
      const error = await rocksDBErrorOf(() => open(options));
      expect(error.code).toBe('ERR_ROCKSDB_INVALID_ARGUMENT');
      expect(error.message).toContain(name);
    }),
  );

  test('for an option value that is no string, number or boolean', () =>
    withDirectory(async ({ open }) => {
      const options = { options: { max_open_files: [1] as unknown as number } };
      await expect(open(options)).rejects.toMatchObject({
        name: 'TypeError',
        code: 'ERR_INVALID_OPTION',
        message: expect.stringContaining('max_open_files'),
      });
    }));

  test('while the database is open already, which stays usable', () =>
    withDb(async (db, { open }) => {
      const error = await rocksDBErrorOf(() => open());
      expect(error.code).toBe('ERR_ROCKSDB_IO_ERROR');
      expect(error.message).toContain('LOCK');
      db.put('whale', 'white');
      expect(text(db.get('whale'))).toBe('white');
    }));

  test('when the directory above is missing', () =>
    withDirectory(async ({ open }) => {
      const error = await rocksDBErrorOf(() => open({}, 'no/such/directory'));
      expect(error).toMatchObject({ code: 'ERR_ROCKSDB_IO_ERROR', subcode: 'PATH_NOT_FOUND' });
      expect(error.message).toContain('no/such/directory');
    }));

  test.each(['', undefined, 5])('for the path %j', async (path) => {
    await expect(RocksDB.open(path as string)).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_PATH' });
    await expect(RocksDB.listColumnFamilies(path as string)).rejects.toMatchObject({ code: 'ERR_INVALID_PATH' });
  });
});

describe('listing the families on disk', () => {
  test('finds none where there is no database', () =>
    withDirectory(async ({ directory }) => {
      expect(await RocksDB.listColumnFamilies(join(directory, 'none'))).toEqual([]);
    }));

  test('works while the database is open', () =>
    withDb(
      async (db) => {
        expect((await RocksDB.listColumnFamilies(db.path)).sort()).toEqual(['counts', 'default']);
      },
      { columnFamilies: { counts: {} } },
    ));
});

test('asking an open database for a family that it has not got names those it has', () =>
  withDb(
    async (db) => {
      const error = await rocksDBErrorOf(() => db.columnFamily('name'));
      expect(error.code).toBe('ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY');
      expect(error.message).toContain("'counts'");
      expect(await codeOf(() => db.get('a', { columnFamily: { name: 'made up', number: 77 } }))).toBe(error.code);
    },
    { columnFamilies: { counts: {} } },
  ));
