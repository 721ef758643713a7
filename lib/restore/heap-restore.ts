// Brings a snapshot of in-memory state back, reading its file piece by piece. Values stay bytes until they are used, as
// their types are known only then.
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointStorage, KeyedStateHandle, KeyGroupRange } from '../api/checkpoint.ts';
import { DataInput } from '../bytes/data-input.ts';
import { RestoreError } from '../errors.ts';
import { hashOf, textOf } from '../heap/byte-text.ts';
import type { RowAddress } from '../heap/copy-on-write-table.ts';
import { END, SNAPSHOT_FILE, SNAPSHOT_MAGIC, SNAPSHOT_VERSION } from '../heap/snapshot-format.ts';
import { UnreadRow, UnreadValue } from '../heap/value-formats.ts';

const INT_BYTES = 4;
const PIECE_BYTES = 256 * 1024;

/** Takes rows: a state's, or timers. A promise is waited for before the next row. */
export interface RestoredTable {
  set(address: RowAddress, value: UnreadValue): void | Promise<void>;
}

/** Where the rows of a state go. */
export interface RestoredRows {
  readonly table: RestoredTable;
  /** Whether they are rows as RocksDB has them. */
  readonly isCanonical: boolean;
}

/** What is brought back, and from where. */
export interface HeapRestore {
  readonly handle: KeyedStateHandle;
  readonly storage: CheckpointStorage;
  /** Ends the restore, which fails with its reason. */
  readonly signal: AbortSignal | undefined;
  /** Told how long the file took to come. */
  onDownloaded(durationMs: number): void;
}

/**
 * @param tables - one for each of the handle's states; they are filled.
 * @param wanted - key groups; others are read past.
 * @param directory - for the downloaded file, which is removed at the end.
 * @throws RestoreError when the snapshot is missing or damaged.
 */
export async function restoreHeap(
  { handle, storage, signal, onDownloaded }: HeapRestore,
  tables: readonly RestoredRows[],
  wanted: KeyGroupRange,
  directory: string,
): Promise<void> {
  const path = join(directory, 'restore');
  try {
    const stored = handle.files.find(({ name }) => name === SNAPSHOT_FILE);
    if (stored === undefined) {
      throw new RestoreError(`Checkpoint ${handle.checkpointId} at ${handle.location} has no file '${SNAPSHOT_FILE}'.`);
    }
    const startMs = performance.now();
    await storage.download(handle, stored, path, signal);
    onDownloaded(performance.now() - startMs);
    await readSnapshotFile({ path, source: join(handle.location, SNAPSHOT_FILE), signal }, tables, wanted);
  } finally {
    await rm(path, { force: true });
  }
}

/** A file that was brought here. */
export interface SnapshotFile {
  readonly path: string;
  /** Where it came from, for messages. */
  readonly source: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * @param tables - one for each state that the file may have rows of, by their places.
 * @param wanted - key groups; others are read past.
 * @throws RestoreError when the file is damaged.
 */
export async function readSnapshotFile(
  { path, source, signal }: SnapshotFile,
  tables: readonly (RestoredRows | undefined)[],
  wanted: KeyGroupRange,
): Promise<void> {
  await using file = await open(path, 'r');
  await readStates(new PieceReader(file, source, signal), tables, wanted);
}

async function readStates(
  pieces: PieceReader,
  tables: readonly (RestoredRows | undefined)[],
  wanted: KeyGroupRange,
): Promise<void> {
  const magic = await pieces.readInt();
  const version = await pieces.readInt();
  if (magic !== SNAPSHOT_MAGIC || version !== SNAPSHOT_VERSION) {
    throw pieces.failure(`begins with ${magic} and ${version}`);
  }
  for (;;) {
    const keyGroup = await pieces.readInt();
    if (keyGroup === END) {
      return;
    }
    for (let index = await pieces.readInt(); index !== END; index = await pieces.readInt()) {
      const table = tables[index];
      if (table === undefined) {
        throw pieces.failure(`has rows of state ${index} of ${tables.length}`);
      }
      const isWanted = keyGroup >= wanted.start && keyGroup <= wanted.end;
      await readRows(pieces, keyGroup, isWanted ? table : undefined);
    }
  }
}

async function readRows(pieces: PieceReader, keyGroup: number, rows: RestoredRows | undefined): Promise<void> {
  const Unread = rows?.isCanonical ? UnreadRow : UnreadValue;
  for (let left = await pieces.readInt(); left > 0; left--) {
    // Awaiting what is there already would take longer than reading it.
    const id = pieces.readTextNow() ?? (await pieces.readText());
    const value = pieces.readTextNow() ?? (await pieces.readText());
    const pending = rows?.table.set({ keyGroup, id, hash: hashOf(id) }, new Unread(value));
    if (pending !== undefined) {
      await pending;
    }
  }
}

/** Reads a file piece by piece. */
class PieceReader {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #signal: AbortSignal | undefined;
  #input: DataInput = new DataInput(new Uint8Array(0));

  constructor(file: FileHandle, path: string, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#path = path;
    this.#signal = signal;
  }

  async readInt(): Promise<number> {
    await this.#need(INT_BYTES);
    return this.#input.readInt();
  }

  /** A length, and so many bytes; `undefined`, and nothing is read, when not all of it is in memory. */
  readTextNow(): string | undefined {
    const input = this.#input;
    const start = input.position;
    if (input.remaining >= INT_BYTES) {
      const length = input.readInt();
      if (input.remaining >= length) {
        input.position += length;
        return textOf(input.bytes, start + INT_BYTES, input.position);
      }
    }
    input.position = start;
    return undefined;
  }

  /** As {@link readTextNow}, after reading what is missing. */
  async readText(): Promise<string> {
    const length = await this.readInt();
    this.#input.position -= INT_BYTES;
    await this.#need(INT_BYTES + length);
    return this.readTextNow() as string;
  }

  failure(problem: string): RestoreError {
    return new RestoreError(`The file at ${this.#path} is no snapshot of the hashmap backend: it ${problem}.`);
  }

  async #need(length: number): Promise<void> {
    const rest = this.#input.bytes.subarray(this.#input.position);
    if (rest.length >= length) {
      return;
    }
    const bytes = new Uint8Array(Math.max(length, PIECE_BYTES));
    bytes.set(rest);
    let end = rest.length;
    while (end < length) {
      this.#signal?.throwIfAborted();
      const { bytesRead } = await this.#file.read(bytes, end, bytes.length - end);
      if (bytesRead === 0) {
        throw this.failure('ends early');
      }
      end += bytesRead;
    }
    this.#input = new DataInput(bytes.subarray(0, end));
  }
}
