// Copies files, computing the checksum on the way.
import { type FileHandle, open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** Large, as every piece is two calls of workers; the checksum of one holds up the event loop for about 0.3 ms. */
export const PIECE_BYTES: number = 1024 * 1024;

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

/** Copies `source` to `target`, which must not exist. On failure there is no target. */
export async function copyChecked(source: string, target: string, options: CopyOptions): Promise<FileSummary> {
  await using input = await open(source, 'r');
  return await writeChecked(piecesOf(input), target, options);
}

/** Writes what comes to `target`, which must not exist. On failure there is no target. */
export async function writeChecked(
  pieces: AsyncIterable<Uint8Array>,
  target: string,
  { durable, signal }: CopyOptions,
): Promise<FileSummary> {
  signal?.throwIfAborted();
  await using output = await open(target, 'wx');
  try {
    const summary = await summarizePieces(pieces, async (piece) => {
      signal?.throwIfAborted();
      await writeAll(output, piece);
    });
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

/** Reads a file through. */
export async function summarize(source: string, signal?: AbortSignal): Promise<FileSummary> {
  await using input = await open(source, 'r');
  return await summarizePieces(piecesOf(input), async () => signal?.throwIfAborted());
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

// Each piece is overwritten by the next.
async function* piecesOf(input: FileHandle): AsyncGenerator<Uint8Array> {
  const { size } = await input.stat();
  const buffer = new Uint8Array(Math.min(size, PIECE_BYTES));
  for (;;) {
    const { bytesRead } = await input.read(buffer, 0, buffer.length);
    if (bytesRead === 0) {
      return;
    }
    yield buffer.subarray(0, bytesRead);
  }
}

// A write may take fewer bytes than it was given.
async function writeAll(output: FileHandle, piece: Uint8Array): Promise<void> {
  let written = 0;
  while (written < piece.length) {
    written += (await output.write(piece, written)).bytesWritten;
  }
}

/** Makes names created in, or renamed into, a directory durable. */
export async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, 'r');
  await handle.sync();
}
