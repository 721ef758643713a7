// Writes the rows of a state again, in a RocksDB database. New rows are collected beside the old ones and laid over them at once,
// so that there are only old rows, or only new ones, whatever fails. Keys stay, so each new row hides its old one.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { preview } from '../bytes/preview.ts';
import { StateMigrationError } from '../errors.ts';
import { TimeSlice } from '../heap/time-slice.ts';
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';
import { BulkWriter } from '../rocksdb/bulk-writer.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { ColumnFamilyOptions } from '../rocksdb/open-options.ts';
import type { RowsToRewrite } from '../rocksdb/rewrite-rows.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { WriteBatch } from '../rocksdb/write-batch.ts';
import { rowChangeOf } from './row-values.ts';
import type { ValueMigration } from './stamps.ts';
import type { StateUse } from './state-use.ts';
import { valueTypeOf } from './value-type.ts';

const BATCH_BYTES = 1024 * 1024;
const ROWS = { VALUE: 'value', REDUCING: 'value', AGGREGATING: 'value', LIST: 'list', MAP: 'map' } as const;

/** Where a state is. */
export interface StoredRows {
  readonly db: RocksDB;
  readonly columnFamily: ColumnFamily;
  /** Of the state's family, for the one beside it. */
  readonly options: ColumnFamilyOptions;
  /** For files on their way; it exists. */
  readonly directory: string;
  /** To tell whose row does not fit. */
  readonly keySerializer: TypeSerializer<unknown>;
  readonly maxParallelism: number;
}

/** How a rewriting that does not block goes on, and ends. */
export interface RewriteOptions {
  readonly signal: AbortSignal | undefined;
  /** Told the rows that are rewritten, every now and then. */
  onProgress?(rows: number): void;
}

/**
 * Off the JS thread but for what serializers do, which is done in slices.
 *
 * @throws StateMigrationError when a row can't be read or written; the signal's reason. Nothing is changed then.
 */
export async function rewriteState(use: StateUse, stored: StoredRows, options: RewriteOptions): Promise<void> {
  const native = nativeRequest(use, stored);
  try {
    if (native === undefined) {
      await rewriteInJavaScript(use, stored, options);
    } else {
      await stored.db.rewriteRows(native, options.signal, options.onProgress);
    }
  } catch (error) {
    throw failure(use, error, options.signal);
  }
}

async function rewriteInJavaScript(
  use: StateUse,
  stored: StoredRows,
  { signal, onProgress }: RewriteOptions,
): Promise<void> {
  const { columnFamily, db } = stored;
  const shadow = await db.createColumnFamily(shadowName(), stored.options);
  try {
    const writer = new BulkWriter(db);
    const change = changeOf(use, stored);
    const slice = new TimeSlice();
    let rows = 0;
    for await (const { key, value } of db.scan({ columnFamily, fillCache: false })) {
      await writer.put(shadow, key, change(key, value));
      rows++;
      if (slice.isOver) {
        signal?.throwIfAborted();
        onProgress?.(rows);
        await slice.next();
      }
    }
    await writer.finish();
    signal?.throwIfAborted();
    await db.copyRange({ columnFamily, from: db, fromColumnFamily: shadow, directory: fileDirectory(stored) });
    onProgress?.(rows);
  } finally {
    await db.dropColumnFamily(shadow);
  }
}

/** Where a state is that is rewritten now. */
export interface RowsToRewriteNow extends StoredRows {
  /** Told of a promise that settles when nothing is left beside the state any more. */
  onDropping(dropped: Promise<void>): void;
}

/** As {@link rewriteState}, while the JS thread waits. */
export function rewriteStateNow(use: StateUse, stored: RowsToRewriteNow): void {
  const native = nativeRequest(use, stored);
  try {
    if (native === undefined) {
      rewriteInJavaScriptNow(use, stored);
    } else {
      stored.db.rewriteRowsSync(native);
    }
  } catch (error) {
    throw failure(use, error);
  }
}

function rewriteInJavaScriptNow(use: StateUse, stored: RowsToRewriteNow): void {
  const { columnFamily, db } = stored;
  const shadow = db.createColumnFamilySync(shadowName(), stored.options);
  try {
    const change = changeOf(use, stored);
    const batch = new WriteBatch();
    for (const { key, value } of db.scan({ columnFamily, fillCache: false })) {
      batch.put(shadow, key, change(key, value));
      if (batch.sizeBytes >= BATCH_BYTES) {
        db.write(batch);
        batch.clear();
      }
    }
    if (batch.count > 0) {
      db.write(batch);
    }
    db.copyRangeSync({ columnFamily, from: db, fromColumnFamily: shadow, directory: fileDirectory(stored) });
  } finally {
    stored.onDropping(db.dropColumnFamily(shadow));
  }
}

// What native code can do without serializers.
function nativeRequest({ descriptor, migration }: StateUse, stored: StoredRows): RowsToRewrite | undefined {
  const change = migration?.change;
  const { columnFamily } = stored;
  return change === undefined
    ? undefined
    : { columnFamily, change, rows: ROWS[descriptor.kind], directory: fileDirectory(stored) };
}

// States of programs have other names.
function shadowName(): string {
  return `rockstate.migration-${randomUUID()}`;
}

function fileDirectory({ directory }: StoredRows): string {
  return join(directory, `migration-${randomUUID()}`);
}

type ChangeOfRow = (key: Uint8Array, value: Uint8Array) => Uint8Array;

function changeOf({ descriptor, migration }: StateUse, stored: StoredRows): ChangeOfRow {
  const change = rowChangeOf(descriptor.kind, migration as ValueMigration);
  return (key, value) => {
    try {
      return change(value);
    } catch (cause) {
      const reason = (cause as Error).message;
      throw new StateMigrationError(`under key ${keyOf(key, stored)}: ${reason}`, { cause });
    }
  };
}

function keyOf(key: Uint8Array, { keySerializer, maxParallelism }: StoredRows): string {
  const input = new DataInput(key);
  input.position = keyGroupPrefixBytes(maxParallelism);
  return preview(keySerializer.deserialize(input));
}

function failure({ descriptor }: StateUse, error: unknown, signal?: AbortSignal): unknown {
  return signal?.aborted
    ? error
    : new StateMigrationError(
        `State '${descriptor.name}' can not be migrated to ${valueTypeOf(descriptor).name}: ${(error as Error).message} ` +
          'It is as it was before.',
        { cause: error },
      );
}
