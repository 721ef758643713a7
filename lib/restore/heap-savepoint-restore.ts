// Brings a savepoint back into memory, reading its files piece by piece. Values stay bytes until they are used, as their
// types are known only then.
import { type FileHandle, open } from 'node:fs/promises';
import { hashOf, textOf } from '../heap/byte-text.ts';
import type { CopyOnWriteTable } from '../heap/copy-on-write-table.ts';
import { TimeSlice } from '../heap/time-slice.ts';
import { UnreadRow } from '../heap/value-formats.ts';
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';
import type { StoredKeyGroup } from '../rocksdb/key-group-files.ts';
import { CanonicalRowReader } from '../savepoint/canonical-row-reader.ts';
import { nativeSnappy } from '../savepoint/native-snappy.ts';
import { SnappyFrameReader } from '../savepoint/snappy-frame-reader.ts';
import type { RestoreTarget } from './check-fits.ts';
import { databaseHandles } from './database-files.ts';
import { type RowVisitor, visitForeignRows } from './foreign-rows.ts';
import { visitDatabases } from './heap-database-restore.ts';
import type { SavepointFile, SavepointState } from './savepoint-state.ts';

const PIECE_BYTES = 256 * 1024;

type RestoredTable = Pick<CopyOnWriteTable<unknown>, 'set'>;

/** Where a savepoint is restored to. */
export interface HeapSavepointTarget extends Pick<RestoreTarget, 'keySerializer' | 'maxParallelism' | 'keyGroupRange'> {
  /** For databases that are read. */
  readonly directory: string;
  /** Gives the table of a state; it is filled. */
  tableOf(state: string): RestoredTable;
  /** Ends the restore, which fails with its reason. */
  readonly signal: AbortSignal | undefined;
}

/** @throws SavepointFormatError or RestoreError when a file is damaged. */
export async function restoreHeapSavepoint(savepoint: SavepointState, target: HeapSavepointTarget): Promise<void> {
  const { directory, maxParallelism, signal, tableOf } = target;
  const slice = new TimeSlice();
  for (const file of savepoint.files) {
    const tables = file.stateNames.map((name) => tableOf(name));
    await using handle = await open(file.path, 'r');
    for (const group of file.keyGroups) {
      signal?.throwIfAborted();
      await readKeyGroup({ file, handle, group, tables, maxParallelism, slice });
    }
  }
  const put: RowVisitor = ({ id, keyGroup, stateName, value }) => {
    setRow(tableOf(stateName), keyGroup, { id: textOf(id, 0, id.length), value });
    return undefined;
  };
  await visitForeignRows(savepoint, put);
  await visitDatabases(databaseHandles(savepoint, target), { ...target, directory, signal }, put);
}

function setRow(
  table: RestoredTable | undefined,
  keyGroup: number,
  { id, value }: { readonly id: string; readonly value: Uint8Array },
): void {
  table?.set({ keyGroup, id, hash: hashOf(id) }, new UnreadRow(textOf(value, 0, value.length)));
}

interface Reading {
  readonly file: SavepointFile;
  readonly handle: FileHandle;
  readonly group: StoredKeyGroup;
  /** By state id. */
  readonly tables: readonly RestoredTable[];
  readonly maxParallelism: number;
  readonly slice: TimeSlice;
}

async function readKeyGroup({ file, handle, group, tables, maxParallelism, slice }: Reading): Promise<void> {
  const { keyGroup, begin, end } = group;
  const source = file.path;
  const prefixBytes = keyGroupPrefixBytes(maxParallelism);
  const maxBytes = file.compressed ? {} : { maxBytes: end - begin };
  const rows = new CanonicalRowReader({
    ...{ keyGroup, maxParallelism, stateCount: tables.length, source, offset: begin },
    ...maxBytes,
  });
  const pieces = file.compressed ? uncompressed(handle, group, source) : piecesOf(handle, group);
  for await (const piece of pieces) {
    rows.push(piece);
    for (let row = rows.next(); row !== undefined; row = rows.next()) {
      const id = textOf(row.key, prefixBytes, row.key.length);
      setRow(tables[row.stateId], keyGroup, { id, value: row.value });
    }
    if (slice.isOver) {
      await slice.next();
    }
  }
  rows.finish();
}

async function* uncompressed(handle: FileHandle, group: StoredKeyGroup, source: string): AsyncGenerator<Uint8Array> {
  const frames = new SnappyFrameReader(nativeSnappy, { source, offset: group.begin });
  for await (const piece of piecesOf(handle, group)) {
    frames.push(piece);
    for (let block = frames.next(); block !== undefined; block = frames.next()) {
      yield block;
    }
  }
  frames.finish();
}

// What is read stays as it is, as rows may be views of it.
async function* piecesOf(handle: FileHandle, { begin, end }: StoredKeyGroup): AsyncGenerator<Uint8Array> {
  for (let position = begin; position < end; ) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, end - position));
    const { bytesRead } = await handle.read(piece, 0, piece.length, position);
    if (bytesRead === 0) {
      return;
    }
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
