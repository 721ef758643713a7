// A value state that is larger than the memory it is given: written once, kept as an incremental checkpoint, whose files are
// linked, and opened from it by each process that measures.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  type KeyedStateBackend,
  type RocksDBInspection,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { scrambled } from '../memory-budget/contents.ts';

export const VALUE_BYTES = 1024;
const RANDOM_BYTES: number = VALUE_BYTES / 2;
const STATE = new ValueStateDescriptor('value', Types.BYTES);
const WRITES_PER_TURN = 1000;
const CHECKPOINT = 1;

export interface Settings {
  readonly directory: string;
  readonly keys: number;
  readonly memory: string;
  /** Past the page cache of the system. */
  readonly directReads: boolean;
  /** Whether indices of files are in parts that are read one by one. */
  readonly partitionedIndex: boolean;
}

export class DataSet {
  readonly state: ValueState<Uint8Array>;
  readonly keyCount: number;
  readonly #keyed: KeyedStateBackend<number> & RocksDBInspection;

  private constructor(keyed: KeyedStateBackend<number> & RocksDBInspection, keyCount: number) {
    this.#keyed = keyed;
    this.keyCount = keyCount;
    this.state = keyed.getState(STATE);
  }

  static async open(settings: Settings): Promise<DataSet> {
    const storage = storageOf(settings);
    const restore = { storage, handle: await storage.open(CHECKPOINT) };
    return new DataSet(await backend(settings).createKeyedStateBackend({ ...where(settings), restore }), settings.keys);
  }

  setKey(key: number): void {
    this.#keyed.setCurrentKey(key);
  }

  prefetch(keys: Iterable<number>): Promise<void> {
    return this.#keyed.prefetch(keys);
  }

  /** Of blocks and memtables. */
  get memoryBytes(): number {
    return this.#keyed.memoryUsage()?.cacheUsageBytes ?? Number.NaN;
  }

  close(): Promise<void> {
    return this.#keyed.close();
  }
}

/** Writes all values, in no order of their rows, and answers the bytes of the files that they come to. */
export async function fill(settings: Settings): Promise<number> {
  await using keyed = await backend(settings).createKeyedStateBackend(where(settings));
  const state = keyed.getState(STATE);
  const value = new Uint8Array(VALUE_BYTES);
  const words = new DataView(value.buffer);
  for (let key = 0; key < settings.keys; key++) {
    words.setUint32(0, key);
    for (let offset = 4; offset < RANDOM_BYTES; offset += 4) {
      words.setUint32(offset, scrambled(key * VALUE_BYTES + offset));
    }
    keyed.setCurrentKey(key);
    state.update(value);
    if (key % WRITES_PER_TURN === 0) {
      await setImmediate();
    }
  }
  await keyed.compact(STATE.name);
  return (await keyed.snapshot(CHECKPOINT, storageOf(settings))).sizeBytes;
}

/** @throws Error unless it is the value that was written for the key. */
export function check(value: Uint8Array | undefined, key: number): void {
  if (value?.length !== VALUE_BYTES || new DataView(value.buffer, value.byteOffset).getUint32(0) !== key) {
    throw new Error(`Key ${key} has not the value that was written.`);
  }
}

function where({ directory }: Settings) {
  return { keyType: Types.LONG, localDir: directory, states: [STATE], slot: {} };
}

function storageOf({ directory }: Settings): FileSystemCheckpointStorage {
  return new FileSystemCheckpointStorage(join(directory, 'checkpoints'));
}

function backend({ memory, directReads, partitionedIndex }: Settings): EmbeddedRocksDBStateBackend {
  return new EmbeddedRocksDBStateBackend(true)
    .configure({
      'state.backend.rocksdb.memory.fixed-per-slot': memory,
      'state.backend.rocksdb.memory.partitioned-index-filters': partitionedIndex,
    })
    .setRocksDBOptions({
      createDBOptions: (options) => options.setUseDirectReads(directReads),
      createColumnOptions: (options) => options,
    });
}
