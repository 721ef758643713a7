// The state backend that keeps state in RocksDB, inside the process.
import type { KeyedStateBackend, KeyedStateBackendOptions, StateBackend } from '../api/backend.ts';
import { NOTHING_CONFIGURED, type OptionSource } from '../options/option-source.ts';
import { RocksDBKeyedStateBackend } from './rocksdb-keyed-state-backend.ts';

/**
 * Keeps keyed state in embedded RocksDB databases on the local disk: it may be larger than memory.
 *
 * @example
 * ```ts
 * const backend = new EmbeddedRocksDBStateBackend();
 * await using keyed = await backend.createKeyedStateBackend({ keyType: Types.STRING });
 * ```
 */
export class EmbeddedRocksDBStateBackend implements StateBackend {
  readonly #config: OptionSource;

  /** @param config - where the backend's options are read from. Default: everything at its default. */
  constructor(config: OptionSource = NOTHING_CONFIGURED) {
    this.#config = config;
  }

  /**
   * Opens a keyed backend, restoring a checkpoint when asked.
   *
   * @throws TypeError or RangeError for options that can't work, naming the one and the value received.
   * @throws RestoreError when the checkpoint is damaged or does not fit; StateMigrationError when its types do not.
   * @throws RocksDBError when RocksDB can't open; nothing is left in `localDir` then.
   */
  createKeyedStateBackend<K>(options: KeyedStateBackendOptions<K>): Promise<KeyedStateBackend<K>> {
    return RocksDBKeyedStateBackend.open(options, this.#config);
  }
}
