// The state backend that keeps state in memory.
import type { KeyedStateBackend, KeyedStateBackendOptions, StateBackend } from '../api/backend.ts';
import { Configuration, type ConfigurationEntries } from '../config/configuration.ts';
import { StateRecoveryOptions } from '../options/checkpointing-options.ts';
import { latencyTracking, sizeTracking } from '../options/state-tracking-options.ts';
import { HashMapKeyedStateBackend } from './hash-map-keyed-state-backend.ts';

/**
 * Keeps keyed state as live objects in memory: faster than RocksDB, as nothing is read or written, and limited by the
 * heap of the process. A snapshot is taken at once, and written in the background while state is used on.
 *
 * What is read from state is the stored object itself, and what is written is stored as it is, so changing an object in
 * place changes the state. An object belongs to the state from the moment it is written; after a snapshot, read it again
 * before changing it. Arrays that a list gives out are copies, their elements are not. Iteration over a map is in the order
 * of insertion.
 *
 * @example
 * ```ts
 * const backend = new HashMapStateBackend();
 * await using keyed = await backend.createKeyedStateBackend({ keyType: Types.STRING });
 * ```
 */
export class HashMapStateBackend implements StateBackend {
  readonly #config: Configuration = new Configuration();

  /**
   * A new backend with the settings of this one and those of the configuration, which go first.
   *
   * @throws TypeError or RangeError `ERR_INVALID_CONFIG_VALUE` for a value that is not allowed, naming key and value.
   */
  configure(config: Configuration | ConfigurationEntries): HashMapStateBackend {
    const configured = new HashMapStateBackend();
    configured.#config.addAll(this.#config).addAll(new Configuration(config));
    configured.#config.get(StateRecoveryOptions.RESTORE_MODE);
    latencyTracking(configured.#config);
    sizeTracking(configured.#config);
    return configured;
  }

  /**
   * Makes a keyed backend, restoring a checkpoint when asked. `localDir` takes the files of snapshots on their way to the
   * storage.
   *
   * @throws TypeError or RangeError for options that can't work, naming the one and the value received.
   * @throws RestoreError when the checkpoint is damaged or does not fit; StateMigrationError when its types do not.
   * @throws CancelledError when the signal was aborted first; nothing is left in `localDir` then.
   */
  createKeyedStateBackend<K>(options: KeyedStateBackendOptions<K>): Promise<KeyedStateBackend<K>> {
    return HashMapKeyedStateBackend.open(options, this.#config);
  }
}
