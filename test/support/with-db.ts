// Low-level databases for tests: each in a fresh directory, closed and removed at the end whatever happens.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenOptions, RocksDB } from '../../lib/rocksdb.ts';

/** What a test gets: a directory of its own, and a way to open databases below it. */
export interface DbBench {
  readonly directory: string;
  /** Opens the database in a sub-directory, to be closed after the test; the name defaults to `db`. */
  open(options?: OpenOptions, name?: string): Promise<RocksDB>;
}

/** Runs a test in a fresh directory. */
export async function withDirectory(test: (bench: DbBench) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-test-'));
  const opened: RocksDB[] = [];
  const open = async (options?: OpenOptions, name = 'db'): Promise<RocksDB> => {
    const db = await RocksDB.open(join(directory, name), options);
    opened.push(db);
    return db;
  };
  try {
    await test({ directory, open });
  } finally {
    await Promise.allSettled(opened.map((db) => db.close()));
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs a test with an open database. */
export function withDb(
  test: (db: RocksDB, bench: DbBench) => void | Promise<void>,
  options?: OpenOptions,
): Promise<void> {
  return withDirectory(async (bench) => test(await bench.open(options), bench));
}
