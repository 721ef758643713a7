// The databases that a restore reads from: each is downloaded into the work directory and opened when it is first asked for,
// and gone at the end.
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyedStateHandle } from '../api/checkpoint.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { downloadDatabase } from './download-database.ts';
import type { RocksDBRestore } from './rocksdb-restore.ts';

/** A snapshot, and the database that was made of its files. */
export interface SourceDatabase {
  readonly handle: KeyedStateHandle;
  readonly db: RocksDB;
}

export class SourceDatabases implements AsyncDisposable {
  readonly #restore: RocksDBRestore;
  readonly #paths = new Map<KeyedStateHandle, string>();
  readonly #opened = new Map<KeyedStateHandle, SourceDatabase>();

  constructor(restore: RocksDBRestore) {
    this.#restore = restore;
  }

  async open(handle: KeyedStateHandle): Promise<SourceDatabase> {
    const known = this.#opened.get(handle);
    if (known !== undefined) {
      return known;
    }
    const path = join(this.#restore.workDirectory, `restore-${randomUUID()}`);
    this.#paths.set(handle, path);
    await this.#download(handle, path);
    const source = { handle, db: await this.#restore.open(path) };
    this.#opened.set(handle, source);
    return source;
  }

  /** Brings the files of a database to a path, where they stay. It is closed if it was open. */
  async place(handle: KeyedStateHandle, path: string): Promise<void> {
    const source = this.#opened.get(handle);
    if (source === undefined) {
      await this.#download(handle, path);
      return;
    }
    await this.#close(source);
    await rename(source.db.path, path);
  }

  /** Closes a database and removes its files. */
  async remove(source: SourceDatabase): Promise<void> {
    await this.#close(source);
    await rm(source.db.path, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#opened.values()].map((source) => this.#close(source)));
    await Promise.all([...this.#paths.values()].map((path) => rm(path, { recursive: true, force: true })));
  }

  async #close({ handle, db }: SourceDatabase): Promise<void> {
    this.#opened.delete(handle);
    await db.close();
  }

  #download(handle: KeyedStateHandle, path: string): Promise<void> {
    const { storage, onProgress } = this.#restore.source;
    return downloadDatabase(handle, path, { ...this.#restore, storage, onProgress });
  }
}
