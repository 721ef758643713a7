// Copies files, computing the checksum on the way.
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { addon } from '../binding/load.ts';

/** What a worker reads at once: in between, reading can be cancelled. */
export const PIECE_BYTES: number = 16 * 1024 * 1024;

/** Size and CRC-32 of a file's contents. */
export interface FileSummary {
  readonly sizeBytes: number;
  readonly crc32: number;
}

/** How to write a copy. */
export interface CopyOptions {
  /**
   * Whether the copy has to survive a crash of the machine: it is synced to disk then. A working file need not be: what it
   * is restored from is.
   */
  readonly durable: boolean;
  /** Ends the copy between pieces. */
  readonly signal?: AbortSignal | undefined;
}

/** What is wrong with a file that should be as `expected`; `undefined` when nothing is. */
export function difference(expected: FileSummary, found: FileSummary): string | undefined {
  return found.sizeBytes === expected.sizeBytes && found.crc32 === expected.crc32
    ? undefined
    : `expected ${expected.sizeBytes} bytes with CRC-32 ${expected.crc32}, found ${found.sizeBytes} bytes with ${found.crc32}`;
}

/** Copies `source` to `target`, which must not exist, off the JS thread. On failure there is no target. */
export function copyChecked(source: string, target: string, options: CopyOptions): Promise<FileSummary> {
  return writeNew(target, options, () => readPieces(source, options.signal, target));
}

/** Writes what comes to `target`, which must not exist. On failure there is no target. */
export async function writeChecked(
  pieces: AsyncIterable<Uint8Array>,
  target: string,
  { durable, signal }: CopyOptions,
): Promise<FileSummary> {
  return writeNew(target, { durable, signal }, (output) =>
    summarizePieces(pieces, async (piece) => {
      signal?.throwIfAborted();
      await writeAll(output, piece);
    }),
  );
}

async function writeNew(
  target: string,
  { durable, signal }: CopyOptions,
  write: (output: FileHandle) => Promise<FileSummary>,
): Promise<FileSummary> {
  signal?.throwIfAborted();
  await using output = await open(target, 'wx');
  try {
    const summary = await write(output);
    if (durable) {
      await output.sync();
    }
    return summary;
  } catch (error) {
    // What went wrong first is to be told.
    await rm(target, { force: true }).catch(() => {});
    throw error;
  }
}

/** Reads a file through, off the JS thread. */
export function summarize(path: string, signal?: AbortSignal): Promise<FileSummary> {
  return readPieces(path, signal);
}

// Reads a file on a worker, and copies it to `copyPath`, which exists, if that is given.
async function readPieces(path: string, signal: AbortSignal | undefined, copyPath?: string): Promise<FileSummary> {
  const { size } = await stat(path);
  let summary = { sizeBytes: 0, crc32: 0 };
  while (summary.sizeBytes < size) {
    signal?.throwIfAborted();
    const { sizeBytes: offset, crc32: before } = summary;
    const read = await addon.readFilePiece({ path, offset, maxBytes: PIECE_BYTES, crc32: before, copyPath });
    if (read.bytes === 0) {
      break;
    }
    summary = { sizeBytes: offset + read.bytes, crc32: read.crc32 };
  }
  return summary;
}

/** Size and checksum of what comes; `take` may keep a piece until it settles. */
export async function summarizePieces(
  pieces: AsyncIterable<Uint8Array>,
  take?: (piece: Uint8Array) => Promise<void>,
): Promise<FileSummary> {
  let sizeBytes = 0;
  let checksum = 0;
  for await (const piece of pieces) {
    checksum = crc32(piece, checksum);
    sizeBytes += piece.length;
    await take?.(piece);
  }
  return { sizeBytes, crc32: checksum };
}

// A write may take fewer bytes than it was given.
async function writeAll(output: FileHandle, piece: Uint8Array): Promise<void> {
  let written = 0;
  while (written < piece.length) {
    written += (await output.write(piece, written)).bytesWritten;
  }
}

/** Makes the contents of a file durable; of a directory, the names created in, or renamed into, it. */
export async function sync(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
