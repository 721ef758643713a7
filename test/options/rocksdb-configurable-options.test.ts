// The proof that Flink's keys arrive: each is set alone, and read back from an open database.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EffectiveOption } from '../../lib/api/backend.ts';
import {
  BLOCK_TABLE_ROWS,
  BLOOM_FILTER_ROWS,
  COLUMN_FAMILY_ROWS,
  DATABASE_ROWS,
  RocksDBConfigurableOptions,
} from '../../lib/options/rocksdb-configurable-options.ts';
import { type Opened, readLog, UNSHARED, withConfigured } from '../support/open-with-options.ts';

interface Sample {
  readonly text: string;
  /** As RocksDB writes it. */
  readonly written: string;
  /** As RocksDB writes Flink's default. */
  readonly byDefault: string;
  /** What else must be configured for it to count. */
  readonly needs?: Readonly<Record<string, string>>;
}

type Proven = keyof typeof DATABASE_ROWS | keyof typeof COLUMN_FAMILY_ROWS | keyof typeof BLOCK_TABLE_ROWS;

// Proven otherwise, as RocksDB's options file has neither.
const NOT_IN_FILE = ['LOG_DIR', 'BLOCK_CACHE_SIZE'] as const;

const SAMPLES: Readonly<Record<Exclude<Proven, (typeof NOT_IN_FILE)[number]>, Sample>> = {
  MAX_BACKGROUND_THREADS: { text: '5', written: '5', byDefault: '2' },
  MAX_OPEN_FILES: { text: '100', written: '100', byDefault: '-1' },
  LOG_LEVEL: { text: 'warn_level', written: 'WARN_LEVEL', byDefault: 'INFO_LEVEL' },
  LOG_MAX_FILE_SIZE: { text: '2mb', written: '2097152', byDefault: '26214400' },
  LOG_FILE_NUM: { text: '7', written: '7', byDefault: '4' },
  COMPACTION_STYLE: { text: 'universal', written: 'kCompactionStyleUniversal', byDefault: 'kCompactionStyleLevel' },
  COMPRESSION_PER_LEVEL: {
    text: 'NO_COMPRESSION;lz4_compression;ZSTD_COMPRESSION',
    written: 'kNoCompression:kLZ4Compression:kZSTD',
    byDefault: 'kLZ4Compression',
  },
  USE_DYNAMIC_LEVEL_SIZE: { text: 'TRUE', written: 'true', byDefault: 'false' },
  TARGET_FILE_SIZE_BASE: { text: '8 mb', written: '8388608', byDefault: '67108864' },
  MAX_SIZE_LEVEL_BASE: { text: '128MB', written: '134217728', byDefault: '268435456' },
  WRITE_BUFFER_SIZE: { text: '32mb', written: '33554432', byDefault: '67108864' },
  MAX_WRITE_BUFFER_NUMBER: { text: '5', written: '5', byDefault: '2' },
  // RocksDB merges at most one less than there may be.
  MIN_WRITE_BUFFER_NUMBER_TO_MERGE: {
    text: '2',
    written: '2',
    byDefault: '1',
    needs: { 'state.backend.rocksdb.writebuffer.count': '3' },
  },
  BLOCK_SIZE: { text: '16kb', written: '16384', byDefault: '4096' },
  METADATA_BLOCK_SIZE: { text: '8 kb', written: '8192', byDefault: '4096' },
};

const BLOOM_SAMPLES: Readonly<Record<keyof typeof BLOOM_FILTER_ROWS, Omit<Sample, 'byDefault'>>> = {
  USE_BLOOM_FILTER: { text: 'true', written: 'bloomfilter:10:false' },
  BLOOM_FILTER_BITS_PER_KEY: {
    text: '12.5',
    written: 'bloomfilter:12.5:false',
  },
  // RocksDB has no other than full filters any more, so it says false.
  BLOOM_FILTER_BLOCK_BASED_MODE: {
    text: 'true',
    written: 'bloomfilter:10:false',
  },
};

const GROUPS = [
  { rows: DATABASE_ROWS, of: ({ effective }: Opened) => effective.database },
  { rows: COLUMN_FAMILY_ROWS, of: ({ columnFamily }: Opened) => columnFamily.options },
  { rows: BLOCK_TABLE_ROWS, of: ({ columnFamily }: Opened) => columnFamily.tableOptions },
] as const;

const PROVEN = GROUPS.flatMap(({ rows, of }) =>
  Object.entries(rows)
    .filter(([name]) => name in SAMPLES)
    .map(([name, { key, rocksdb }]) => ({ name, key, rocksdb, of, ...SAMPLES[name as keyof typeof SAMPLES] })),
);

const BLOOM = Object.entries(BLOOM_FILTER_ROWS).map(([name, { key }]) => ({
  name,
  key,
  rocksdb: 'filter_policy',
  of: ({ columnFamily }: Opened) => columnFamily.tableOptions,
  ...BLOOM_SAMPLES[name as keyof typeof BLOOM_SAMPLES],
}));

it('every row is proven', () => {
  const all = GROUPS.flatMap(({ rows }) => Object.keys(rows));
  expect([...PROVEN.map(({ name }) => name), ...NOT_IN_FILE].sort()).toEqual(all.sort());
});

describe.each([
  ['memory of its own', UNSHARED],
  ['shared memory', { 'state.backend.rocksdb.memory.fixed-per-slot': '64mb' }],
])('on a database with %s', (_what, memory) => {
  it.each([...PROVEN, ...BLOOM])('$key arrives', ({ key, rocksdb, of, text, written, needs }) =>
    withConfigured({ ...memory, ...needs, [key]: text }, (opened) => {
      const expected: EffectiveOption = { value: written, source: 'configuration' };
      expect(of(opened)[rocksdb]).toEqual(expected);
    }),
  );

  it('state.backend.rocksdb.use-bloom-filter: false leaves it out', () =>
    withConfigured({ ...memory, 'state.backend.rocksdb.use-bloom-filter': false }, ({ columnFamily }) => {
      expect(columnFamily.tableOptions.filter_policy).toEqual({ value: 'nullptr', source: 'RocksDB' });
    }));

  it('defaults arrive', () =>
    withConfigured(memory, (opened) => {
      for (const { rocksdb, of, byDefault, written } of PROVEN) {
        expect(byDefault).not.toBe(written);
        expect(of(opened)[rocksdb], rocksdb).toEqual({ value: byDefault, source: 'default' });
      }
      const filter = { value: 'bloomfilter:10:false', source: 'default' };
      expect(opened.columnFamily.tableOptions.filter_policy).toEqual(filter);
    }));
});

describe('on a database, what its options file does not have:', () => {
  it(`${BLOCK_TABLE_ROWS.BLOCK_CACHE_SIZE.key} is the capacity of every cache`, () =>
    withConfigured({ ...UNSHARED, [BLOCK_TABLE_ROWS.BLOCK_CACHE_SIZE.key]: '13mb' }, async (opened) => {
      const capacities = [...(await readLog(opened.directory)).matchAll(/^\s+capacity : (\d+)$/gm)];
      // Of the default column family and of the state's.
      expect(capacities.map(([, bytes]) => Number(bytes))).toEqual([13 * 1024 * 1024, 13 * 1024 * 1024]);
      expect(opened.columnFamily.tableOptions.block_cache?.source).toBe('configuration');
    }));

  it(`${DATABASE_ROWS.LOG_DIR.key} is where the log is, and stays`, async () => {
    const logs = await mkdtemp(join(tmpdir(), 'rockstate-test-'));
    try {
      await withConfigured({ ...UNSHARED, [DATABASE_ROWS.LOG_DIR.key]: logs }, async ({ directory, effective }) => {
        expect((await readdir(directory)).filter((name) => name.includes('LOG'))).toEqual([]);
        expect(await readLog(logs)).toContain('Options for column family [state]');
        expect(effective.database.db_log_dir).toEqual({ value: logs, source: 'configuration' });
      });
      expect(await readdir(logs)).toEqual([expect.stringMatching(/_LOG$/)]);
    } finally {
      await rm(logs, { recursive: true, force: true });
    }
  });

  it('without it the log is beside the database, and goes with it', () =>
    withConfigured(UNSHARED, async ({ directory }) => {
      expect(await readdir(directory)).toContain('LOG');
    }));
});

it('the options have the keys of the rows', () => {
  expect(RocksDBConfigurableOptions.MAX_BACKGROUND_THREADS.key).toBe('state.backend.rocksdb.thread.num');
  expect(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL.defaultValue).toEqual(['LZ4_COMPRESSION']);
  expect(RocksDBConfigurableOptions.LOG_DIR.defaultValue).toBeUndefined();
});
