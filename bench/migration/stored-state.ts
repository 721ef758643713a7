// A checkpoint of one state with many rows, which is restored as often as it takes.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  type KeyedStateBackend,
  type KeyedStateHandle,
  type StateDescriptor,
  Types,
} from '../../lib/index.ts';
import { type Timed, timed } from '../harness/measure.ts';
import { type Change, checkValue, type StoredValues } from './cases.ts';

const CALLS_PER_TURN = 1000;
const CHECKED_KEYS = 1000;

export class StoredState {
  readonly #stored: StoredValues;
  readonly #rows: number;
  readonly #directory: string;
  readonly #storage: FileSystemCheckpointStorage;
  readonly #handle: KeyedStateHandle;

  private constructor(
    stored: StoredValues,
    { rows, directory }: { readonly rows: number; readonly directory: string },
    [storage, handle]: readonly [FileSystemCheckpointStorage, KeyedStateHandle],
  ) {
    this.#stored = stored;
    this.#rows = rows;
    this.#directory = directory;
    this.#storage = storage;
    this.#handle = handle;
  }

  static async write(
    stored: StoredValues,
    where: { readonly rows: number; readonly directory: string },
  ): Promise<StoredState> {
    const keyed = await open(where.directory, { states: [stored.stored] });
    const state = keyed.getState(stored.stored);
    for (let key = 0; key < where.rows; key++) {
      keyed.setCurrentKey(key);
      state.update(stored.valueFor(key));
      if (key % CALLS_PER_TURN === 0) {
        await setImmediate();
      }
    }
    const storage = new FileSystemCheckpointStorage(join(where.directory, 'checkpoints'));
    const handle = await keyed.snapshot(1, storage);
    await keyed.close();
    return new StoredState(stored, where, [storage, handle]);
  }

  /** Restores the state as it was stored. */
  async restore(): Promise<Timed> {
    const { stored, valueFor } = this.#stored;
    return this.#restoreAs({ name: 'no change', declared: stored, valueFor });
  }

  /** Restores and changes it. @throws Error when values are not what they should become. */
  async migrate(change: Change): Promise<Timed> {
    return this.#restoreAs(change);
  }

  async #restoreAs(change: Change): Promise<Timed> {
    let keyed: KeyedStateBackend<number> | undefined;
    const restore = { storage: this.#storage, handle: this.#handle };
    const taken = await timed(async () => {
      keyed = await open(this.#directory, { states: [change.declared], restore });
    });
    const opened = keyed as unknown as KeyedStateBackend<number>;
    const state = opened.getState(change.declared);
    for (let place = 0; place < CHECKED_KEYS; place++) {
      const key = Math.floor((place * this.#rows) / CHECKED_KEYS);
      opened.setCurrentKey(key);
      checkValue(change, key, state.value());
    }
    await opened.close();
    return taken;
  }
}

interface Opening {
  readonly states: readonly StateDescriptor<unknown>[];
  readonly restore?: { readonly storage: FileSystemCheckpointStorage; readonly handle: KeyedStateHandle };
}

function open(directory: string, opening: Opening): Promise<KeyedStateBackend<number>> {
  return new EmbeddedRocksDBStateBackend(true).createKeyedStateBackend({
    keyType: Types.INT,
    localDir: join(directory, 'working'),
    ...opening,
  });
}
