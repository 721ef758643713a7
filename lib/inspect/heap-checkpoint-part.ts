// Keyed state in the file of a checkpoint of the hashmap backend, or timers that were in memory beside RocksDB, read as the rows that RocksDB would have; the layout is in
// heap/snapshot-format.ts. Memory: the row that is being read, and one piece of the file.
import { stat } from 'node:fs/promises';
import type { KeyedStateHandle, StoredState } from '../api/checkpoint.ts';
import { SavepointFormatError } from '../errors.ts';
import { END, SNAPSHOT_MAGIC, SNAPSHOT_VERSION } from '../heap/snapshot-format.ts';
import { ByteQueue } from '../savepoint/byte-queue.ts';
import { SavepointInput } from '../savepoint/savepoint-input.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { type ByteSource, fileSource } from './byte-source.ts';
import type { PartHeader, PartRow, RowSelection } from './keyed-part.ts';
import { type SplitRow, splitValue } from './split-values.ts';
import { stateTypesOf } from './state-types.ts';
import { StoredPart } from './stored-part.ts';

const INT_BYTES = 4;

/** Where the file is, and what is in it. */
export interface HeapCheckpointOrigin {
  readonly layout: 'rockstate-hashmap' | 'rockstate-timers';
  readonly sizeBytes: number;
  readonly subtask: number;
  readonly handle: KeyedStateHandle;
  header(): Promise<PartHeader>;
  /** Brings the file, verified, and answers where it is. */
  bring(): Promise<string>;
}

export class HeapCheckpointPart extends StoredPart {
  readonly layout: HeapCheckpointOrigin['layout'];
  readonly #origin: HeapCheckpointOrigin;
  readonly #types: SavepointTypes;

  constructor(origin: HeapCheckpointOrigin, types: SavepointTypes) {
    const { handle, layout, sizeBytes, subtask } = origin;
    super({ ...handle, sizeBytes, subtask, source: `checkpoint ${handle.checkpointId} at ${handle.location}` });
    this.layout = layout;
    this.#origin = origin;
    this.#types = types;
  }

  protected readHeader(): Promise<PartHeader> {
    return this.#origin.header();
  }

  protected async *readRows({ keyGroups, isWanted }: RowSelection): AsyncGenerator<PartRow, void> {
    const header = await this.header();
    const path = await this.#origin.bring();
    const pieces = new Pieces(await fileSource(path, await wholeOf(path)), this.source);
    try {
      await pieces.expect('magic', SNAPSHOT_MAGIC);
      await pieces.expect('version', SNAPSHOT_VERSION);
      for (let keyGroup = await pieces.int(); keyGroup !== END; keyGroup = await pieces.int()) {
        const isInRange = keyGroup >= keyGroups.start && keyGroup <= keyGroups.end;
        for (let stateId = await pieces.int(); stateId !== END; stateId = await pieces.int()) {
          const isRead = isInRange && isWanted(stateId);
          for await (const row of this.#readState(pieces, header, stateId)) {
            if (isRead) {
              yield* this.#split(header, stateId, { ...row, keyGroup });
            }
          }
        }
      }
    } finally {
      await pieces.close();
    }
  }

  async *#readState(pieces: Pieces, { states }: PartHeader, stateId: number): AsyncGenerator<SplitRow, void> {
    if (states[stateId] === undefined) {
      pieces.fail('state', `${stateId} is not among ${states.length}`);
    }
    for (let left = await pieces.int(); left > 0; left--) {
      yield { key: await pieces.block(), value: await pieces.block() };
    }
  }

  *#split(header: PartHeader, stateId: number, row: Omit<PartRow, 'stateId'>): Generator<PartRow, void> {
    const state = header.states[stateId] as PartHeader['states'][number];
    const stored = this.#origin.handle.states[stateId] as StoredState;
    const isWhole = (state.kind === 'LIST' || state.kind === 'MAP') && stored.rows !== 'canonical';
    if (!isWhole) {
      yield { ...row, stateId };
      return;
    }
    const source = `A value of state '${state.name}' of ${this.source}`;
    const from = { bytes: row.value, input: new SavepointInput(row.value, source) };
    for (const split of splitValue(from, row.key, stateTypesOf(header, state, this.#types))) {
      yield { ...split, stateId, keyGroup: row.keyGroup };
    }
  }
}

async function wholeOf(path: string): Promise<{ readonly start: number; readonly size: number }> {
  return { start: 0, size: (await stat(path)).size };
}

// Integers, and bytes behind their length.
class Pieces {
  readonly #bytes: ByteSource;
  readonly #source: string;
  readonly #queue = new ByteQueue();
  readonly #pieces: AsyncGenerator<Uint8Array, void>;

  constructor(bytes: ByteSource, source: string) {
    this.#bytes = bytes;
    this.#source = source;
    this.#pieces = bytes.pieces(0, bytes.sizeBytes);
  }

  async int(): Promise<number> {
    await this.#need(INT_BYTES);
    const value = this.#queue.intAt(0);
    this.#queue.skip(INT_BYTES);
    return value;
  }

  async block(): Promise<Uint8Array> {
    const length = await this.int();
    if (length < 0 || length > this.#bytes.sizeBytes - this.#queue.taken) {
      this.fail('length', `${length} bytes can not be`);
    }
    await this.#need(length);
    return this.#queue.take(length);
  }

  async expect(field: string, expected: number): Promise<void> {
    const found = await this.int();
    if (found !== expected) {
      this.fail(field, `it is ${found} where ${expected} was expected`);
    }
  }

  async close(): Promise<void> {
    await this.#pieces.return();
  }

  fail(field: string, reason: string): never {
    throw new SavepointFormatError(`${reason}.`, { source: this.#source, offset: this.#queue.taken, field });
  }

  async #need(length: number): Promise<void> {
    while (!this.#queue.has(length)) {
      const { value } = await this.#pieces.next();
      if (value === undefined) {
        this.fail('bytes', 'the file ends early');
      }
      this.#queue.push(value);
    }
  }
}
