// A snapshot of in-memory state: views of the tables (at once) → one file, written in slices → its upload.
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotInProgress } from '../api/checkpoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { accessFailure } from '../bytes/access-failure.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { inputOf, writeText } from '../heap/byte-text.ts';
import type { Row, TableView } from '../heap/copy-on-write-table.ts';
import { END, SNAPSHOT_FILE, SNAPSHOT_MAGIC, SNAPSHOT_VERSION } from '../heap/snapshot-format.ts';
import { TimeSlice } from '../heap/time-slice.ts';
import { readValue, UnreadRow, UnreadValue, type ValueFormat } from '../heap/value-formats.ts';
import { beginSnapshot, type SnapshotRequest } from './snapshot-in-progress.ts';

const PIECE_BYTES = 64 * 1024;

/** A state as it was when the snapshot was taken. */
export interface CapturedState {
  readonly name: string;
  readonly keySerializer: TypeSerializer<unknown>;
  readonly view: TableView<unknown>;
  /** Absent when the program did not ask for the state since the restore: then all values are unread. */
  readonly format: ValueFormat<unknown> | undefined;
}

/** @param states - in the order of the handle's. They are let go of once they are written, or can't be. */
export function takeHeapSnapshot(
  states: CapturedState[],
  request: SnapshotRequest,
  release: () => void,
): SnapshotInProgress {
  const { workDirectory, signal } = request;
  const path = join(workDirectory, SNAPSHOT_FILE);
  const letGo = () => {
    // Whoever keeps the snapshot, which is a promise, must not keep all of the state as it was with it.
    states.length = 0;
    release();
  };
  return beginSnapshot(request, {
    captured: Promise.resolve(),
    async store(writer) {
      await mkdir(workDirectory, { recursive: true });
      await writeSnapshotFile(path, states, signal);
      letGo();
      const { backendId } = request.description;
      const stored = await writer.upload(path, {
        name: SNAPSHOT_FILE,
        backendId,
        shared: false,
        mayLink: true,
        signal,
      });
      return { files: [stored], writtenBytes: stored.sizeBytes };
    },
    async release() {
      letGo();
      await rm(workDirectory, { recursive: true, force: true });
    },
  });
}

/** @param states - those that have rows, by their places. */
export async function writeSnapshotFile(
  path: string,
  states: readonly CapturedState[],
  signal: AbortSignal,
): Promise<void> {
  await using file = await open(path, 'wx');
  await writeStates(states, new PieceWriter(file, signal));
}

async function writeStates(states: readonly CapturedState[], pieces: PieceWriter): Promise<void> {
  const { output } = pieces;
  output.writeInt(SNAPSHOT_MAGIC);
  output.writeInt(SNAPSHOT_VERSION);
  const keyGroups = new Set(states.flatMap(({ view }) => view.keyGroups()));
  for (const keyGroup of [...keyGroups].sort((a, b) => a - b)) {
    output.writeInt(keyGroup);
    for (const [index, state] of states.entries()) {
      const count = state.view.size(keyGroup);
      if (count > 0) {
        output.writeInt(index);
        output.writeInt(count);
        await writeRows(state, keyGroup, pieces);
      }
    }
    output.writeInt(END);
  }
  output.writeInt(END);
  await pieces.flush();
}

async function writeRows(state: CapturedState, keyGroup: number, pieces: PieceWriter): Promise<void> {
  const { output } = pieces;
  for (const row of state.view.rows(keyGroup)) {
    output.writeInt(row.id.length);
    writeText(row.id, output);
    const start = output.position;
    output.writeInt(0);
    writeValue(row, state, output);
    const end = output.position;
    output.position = start;
    output.writeInt(end - start - 4);
    output.position = end;
    if (pieces.isDue) {
      await pieces.flush();
    }
  }
}

function writeValue(row: Row<unknown>, state: CapturedState, output: DataOutput): void {
  const { value } = row;
  const { format } = state;
  try {
    if (!(value instanceof UnreadValue)) {
      format?.serialize(value, output);
    } else if (format !== undefined && (value instanceof UnreadRow || format.isMigrated)) {
      format.serialize(readValue(value, format), output);
    } else {
      writeText(value.text, output);
    }
  } catch (cause) {
    // It could be written when it was set, and was changed since.
    throw failure(row, state, cause);
  }
}

/** The error for a row that can't be written. */
export function failure({ id }: Row<unknown>, state: CapturedState, cause: unknown): Error {
  const key = () => state.keySerializer.deserialize(inputOf(id));
  return accessFailure({ state: state.name, action: 'written', key, cause });
}

/** Collects output and writes it to a file piece by piece, so that neither memory nor the event loop is held for long. */
class PieceWriter {
  readonly output: DataOutput = new DataOutput(new Uint8Array(PIECE_BYTES));
  readonly #file: FileHandle;
  readonly #signal: AbortSignal;
  readonly #slice = new TimeSlice();

  constructor(file: FileHandle, signal: AbortSignal) {
    this.#file = file;
    this.#signal = signal;
  }

  /** Whether it is time to `flush`. */
  get isDue(): boolean {
    return this.output.position >= PIECE_BYTES || this.#slice.isOver;
  }

  /** Writes what there is; the event loop turns meanwhile. */
  async flush(): Promise<void> {
    this.#signal.throwIfAborted();
    await this.#file.writeFile(this.output.bytes.subarray(0, this.output.position));
    this.output.position = 0;
    if (this.output.bytes.length > 2 * PIECE_BYTES) {
      this.output.replace(new Uint8Array(PIECE_BYTES));
    }
    this.#slice.restart();
  }
}
