// A value state with far more data than fits the block cache, kept as a checkpoint and opened with options of the
// benchmark's choice.
import { randomFillSync } from 'node:crypto';
import { join } from 'node:path';
import {
  type ColumnFamilyOptions,
  type DBOptions,
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  type KeyedStateBackend,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from '../../lib/index.ts';

const VALUE_BYTES = 256;
const STATE = new ValueStateDescriptor('value', Types.BYTES);

function backend(directReads: boolean): EmbeddedRocksDBStateBackend {
  return new EmbeddedRocksDBStateBackend()
    .configure({ 'state.backend.rocksdb.memory.managed': false })
    .setRocksDBOptions({
      createDBOptions: (options: DBOptions) => options.setUseDirectReads(directReads),
      createColumnOptions: (options: ColumnFamilyOptions) => options,
    });
}

/** Writes random values, which do not compress, for the keys from 0 on. Answers the bytes of files. */
export async function fill(directory: string, keys: number): Promise<number> {
  await using keyed = await backend(false).createKeyedStateBackend({ keyType: Types.LONG, localDir: directory });
  const state = keyed.getState(STATE);
  const value = new Uint8Array(VALUE_BYTES);
  for (let key = 0; key < keys; key++) {
    randomFillSync(value);
    keyed.setCurrentKey(key);
    state.update(value);
  }
  const handle = await keyed.snapshot(1, new FileSystemCheckpointStorage(join(directory, 'checkpoints')));
  return handle.sizeBytes;
}

export class DataSet {
  readonly state: ValueState<Uint8Array>;
  readonly #keyed: KeyedStateBackend<number>;

  private constructor(keyed: KeyedStateBackend<number>) {
    this.#keyed = keyed;
    this.state = keyed.getState(STATE);
  }

  static async open(directory: string, options: { readonly directReads: boolean }): Promise<DataSet> {
    const storage = new FileSystemCheckpointStorage(join(directory, 'checkpoints'));
    const restore = { storage, handle: await storage.open(1) };
    const keyed = backend(options.directReads).createKeyedStateBackend({
      keyType: Types.LONG,
      localDir: directory,
      restore,
    });
    return new DataSet(await keyed);
  }

  setKey(key: number): void {
    this.#keyed.setCurrentKey(key);
  }

  prefetch(keys: Iterable<number>): Promise<void> {
    return this.#keyed.prefetch(keys);
  }

  close(): Promise<void> {
    return this.#keyed.close();
  }
}
