// Copies files, computing the checksum on the way and making the copy durable.
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

// Small enough that the checksum of one piece does not hold up the event loop (about 50 µs).
const PIECE_BYTES = 256 * 1024;

/** Size and CRC-32 of a file's contents. */
export interface FileSummary {
  readonly sizeBytes: number;
  readonly crc32: number;
}

/** Copies `source` to `target`, which must not exist, and syncs it to disk. */
export async function copyChecked(source: string, target: string, signal?: AbortSignal): Promise<FileSummary> {
  await using input = await open(source, 'r');
  await using output = await open(target, 'wx');
  const summary = await readPieces(input, signal, (piece) => writeAll(output, piece));
  await output.sync();
  return summary;
}

/** Reads a file through. */
export async function summarize(source: string): Promise<FileSummary> {
  await using input = await open(source, 'r');
  return await readPieces(input, undefined, async () => {});
}

async function readPieces(
  input: FileHandle,
  signal: AbortSignal | undefined,
  take: (piece: Uint8Array) => Promise<void>,
): Promise<FileSummary> {
  const buffer = new Uint8Array(PIECE_BYTES);
  let sizeBytes = 0;
  let checksum = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await input.read(buffer, 0, PIECE_BYTES);
    if (bytesRead === 0) {
      return { sizeBytes, crc32: checksum };
    }
    const piece = buffer.subarray(0, bytesRead);
    checksum = crc32(piece, checksum);
    sizeBytes += bytesRead;
    await take(piece);
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
