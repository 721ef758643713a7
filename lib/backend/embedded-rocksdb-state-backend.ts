// The state backend that keeps state in RocksDB, inside the process.
import type { KeyedStateBackend, KeyedStateBackendOptions, RocksDBInspection, StateBackend } from '../api/backend.ts';
import type { ConfigOption } from '../config/config-option.ts';
import { Configuration, type ConfigurationEntries } from '../config/configuration.ts';
import { loadConfigured } from '../config/load-module.ts';
import { typeError } from '../errors.ts';
import { CheckpointingOptions, StateRecoveryOptions } from '../options/checkpointing-options.ts';
import type { PredefinedOptions, PriorityQueueStateType } from '../options/enums.ts';
import { HotStateOptions } from '../options/hot-state-options.ts';
import { RocksDBMemoryConfiguration } from '../options/memory-configuration.ts';
import { selectMemory } from '../options/memory-selection.ts';
import { RocksDBNativeMetricOptions } from '../options/native-metric-options.ts';
import { isConfigurable, type RocksDBOptionsFactory } from '../options/options-factory.ts';
import { RocksDBManualCompactionOptions, RocksDBOptions } from '../options/rocksdb-backend-options.ts';
import { RocksDBConfigurableOptions } from '../options/rocksdb-configurable-options.ts';
import { latencyTracking, sizeTracking } from '../options/state-tracking-options.ts';
import { LocalState } from '../storage/local-state.ts';
import type { ManualCompactionSettings } from './compaction-tasks.ts';
import { checkLocalDirectories, LocalDirectories, splitLocalDirectories } from './local-directories.ts';
import { RocksDBKeyedStateBackend } from './rocksdb-keyed-state-backend.ts';

/**
 * Keeps keyed state in embedded RocksDB databases on the local disk: it may be larger than memory.
 *
 * What is set in code goes before the configuration; `configure` answers a new backend and leaves this one as it is.
 *
 * @example
 * ```ts
 * const backend = new EmbeddedRocksDBStateBackend()
 *   .configure({ 'state.backend.rocksdb.memory.fixed-per-slot': '256mb' })
 *   .setPredefinedOptions('FLASH_SSD_OPTIMIZED');
 * await using keyed = await backend.createKeyedStateBackend({ keyType: Types.STRING });
 * ```
 */
export class EmbeddedRocksDBStateBackend implements StateBackend {
  readonly #config: Configuration;
  // Of the options that code may set; it goes before #config.
  readonly #code: Configuration = new Configuration();
  #memory = new RocksDBMemoryConfiguration();
  #factory: RocksDBOptionsFactory | undefined;
  #storagePaths: readonly string[] | undefined;
  #directories: LocalDirectories | undefined;

  /** @param incrementalCheckpoints - whether checkpoints are incremental. Default: what the configuration says. */
  constructor(incrementalCheckpoints?: boolean) {
    this.#config = new Configuration();
    if (incrementalCheckpoints !== undefined) {
      this.#code.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, incrementalCheckpoints);
    }
  }

  /**
   * A new backend with the settings of this one and, where code has set nothing, those of the configuration; a later
   * configuration goes before an earlier one.
   *
   * @throws TypeError or RangeError `ERR_INVALID_CONFIG_VALUE` for a value that is not allowed, naming key and value.
   */
  configure(config: Configuration | ConfigurationEntries): EmbeddedRocksDBStateBackend {
    const configured = new EmbeddedRocksDBStateBackend();
    configured.#config.addAll(this.#config).addAll(new Configuration(config));
    configured.#code.addAll(this.#code);
    configured.#factory = this.#factory;
    configured.#storagePaths = this.#storagePaths;
    configured.#memory = this.#memory.copy();
    configured.#check();
    return configured;
  }

  /**
   * Opens a keyed backend, restoring a checkpoint when asked.
   *
   * @throws TypeError or RangeError for options that can't work, naming the one and the value received.
   * @throws RestoreError when the checkpoint is damaged or does not fit; StateMigrationError when its types do not.
   * @throws CancelledError when the signal was aborted first; nothing is left in `localDir` then.
   * @throws RocksDBError when RocksDB can't open; nothing is left in `localDir` then.
   */
  async createKeyedStateBackend<K>(
    options: KeyedStateBackendOptions<K>,
  ): Promise<KeyedStateBackend<K> & RocksDBInspection> {
    const factory = await this.#configuredFactory();
    this.#directories ??= new LocalDirectories(this.getDbStoragePaths() ?? []);
    return RocksDBKeyedStateBackend.open(
      { ...options, localDir: options.localDir ?? (await this.#directories.next()) },
      {
        config: this.#config,
        preset: this.getPredefinedOptions(),
        factory,
        memory: selectMemory(this.#completedMemory(), this.#config, options.slot?.managedMemoryBytes),
        transfers: this.getNumberOfTransferThreads(),
        uploadJitterMs: this.#config.get(RocksDBOptions.CHECKPOINT_UPLOAD_JITTER),
        writeBatchBytes: this.getWriteBatchSize(),
        hotStateCacheBytes: this.getHotStateCacheSize(),
        timerFactory: this.getPriorityQueueStateType(),
        timerCacheSize: this.#config.get(RocksDBOptions.TIMER_SERVICE_CACHE_SIZE),
        incrementalCheckpoints: this.isIncrementalCheckpointsEnabled(),
        overlapFractionThreshold: this.getOverlapFractionThreshold(),
        useIngestDbRestoreMode: this.getUseIngestDbRestoreMode(),
        useDeleteFilesInRange: this.isRescalingUseDeleteFilesInRange(),
        asyncCompactAfterRescale: this.getIncrementalRestoreAsyncCompactAfterRescale(),
        manualCompaction: this.#manualCompaction(),
        localBackup: this.#config.get(CheckpointingOptions.LOCAL_BACKUP_ENABLED) ? this.#localState() : undefined,
        localRecovery: this.#config.get(StateRecoveryOptions.LOCAL_RECOVERY) ? this.#localState() : undefined,
      },
    );
  }

  isIncrementalCheckpointsEnabled(): boolean {
    return this.#get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS);
  }

  setPredefinedOptions(options: PredefinedOptions): this {
    return this.#set(RocksDBOptions.PREDEFINED_OPTIONS, options);
  }

  getPredefinedOptions(): PredefinedOptions {
    return this.#get(RocksDBOptions.PREDEFINED_OPTIONS);
  }

  /** Sets a factory, which goes before the one that the configuration names. It still sees the configuration. */
  setRocksDBOptions(factory: RocksDBOptionsFactory): this {
    checkFactory(factory, 'setRocksDBOptions');
    this.#factory = factory;
    return this;
  }

  /** The factory that was set in code. */
  getRocksDBOptions(): RocksDBOptionsFactory | undefined {
    return this.#factory;
  }

  /** Memory settings made in code; changing them changes this backend. */
  getMemoryConfiguration(): RocksDBMemoryConfiguration {
    return this.#memory;
  }

  /** As {@link setDbStoragePaths}, with one directory. */
  setDbStoragePath(path: string | undefined): this {
    return path === undefined ? this.setDbStoragePaths() : this.setDbStoragePaths(path);
  }

  /**
   * Sets the directories of working files, used in turn; none removes the setting.
   *
   * @throws TypeError `ERR_INVALID_LOCAL_DIRECTORY` for one that is no absolute local path.
   */
  setDbStoragePaths(...paths: string[]): this {
    this.#storagePaths = paths.length === 0 ? undefined : checkLocalDirectories(paths);
    this.#directories = undefined;
    return this;
  }

  getDbStoragePaths(): readonly string[] | undefined {
    const configured = this.#config.get(RocksDBOptions.LOCAL_DIRECTORIES);
    const fromConfig = configured === undefined ? [] : checkLocalDirectories(splitLocalDirectories(configured));
    return this.#storagePaths ?? (fromConfig.length === 0 ? undefined : fromConfig);
  }

  setPriorityQueueStateType(type: PriorityQueueStateType): this {
    return this.#set(RocksDBOptions.TIMER_SERVICE_FACTORY, type);
  }

  getPriorityQueueStateType(): PriorityQueueStateType {
    return this.#get(RocksDBOptions.TIMER_SERVICE_FACTORY);
  }

  /** Files that are uploaded or downloaded at once; must be more than 0. */
  setNumberOfTransferThreads(count: number): this {
    if (!(count > 0)) {
      throw typeError('ERR_INVALID_CONFIG_VALUE', `The number of transfers must be more than 0; received ${count}.`);
    }
    return this.#set(RocksDBOptions.CHECKPOINT_TRANSFER_THREAD_NUM, count);
  }

  getNumberOfTransferThreads(): number {
    const configured = this.#get(RocksDBOptions.CHECKPOINT_TRANSFER_THREAD_NUM);
    // Negative is Flink's shared pool; here all transfers are libuv's, of which four run at once.
    return configured < 0 ? RocksDBOptions.CHECKPOINT_TRANSFER_THREAD_NUM.defaultValue : Math.max(configured, 1);
  }

  /** Bytes at which a write batch is written; 0 is one batch however large. */
  setWriteBatchSize(bytes: number): this {
    return this.#set(RocksDBConfigurableOptions.WRITE_BATCH_SIZE, bytes);
  }

  getWriteBatchSize(): number {
    return this.#get(RocksDBConfigurableOptions.WRITE_BATCH_SIZE);
  }

  /**
   * Bytes in which every keyed backend keeps rows that were used lately, and gathers what changes in them; 0, the default, is
   * none. They are beside the slot's managed memory. Flink has no such cache.
   *
   * @throws RangeError `ERR_INVALID_CONFIG_VALUE` for what is neither 0 nor from 8 KiB to 2 GiB.
   */
  setHotStateCacheSize(bytes: number): this {
    return this.#set(HotStateOptions.CACHE_SIZE, bytes);
  }

  getHotStateCacheSize(): number {
    return this.#get(HotStateOptions.CACHE_SIZE);
  }

  getOverlapFractionThreshold(): number {
    return this.#get(RocksDBConfigurableOptions.RESTORE_OVERLAP_FRACTION_THRESHOLD);
  }

  getUseIngestDbRestoreMode(): boolean {
    return this.#get(RocksDBConfigurableOptions.USE_INGEST_DB_RESTORE_MODE);
  }

  getIncrementalRestoreAsyncCompactAfterRescale(): boolean {
    return this.#get(RocksDBConfigurableOptions.INCREMENTAL_RESTORE_ASYNC_COMPACT_AFTER_RESCALE);
  }

  isRescalingUseDeleteFilesInRange(): boolean {
    return this.#get(RocksDBConfigurableOptions.USE_DELETE_FILES_IN_RANGE_DURING_RESCALING);
  }

  #get<T>(option: ConfigOption<T>): T {
    return this.#code.getOptional(option) ?? this.#config.get(option);
  }

  #set<T>(option: ConfigOption<T>, value: NonNullable<T>): this {
    this.#code.set(option, value);
    return this;
  }

  #manualCompaction(): ManualCompactionSettings {
    const options = RocksDBManualCompactionOptions;
    return {
      minIntervalMs: this.#config.get(options.MIN_INTERVAL),
      maxParallelCompactions: this.#config.get(options.MAX_PARALLEL_COMPACTIONS),
      maxFileSizeToCompactBytes: this.#config.get(options.MAX_FILE_SIZE_TO_COMPACT),
      minFilesToCompact: this.#config.get(options.MIN_FILES_TO_COMPACT),
      maxFilesToCompact: this.#config.get(options.MAX_FILES_TO_COMPACT),
      maxOutputFileSizeBytes: this.#config.get(options.MAX_OUTPUT_FILE_SIZE),
      maxAutoCompactions: this.#config.get(options.MAX_AUTO_COMPACTIONS),
    };
  }

  #localState(): LocalState {
    const { LOCAL_BACKUP_DIRECTORIES: option } = CheckpointingOptions;
    const [directory] = checkLocalDirectories(splitLocalDirectories(this.#config.get(option) ?? ''));
    if (directory === undefined) {
      throw typeError('ERR_INVALID_CONFIG_VALUE', `Local copies of checkpoints need a directory: set '${option.key}'.`);
    }
    return new LocalState(directory);
  }

  #completedMemory(): RocksDBMemoryConfiguration {
    return this.#memory.completedFrom(this.#config);
  }

  // A bad value is reported where the configuration comes in, not when the option is first needed.
  #check(): void {
    const options = [...Object.values(RocksDBConfigurableOptions), ...Object.values(RocksDBOptions)];
    for (const option of options as readonly ConfigOption<unknown>[]) {
      this.#config.get(option);
    }
    this.#config.get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS);
    this.#config.get(HotStateOptions.CACHE_SIZE);
    this.#config.get(StateRecoveryOptions.RESTORE_MODE);
    RocksDBNativeMetricOptions.fromConfig(this.#config);
    latencyTracking(this.#config);
    sizeTracking(this.#config);
    this.#completedMemory();
    this.getDbStoragePaths();
  }

  async #configuredFactory(): Promise<RocksDBOptionsFactory | undefined> {
    const { key } = RocksDBOptions.OPTIONS_FACTORY;
    const specifier = this.#config.get(RocksDBOptions.OPTIONS_FACTORY);
    const factory = this.#factory ?? (specifier && (await loadConfigured(specifier, key)));
    if (factory === undefined || factory === '') {
      return undefined;
    }
    checkFactory(factory, key);
    return isConfigurable(factory) ? factory.configure(this.#config) : factory;
  }
}

function checkFactory(factory: unknown, where: string): asserts factory is RocksDBOptionsFactory {
  const { createDBOptions, createColumnOptions } = (factory ?? {}) as Partial<RocksDBOptionsFactory>;
  if (typeof createDBOptions !== 'function' || typeof createColumnOptions !== 'function') {
    throw typeError(
      'ERR_INVALID_OPTIONS_FACTORY',
      `${where} must give an options factory, with createDBOptions and createColumnOptions.`,
    );
  }
}
