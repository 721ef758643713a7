// Bytes that a handle names: in the metadata itself, or in a file or part of one.
import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SavepointBytes } from '../api/savepoint.ts';
import { RestoreError, SavepointFormatError } from '../errors.ts';
import type { StreamHandle } from '../savepoint/handles.ts';
import type { SavepointPaths } from '../savepoint/savepoint-paths.ts';

const PIECE_BYTES = 256 * 1024;

/** Where bytes are read from. */
export interface ByteSource extends SavepointBytes {
  /** For messages. */
  readonly name: string;
  /** @throws SavepointFormatError when there are not so many. */
  read(start: number, length: number): Promise<Uint8Array>;
  /** What is read stays as it is. */
  pieces(begin: number, end: number): AsyncGenerator<Uint8Array, void>;
}

/** Files of a savepoint or checkpoint. */
export interface StoredFiles {
  readonly directory: string;
  readonly paths: SavepointPaths;
}

/**
 * @param what - whose bytes they are, for messages.
 * @throws RestoreError when the file is not there, or outside of where files may be.
 */
export async function openStream(
  stream: StreamHandle | undefined,
  files: StoredFiles,
  what: string,
): Promise<ByteSource> {
  switch (stream?.kind) {
    case 'inline':
      return inlineSource(stream.bytes, `${what}, in the metadata`);
    case 'empty-segment':
      return inlineSource(new Uint8Array(0), what);
    case 'key-groups-stream':
      return openStream(stream.stream, files, what);
    case 'relative-file':
      return fileSource(await files.paths.resolve(stream), { start: 0, size: stream.size });
    case 'file':
      return fileSource(await resolveMoved(stream, files), { start: 0, size: stream.size });
    case 'segment':
      return fileSource(await resolveMoved(stream, files), stream);
    default:
      throw new RestoreError(`${what} has no bytes: its handle is empty.`);
  }
}

// Beside a checkpoint, Flink keeps the files that several have: they move with it.
async function resolveMoved(
  stream: Extract<StreamHandle, { kind: 'file' | 'segment' }>,
  { directory, paths }: StoredFiles,
): Promise<string> {
  try {
    return await paths.resolve(stream);
  } catch (error) {
    for (const sibling of siblingsOf(directory)) {
      const path = join(sibling, basename(stream.path));
      if ((await stat(path).catch(() => undefined))?.isFile()) {
        return paths.resolve({ ...stream, path });
      }
    }
    throw error;
  }
}

/** The directories beside that of a checkpoint of Flink in which its files may be. */
export function siblingsOf(directory: string): string[] {
  const isCheckpoint = /^chk-\d+$/.test(basename(directory));
  return isCheckpoint ? ['shared', 'taskowned'].map((name) => join(dirname(directory), name)) : [];
}

export function inlineSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    ...{ name, source: { bytes }, sizeBytes: bytes.length },
    async read(start, length) {
      checkRange(name, bytes.length, { start, length });
      return bytes.subarray(start, start + length);
    },
    async *pieces(begin, end) {
      checkRange(name, bytes.length, { start: begin, length: end - begin });
      yield bytes.subarray(begin, end);
    },
  };
}

/** @param section - the part of the file. */
export async function fileSource(
  path: string,
  section: { readonly start: number; readonly size: number },
): Promise<ByteSource> {
  const { size } = await stat(path);
  const { start: origin, size: sizeBytes } = section;
  if (origin < 0 || sizeBytes < 0 || origin + sizeBytes > size) {
    const reason = `It has ${size} bytes, and ${sizeBytes} from byte ${origin} on are needed.`;
    throw new SavepointFormatError(reason, { source: path, offset: size, field: 'end of the file' });
  }
  return {
    ...{ name: path, source: { path, start: origin }, sizeBytes },
    async read(start, length) {
      checkRange(path, sizeBytes, { start, length });
      const bytes = new Uint8Array(length);
      let filled = 0;
      for await (const piece of filePieces(path, origin + start, origin + start + length)) {
        bytes.set(piece, filled);
        filled += piece.length;
      }
      return bytes;
    },
    pieces(begin, end) {
      checkRange(path, sizeBytes, { start: begin, length: end - begin });
      return filePieces(path, origin + begin, origin + end);
    },
  };
}

async function* filePieces(path: string, begin: number, end: number): AsyncGenerator<Uint8Array, void> {
  await using file = await open(path, 'r');
  for (let position = begin; position < end; ) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, end - position));
    const { bytesRead } = await file.read(piece, 0, piece.length, position);
    if (bytesRead === 0) {
      throw new SavepointFormatError('The file has become shorter.', {
        source: path,
        offset: position,
        field: 'bytes',
      });
    }
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

function checkRange(
  source: string,
  sizeBytes: number,
  { start, length }: { readonly start: number; readonly length: number },
): void {
  if (start < 0 || length < 0 || start + length > sizeBytes) {
    const reason = `${length} bytes are needed from there, and there are ${sizeBytes} in all.`;
    throw new SavepointFormatError(reason, { source, offset: start, field: 'bytes' });
  }
}
