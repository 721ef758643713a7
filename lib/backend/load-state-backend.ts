// Backends and storages by configuration: a short name, or a module with a factory.
import type { StateBackend } from '../api/backend.ts';
import type { CheckpointStorage } from '../api/checkpoint.ts';
import type { Configuration, ReadableConfig } from '../config/configuration.ts';
import { loadConfigured } from '../config/load-module.ts';
import { typeError } from '../errors.ts';
import { remarksOn } from '../options/all-options.ts';
import { CheckpointingOptions } from '../options/checkpointing-options.ts';
import { StateBackendOptions } from '../options/state-backend-options.ts';
import { JobManagerCheckpointStorage } from '../storage/job-manager-checkpoint-storage.ts';
import { EmbeddedRocksDBStateBackend } from './embedded-rocksdb-state-backend.ts';
import { HashMapStateBackend } from './hash-map-state-backend.ts';
import { storageAt } from './storage-at.ts';

/** What a module named by `state.backend.type` exports. */
export interface StateBackendFactory {
  createFromConfig(config: ReadableConfig): StateBackend | Promise<StateBackend>;
}

/** What a module named by `execution.checkpointing.storage` exports. */
export interface CheckpointStorageFactory {
  createFromConfig(config: ReadableConfig): CheckpointStorage | Promise<CheckpointStorage>;
}

/** A backend that takes a configuration, such as an {@link EmbeddedRocksDBStateBackend}. */
export interface ConfigurableStateBackend extends StateBackend {
  configure(config: Configuration): StateBackend;
}

const LEGACY_BACKENDS = ['jobmanager', 'filesystem'];

/**
 * The backend to use: the one from code, configured if it can be, else that of `state.backend.type` — `hashmap` (the
 * default), `rocksdb`, the legacy `jobmanager` and `filesystem`, which both stand for `hashmap`, or the module of a
 * {@link StateBackendFactory}. What is doubtful in the configuration is emitted as a warning of the process.
 *
 * @throws TypeError `ERR_INVALID_CONFIG_VALUE` for another value, or one that is not allowed.
 */
export async function loadStateBackend(config: Configuration, fromCode?: StateBackend): Promise<StateBackend> {
  for (const remark of remarksOn(config)) {
    process.emitWarning(remark, { type: 'ConfigurationWarning', code: 'ROCKSTATE_CONFIGURATION' });
  }
  if (fromCode !== undefined) {
    return isConfigurable(fromCode) ? fromCode.configure(config) : fromCode;
  }
  const name = config.get(StateBackendOptions.STATE_BACKEND);
  const shortcut = name.toLowerCase();
  if (shortcut === 'hashmap' || LEGACY_BACKENDS.includes(shortcut)) {
    return new HashMapStateBackend().configure(config);
  }
  if (shortcut === 'rocksdb') {
    return new EmbeddedRocksDBStateBackend().configure(config);
  }
  const { key } = StateBackendOptions.STATE_BACKEND;
  const factory = await loadFactory<StateBackendFactory>(name, key, "'hashmap', 'rocksdb'");
  return factory.createFromConfig(config);
}

/**
 * The storage to use: a backend of old that is a storage as well, else the one from code, else that of
 * `execution.checkpointing.storage` — `jobmanager`, `filesystem`, or the module of a {@link CheckpointStorageFactory} —
 * else the file system where `execution.checkpointing.dir` is set, and memory where not. A directory like
 * `s3://bucket/prefix` is in an object store: an {@link S3CheckpointStorage}, with the options of {@link S3Options}.
 *
 * @throws TypeError `ERR_INVALID_CONFIG_VALUE` for another value, or `filesystem` without a directory.
 */
export async function loadCheckpointStorage(
  config: Configuration,
  { fromCode, backend }: { readonly fromCode?: CheckpointStorage; readonly backend?: StateBackend } = {},
): Promise<CheckpointStorage> {
  const ofBackend = legacyStorageOf(backend);
  if (ofBackend !== undefined || fromCode !== undefined) {
    return ofBackend ?? (fromCode as CheckpointStorage);
  }
  const directory = config.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
  const legacy = config.get(StateBackendOptions.STATE_BACKEND).toLowerCase();
  const inferred = LEGACY_BACKENDS.includes(legacy) ? legacy : directory === undefined ? 'jobmanager' : 'filesystem';
  const name = config.get(CheckpointingOptions.CHECKPOINT_STORAGE) ?? inferred;
  const { key } = CheckpointingOptions.CHECKPOINT_STORAGE;
  const retention = {
    retained: config.get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS),
    inlineThresholdBytes: config.get(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD),
    deletesInParallel: config.get(CheckpointingOptions.CLEANER_PARALLEL_MODE),
  };
  if (name.toLowerCase() === 'jobmanager') {
    return new JobManagerCheckpointStorage(undefined, retention);
  }
  if (name.toLowerCase() === 'filesystem') {
    if (directory === undefined) {
      throw typeError(
        'ERR_INVALID_CONFIG_VALUE',
        `Option '${key}' is 'filesystem', which needs '${CheckpointingOptions.CHECKPOINTS_DIRECTORY.key}' as well.`,
      );
    }
    return storageAt(directory, config, { ...retention, linksFiles: config.get(CheckpointingOptions.LINK_FILES) });
  }
  const factory = await loadFactory<CheckpointStorageFactory>(name, key, "'jobmanager', 'filesystem'");
  return factory.createFromConfig(config);
}

/** A backend of old that brings its checkpoint storage. */
export interface LegacyStateBackend extends StateBackend {
  readonly checkpointStorage: CheckpointStorage;
}

function legacyStorageOf(backend: StateBackend | undefined): CheckpointStorage | undefined {
  return (backend as Partial<LegacyStateBackend> | undefined)?.checkpointStorage;
}

function isConfigurable(backend: StateBackend): backend is ConfigurableStateBackend {
  return typeof (backend as Partial<ConfigurableStateBackend>).configure === 'function';
}

async function loadFactory<F extends { createFromConfig: unknown }>(
  specifier: string,
  key: string,
  shortNames: string,
): Promise<F> {
  const loaded = (await loadConfigured(specifier, key).catch((cause: Error) => {
    const error = typeError(
      'ERR_INVALID_CONFIG_VALUE',
      `Option '${key}' must be ${shortNames}, or the module of a factory. ${cause.message}`,
    );
    throw Object.assign(error, { cause });
  })) as Partial<F>;
  if (typeof loaded.createFromConfig !== 'function') {
    throw typeError(
      'ERR_INVALID_CONFIG_VALUE',
      `Option '${key}' names '${specifier}', which is no factory: it has no method createFromConfig.`,
    );
  }
  return loaded as F;
}
