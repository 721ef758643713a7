// Every way to a database's rows has to know of those that are in memory alone: a method that is added must be told here
// what it does with them.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ColumnFamily } from '../../lib/rocksdb/column-family.ts';
import { HotCalls } from '../../lib/rocksdb/hot-calls.ts';
import { PointCalls } from '../../lib/rocksdb/point-calls.ts';
import { RocksDB } from '../../lib/rocksdb/rocksdb.ts';
import { WriteBatch } from '../../lib/rocksdb/write-batch.ts';
import { HotDatabase, scanned } from '../support/hot-database.ts';
import { withDirectory } from '../support/with-db.ts';

interface Access {
  readonly hot: HotDatabase;
  readonly db: RocksDB;
  readonly columnFamily: ColumnFamily;
  readonly directory: string;
  /** Another database, with the rows `key` = `theirs` in the default family. */
  readonly other: RocksDB;
}

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
const texts = (values: readonly (Uint8Array | undefined)[]) => values.map(text);

/** Row `key` is `unwritten`, in memory alone: what the method, or what comes of it, shows of the row. */
const READS: Readonly<Record<string, (access: Access) => unknown>> = {
  get: ({ db, columnFamily }) => text(db.get('key', { columnFamily })),
  getAsync: async ({ db, columnFamily }) => text(await db.getAsync('key', { columnFamily })),
  multiGet: ({ db, columnFamily }) => texts(db.multiGet(['key'], { columnFamily }))[0],
  multiGetAsync: async ({ db, columnFamily }) => texts(await db.multiGetAsync(['key'], { columnFamily }))[0],
  multiGetEachAsync: async ({ db, columnFamily }) => {
    const [value] = await db.multiGetEachAsync([Buffer.from('key')], { columnFamily });
    return text(value as Uint8Array);
  },
  scan: ({ db, columnFamily }) => scanned(db, columnFamily).key,
  snapshot: ({ hot, db, columnFamily }) => {
    const snapshot = db.snapshot();
    hot.put(columnFamily, 'key', 'newer');
    return text(db.get('key', { columnFamily, snapshot }));
  },
  flush: async ({ db, columnFamily }) => {
    await db.flush();
    const [file] = (await db.liveFiles()).filter((each) => each.columnFamily === columnFamily.name);
    return file && 'unwritten';
  },
  createCheckpoint: async ({ db, columnFamily, directory }) => {
    await db.createCheckpoint(join(directory, 'checkpoint'));
    await using copy = await RocksDB.open(join(directory, 'checkpoint'));
    return scanned(copy, copy.columnFamily(columnFamily.name)).key;
  },
  exportColumnFamily: async ({ db, columnFamily, directory }) => {
    const exported = await db.exportColumnFamily(columnFamily, join(directory, 'exported'));
    return scanned(db, await db.importColumnFamily('imported', [exported])).key;
  },
};

/** Row `key` was read, or changed in memory alone: what its value is afterwards, to whoever reads it by way of hot rows. */
const CHANGES: Readonly<Record<string, readonly [change: (access: Access) => unknown, expected: string | undefined]>> =
  {
    put: [({ db, columnFamily }) => db.put('key', 'direct', { columnFamily }), 'direct'],
    putAsync: [({ db, columnFamily }) => db.putAsync('key', 'direct', { columnFamily }), 'direct'],
    merge: [({ db, columnFamily }) => db.merge('key', 'direct', { columnFamily }), 'unwritten,direct'],
    mergeAsync: [({ db, columnFamily }) => db.mergeAsync('key', 'direct', { columnFamily }), 'unwritten,direct'],
    delete: [({ db, columnFamily }) => db.delete('key', { columnFamily }), undefined],
    deleteAsync: [({ db, columnFamily }) => db.deleteAsync('key', { columnFamily }), undefined],
    deleteRange: [({ db, columnFamily }) => db.deleteRange('a', 'z', { columnFamily }), undefined],
    write: [
      ({ db, columnFamily }) => db.write(new WriteBatch().merge(columnFamily, 'key', 'direct')),
      'unwritten,direct',
    ],
    writeAsync: [
      ({ db, columnFamily }) => db.writeAsync(new WriteBatch().merge(columnFamily, 'key', 'direct')),
      'unwritten,direct',
    ],
    copyRange: [
      ({ db, columnFamily, directory, other: from }) =>
        db.copyRange({ columnFamily, from, directory: join(directory, 'copied') }),
      'theirs',
    ],
    copyRangeSync: [
      ({ db, columnFamily, directory, other: from }) =>
        db.copyRangeSync({ columnFamily, from, directory: join(directory, 'copied') }),
      'theirs',
    ],
    rewriteRows: [(access) => access.db.rewriteRows(prefixed(access)), '\0unwritten'],
    rewriteRowsSync: [(access) => access.db.rewriteRowsSync(prefixed(access)), '\0unwritten'],
    compactRange: [({ db, columnFamily }) => db.compactRange({ columnFamily }), 'unwritten'],
    deleteFilesInRange: [
      async ({ db, columnFamily }) => {
        await db.compactRange({ columnFamily });
        await db.deleteFilesInRange({ columnFamily });
      },
      undefined,
    ],
  };

/** Row `added` was read, and there was none: what its value is after rows of other places were added. */
const ADDITIONS: Readonly<Record<string, (access: Access) => unknown>> = {
  ingestFiles: async ({ db, columnFamily, directory, other }) => {
    await other.compactRange({ columnFamily: other.columnFamily('added') });
    await other.createCheckpoint(join(directory, 'linked'));
    const files = (await other.liveFiles()).filter((file) => file.columnFamily === 'added');
    const paths = files.map(({ name }) => join(directory, 'linked', name));
    await db.ingestFiles(paths, { columnFamily, fromDatabase: true });
  },
  readKeyGroups: async ({ db, columnFamily, directory, other }) => {
    const path = join(directory, 'key groups');
    const keyGroup = 'a'.charCodeAt(0);
    using snapshot = other.snapshot();
    const { offsets, sizeBytes } = await other.writeKeyGroups({
      ...{ path, header: Buffer.from('header'), columnFamilies: [other.columnFamily('added')], snapshot },
      ...{ firstKeyGroup: keyGroup, lastKeyGroup: keyGroup, prefixBytes: 1, compress: false },
    });
    const keyGroups = [{ keyGroup, begin: Number(offsets[0]), end: sizeBytes }];
    await db.readKeyGroups({ path, keyGroups, columnFamilies: [columnFamily], prefixBytes: 1, compressed: false });
  },
};

/** What has nothing to do with rows that are there, or makes them go. */
const WITHOUT_ROWS = [
  'close',
  'columnFamilies',
  'columnFamily',
  'constructor',
  'createColumnFamily',
  'createColumnFamilySync',
  'dropColumnFamily',
  'importColumnFamily',
  'keepHotRows',
  'liveFiles',
  'mapProperty',
  'metrics',
  'property',
  'resume',
  'setColumnFamilyOptions',
  'setTtl',
  'setTtlTime',
];
/** What reads files, or rows of a snapshot, for which hot rows were written. */
const AS_OF_BEFORE = ['compactFiles', 'writeKeyGroups'];

function prefixed({ columnFamily, directory }: Access) {
  return { columnFamily, rows: 'value', change: 'N=F9.', directory: join(directory, 'rewritten') } as const;
}

function withAccess(test: (access: Access) => Promise<void>): Promise<void> {
  return withDirectory(async ({ directory, open }) => {
    const db = await open();
    const other = await open({}, 'other');
    other.put('key', 'theirs');
    other.put('added', 'theirs', { columnFamily: await other.createColumnFamily('added') });
    const columnFamily = await db.createColumnFamily('state');
    const hot = new HotDatabase(db, 1024 * 1024);
    await test({ hot, db, columnFamily, directory, other });
  });
}

describe('a database with hot rows', () => {
  it.each(Object.entries(READS))('shows what is in memory alone to %s', (_name, read) =>
    withAccess(async (access) => {
      access.hot.put(access.columnFamily, 'key', 'unwritten');
      expect(access.hot.rows.counts.unwrittenRows).toBe(1);
      expect(await read(access)).toBe('unwritten');
    }),
  );

  it.each(Object.entries(CHANGES))('shows what %s has changed', (_name, [change, expected]) =>
    withAccess(async (access) => {
      const { hot, columnFamily, db } = access;
      hot.put(columnFamily, 'key', 'unwritten');
      await change(access);
      expect(hot.get(columnFamily, 'key')).toBe(expected);
      expect(scanned(db, columnFamily).key).toBe(expected);
    }),
  );

  it.each(Object.entries(CHANGES))('shows what %s has changed of a row that was read', (_name, [change, expected]) =>
    withAccess(async (access) => {
      const { hot, columnFamily } = access;
      hot.put(columnFamily, 'key', 'unwritten');
      hot.rows.guard.settle();
      expect(hot.get(columnFamily, 'key')).toBe('unwritten');
      await change(access);
      expect(hot.get(columnFamily, 'key')).toBe(expected);
    }),
  );

  it.each(Object.entries(ADDITIONS))('shows the rows that %s has added', (_name, add) =>
    withAccess(async (access) => {
      const { hot, columnFamily } = access;
      expect(hot.get(columnFamily, 'added')).toBeUndefined();
      await add(access);
      expect(hot.get(columnFamily, 'added')).toBe('theirs');
    }),
  );

  it('has no method of which it is not known what it does with them', () => {
    const known = [READS, CHANGES, ADDITIONS].flatMap(Object.keys).concat(WITHOUT_ROWS, AS_OF_BEFORE);
    expect(Object.getOwnPropertyNames(RocksDB.prototype).sort()).toEqual(known.sort());
  });

  it('has no point call that goes round them', () => {
    const withoutRows = ['constructor', 'output', 'startKey'];
    const calls = Object.getOwnPropertyNames(PointCalls.prototype).filter((name) => !withoutRows.includes(name));
    expect(Object.getOwnPropertyNames(HotCalls.prototype)).toEqual(expect.arrayContaining(calls));
  });
});
