// Reads bytes of a savepoint, wherever they are, and brings them into files of their own.
import { type FileHandle, open, stat, writeFile } from 'node:fs/promises';
import type { KeyGroupRange } from '../api/checkpoint.ts';
import type { SavepointBytes, SavepointKeyGroups } from '../api/savepoint.ts';
import { RestoreError } from '../errors.ts';
import type { StoredKeyGroup } from '../rocksdb/key-group-files.ts';
import { linkOrCopy } from '../storage/table-files.ts';

/** A file and where in it bytes begin. */
export interface PlacedBytes {
  readonly path: string;
  readonly start: number;
}

/** A file with the bytes. @param copy - where to write them if they are in no file. */
export async function toFile({ source }: SavepointBytes, copy: string): Promise<PlacedBytes> {
  if ('bytes' in source) {
    await writeFile(copy, source.bytes);
    return { path: copy, start: 0 };
  }
  return source;
}

/** What to say of bytes in a message. */
export function nameOf({ source }: SavepointBytes): string {
  return 'path' in source ? source.path : 'the metadata';
}

/** Up to `maxBytes` of the bytes, from their start. */
export async function readBytesOf(bytes: SavepointBytes, maxBytes: number = bytes.sizeBytes): Promise<Uint8Array> {
  const length = Math.min(bytes.sizeBytes, maxBytes);
  const { source } = bytes;
  if ('bytes' in source) {
    return source.bytes.subarray(0, length);
  }
  await using file = await open(source.path, 'r');
  return readAt(file, source.start, length);
}

/** So many bytes at a position, or less at the end of the file. */
export async function readAt(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) {
      break;
    }
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/**
 * Puts the bytes into a new file. A table of RocksDB, which nobody ever changes, is only linked where that is possible.
 *
 * @throws RestoreError when the file has become too short.
 */
export async function bringTo(path: string, bytes: SavepointBytes): Promise<void> {
  const { source, sizeBytes } = bytes;
  if ('bytes' in source) {
    await writeFile(path, source.bytes);
    return;
  }
  const { size } = await stat(source.path);
  if (source.start === 0 && size === sizeBytes) {
    await linkOrCopy(source.path, path);
    return;
  }
  await using from = await open(source.path, 'r');
  await using to = await open(path, 'wx');
  for (let done = 0; done < sizeBytes; ) {
    const piece = await readAt(from, source.start + done, Math.min(PIECE_BYTES, sizeBytes - done));
    if (piece.length === 0) {
      throw new RestoreError(`The file at ${source.path} ends early.`);
    }
    await to.writeFile(piece);
    done += piece.length;
  }
}

const PIECE_BYTES = 1024 * 1024;

/**
 * Where the wanted key groups of a stream lie in its file. Each ends where the next in the file begins, whatever their order is.
 *
 * @param none - the greatest offset that stands for no key group.
 */
export function keyGroupsOf(
  { keyGroupRange, offsets, sizeBytes }: Pick<SavepointKeyGroups, 'keyGroupRange' | 'offsets' | 'sizeBytes'>,
  wanted: KeyGroupRange,
  { start, none }: { readonly start: number; readonly none: -1 | 0 },
): StoredKeyGroup[] {
  const begins = offsets.filter((offset) => offset > none).toSorted((a, b) => a - b);
  const ends = new Map(begins.map((begin, index) => [begin, begins[index + 1] ?? sizeBytes]));
  return offsets.flatMap((begin, index) => {
    const keyGroup = keyGroupRange.start + index;
    const end = ends.get(begin);
    const isWanted = keyGroup >= wanted.start && keyGroup <= wanted.end;
    return isWanted && end !== undefined ? { keyGroup, begin: start + begin, end: start + end } : [];
  });
}
