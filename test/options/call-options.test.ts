import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { ReadOptions, WriteOptions } from '../../lib/options/call-options.ts';
import { READ_OPTION_TYPES, WRITE_OPTION_TYPES } from '../../lib/options/native-option-types.ts';
import { setterOf } from '../support/native-setters.ts';
import { factoryOf, type Opened, STATE, withOpened } from '../support/open-with-options.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { entriesOf, numberedKey } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

interface Change {
  readonly read?: ((options: ReadOptions) => ReadOptions) | undefined;
  readonly write?: ((options: WriteOptions) => WriteOptions) | undefined;
}

type AnyChange = (options: ReadOptions & WriteOptions) => unknown;

function withCalls({ read, write }: Change, test: (opened: Opened) => Promise<void> | void): Promise<void> {
  const factory = {
    ...factoryOf({}),
    ...(read && { createReadOptions: read }),
    ...(write && { createWriteOptions: write }),
  };
  return withOpened(new EmbeddedRocksDBStateBackend().setRocksDBOptions(factory), test);
}

const SPECIAL: Readonly<Record<string, boolean | number>> = {
  disable_wal: false,
  fill_cache: false,
  verify_checksums: false,
  // What RocksDB takes beside 0.
  protection_bytes_per_key: 8,
};

describe.each([
  ['read', READ_OPTION_TYPES, 'ReadSetters', (change: AnyChange): Change => ({ read: change as Change['read'] })],
  ['write', WRITE_OPTION_TYPES, 'WriteSetters', (change: AnyChange): Change => ({ write: change as Change['write'] })],
] as const)('an option of every %s', (kind, types, table, changing) => {
  it.each(Object.entries(types))('is taken: %s', async (name, type) => {
    const value = SPECIAL[name] ?? (type === 'boolean' ? true : 4096);
    const needs = name === 'sync' ? { disable_wal: false } : {};
    const change = changing((options) => {
      const settable = options as unknown as Record<string, (value: unknown) => unknown>;
      for (const [each, needed] of Object.entries(needs)) {
        settable[setterOf(each)]?.(needed);
      }
      return settable[setterOf(name)]?.(value);
    });
    await withCalls(change, ({ keyed, effective }) => {
      const options = kind === 'read' ? effective.readOptions : effective.writeOptions;
      expect(options[name]).toEqual({ value: String(value), source: 'factory' });
      const state = keyed.getState(new ValueStateDescriptor(STATE, Types.LONG));
      keyed.setCurrentKey('a');
      state.update(7);
      expect(state.value()).toBe(7);
    });
  });

  it.each([
    ['no_such_option', 'true'],
    ['', '1'],
    [Object.entries(types).find(([, type]) => type === 'boolean')?.[0] ?? '', 'yes'],
    [Object.entries(types).find(([, type]) => type === 'integer')?.[0] ?? '', 'many'],
    [Object.entries(types).find(([, type]) => type === 'integer')?.[0] ?? '', '1.5'],
    [Object.entries(types).find(([, type]) => type === 'integer')?.[0] ?? '', '-1'],
  ])('is refused by name: %s of %s', async (name, value) => {
    const change = changing((options) => options.set(name, value));
    await expect(withCalls(change, () => {})).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_ROCKSDB_INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    );
  });

  it('has the same name in native', async () => {
    const source = await readFile(new URL('../../native/core/call_options.cc', import.meta.url), 'utf8');
    const [, body = ''] = new RegExp(`& ${table}\\(\\) \\{(.*?)\\n\\}`, 's').exec(source) ?? [];
    expect([...body.matchAll(/\{"(\w+)",/g)].map(([, name]) => name)).toEqual(Object.keys(types));
  });
});

describe('options of reads and writes are in effect:', () => {
  const read = (options: ReadOptions) => ({ readOptions: options.toOptionMap() });
  const write = (options: WriteOptions) => ({ writeOptions: options.toOptionMap() });

  it('ignore_range_deletions shows what was deleted as a range', () =>
    withDb(
      async (db) => {
        db.put('a', '1');
        await db.flush();
        db.deleteRange('a', 'b');
        expect(entriesOf(db)).toEqual(['a=1']);
      },
      read(new ReadOptions().setIgnoreRangeDeletions(true)),
    ));

  it('max_skippable_internal_keys ends a scan over many deleted keys', () =>
    withDb(
      async (db) => {
        for (let i = 0; i < 10; i++) {
          db.put(numberedKey(i), '1');
          db.delete(numberedKey(i));
        }
        expect(await codeOf(() => entriesOf(db))).toBe('ERR_ROCKSDB_INCOMPLETE');
      },
      read(new ReadOptions().setMaxSkippableInternalKeys(3)),
    ));

  it('value_size_soft_limit makes a multi-get read large values one after the other, all the same', () =>
    withDb(
      async (db) => {
        db.put('a', 'x'.repeat(100));
        db.put('b', 'x'.repeat(100));
        expect(db.multiGet(['a', 'b']).map((value) => value?.length)).toEqual([100, 100]);
      },
      read(new ReadOptions().setValueSizeSoftLimit(50)),
    ));

  it.each([true, false])('fill_cache: %s', (fill) =>
    withDb(
      async (db) => {
        const usage = async () => Number(await db.property('rocksdb.block-cache-usage'));
        db.put('a', 'x'.repeat(100_000));
        await db.flush();
        const before = await usage();
        expect(db.get('a')).toHaveLength(100_000);
        expect(entriesOf(db)).toHaveLength(1);
        expect((await usage()) > before + 90_000).toBe(fill);
      },
      read(new ReadOptions().setFillCache(fill)),
    ),
  );

  it('disable_wal: without it there is a log, with it there is none (T171)', async () => {
    for (const disable of [true, false]) {
      await withDb(
        async (db, { directory }) => {
          db.put('a', 'x'.repeat(1000));
          const logs = (await readdir(join(directory, 'db'))).filter((name) => name.endsWith('.log'));
          const sizes = await Promise.all(logs.map(async (name) => (await stat(join(directory, 'db', name))).size));
          expect(sizes.some((size) => size > 1000)).toBe(!disable);
        },
        write(new WriteOptions().setDisableWAL(disable)),
      );
    }
  });

  it('sync needs a log', async () => {
    const opening = withDb(() => {}, write(new WriteOptions().setSync(true).setDisableWal(true)));
    await expect(opening).rejects.toThrow("can't be synced");
  });

  it('protection_bytes_per_key of a number that RocksDB does not know fails when it is used', () =>
    withDb(
      async (db) => {
        expect(await codeOf(() => db.put('a', '1'))).toBe('ERR_ROCKSDB_NOT_SUPPORTED');
      },
      write(new WriteOptions().setProtectionBytesPerKey(3)),
    ));
});
