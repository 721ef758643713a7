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
import type { SavepointFile, SavepointState } from './savepoint-state.ts';

const PIECE_BYTES = 256 * 1024;

/**
 * @param tableOf - gives the table of a state; it is filled.
 * @throws SavepointFormatError when a file is damaged.
 */
export async function restoreHeapSavepoint(
  { files }: SavepointState,
  tableOf: (state: string) => CopyOnWriteTable<unknown>,
  { maxParallelism, signal }: { readonly maxParallelism: number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const slice = new TimeSlice();
  for (const file of files) {
    const tables = file.stateNames.map(tableOf);
    await using handle = await open(file.path, 'r');
    for (const group of file.keyGroups) {
      signal?.throwIfAborted();
      await readKeyGroup({ file, handle, group, tables, maxParallelism, slice });
    }
  }
}

interface Reading {
  readonly file: SavepointFile;
  readonly handle: FileHandle;
  readonly group: StoredKeyGroup;
  /** By state id. */
  readonly tables: readonly CopyOnWriteTable<unknown>[];
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
      const value = new UnreadRow(textOf(row.value, 0, row.value.length));
      tables[row.stateId]?.set({ keyGroup, id, hash: hashOf(id) }, value);
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
