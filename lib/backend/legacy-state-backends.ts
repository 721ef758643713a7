// The backends of Flink 1.x, each of which was a backend and a checkpoint storage in one.
import type { KeyedStateBackend, KeyedStateBackendOptions, RocksDBInspection } from '../api/backend.ts';
import type { CheckpointStorage } from '../api/checkpoint.ts';
import type { Configuration, ConfigurationEntries } from '../config/configuration.ts';
import { FileSystemCheckpointStorage } from '../storage/file-system-checkpoint-storage.ts';
import { JobManagerCheckpointStorage } from '../storage/job-manager-checkpoint-storage.ts';
import { EmbeddedRocksDBStateBackend } from './embedded-rocksdb-state-backend.ts';
import { HashMapStateBackend } from './hash-map-state-backend.ts';
import type { LegacyStateBackend } from './load-state-backend.ts';

function warn(name: string, replacement: string): void {
  process.emitWarning(`${name} is deprecated; use ${replacement}.`, {
    type: 'DeprecationWarning',
    code: 'ROCKSTATE_LEGACY_BACKEND',
  });
}

/** @deprecated Use a {@link HashMapStateBackend} and a {@link JobManagerCheckpointStorage}. */
export class MemoryStateBackend extends HashMapStateBackend implements LegacyStateBackend {
  readonly checkpointStorage: CheckpointStorage;

  /** @param maxStateSize - largest file of a checkpoint, in bytes. Default 5 MiB. */
  constructor(maxStateSize?: number) {
    super();
    warn('MemoryStateBackend', 'HashMapStateBackend and JobManagerCheckpointStorage');
    this.checkpointStorage = new JobManagerCheckpointStorage(maxStateSize);
  }
}

/** @deprecated Use a {@link HashMapStateBackend} and a {@link FileSystemCheckpointStorage}. */
export class FsStateBackend extends HashMapStateBackend implements LegacyStateBackend {
  readonly checkpointStorage: CheckpointStorage;

  /** @param checkpointUri - the directory of checkpoints: a path or a `file:` URL. */
  constructor(checkpointUri: string | URL) {
    super();
    warn('FsStateBackend', 'HashMapStateBackend and FileSystemCheckpointStorage');
    this.checkpointStorage = new FileSystemCheckpointStorage(checkpointUri);
  }
}

/** @deprecated Use an {@link EmbeddedRocksDBStateBackend} and a {@link FileSystemCheckpointStorage}. */
export class RocksDBStateBackend implements LegacyStateBackend {
  readonly checkpointStorage: CheckpointStorage;
  /** The backend that this one stands for: settings are made there. */
  readonly embedded: EmbeddedRocksDBStateBackend;

  /**
   * @param checkpointUri - the directory of checkpoints: a path or a `file:` URL.
   * @param incrementalCheckpoints - whether checkpoints are incremental. Default: what the configuration says.
   */
  constructor(checkpointUri: string | URL | CheckpointStorage, incrementalCheckpoints?: boolean) {
    warn('RocksDBStateBackend', 'EmbeddedRocksDBStateBackend and FileSystemCheckpointStorage');
    this.checkpointStorage = isStorage(checkpointUri) ? checkpointUri : new FileSystemCheckpointStorage(checkpointUri);
    this.embedded = new EmbeddedRocksDBStateBackend(incrementalCheckpoints);
  }

  /** As {@link EmbeddedRocksDBStateBackend.configure}; the storage stays. */
  configure(config: Configuration | ConfigurationEntries): RocksDBStateBackend {
    return Object.assign(Object.create(RocksDBStateBackend.prototype) as RocksDBStateBackend, {
      checkpointStorage: this.checkpointStorage,
      embedded: this.embedded.configure(config),
    });
  }

  /** As {@link EmbeddedRocksDBStateBackend.createKeyedStateBackend}. */
  createKeyedStateBackend<K>(options: KeyedStateBackendOptions<K>): Promise<KeyedStateBackend<K> & RocksDBInspection> {
    return this.embedded.createKeyedStateBackend(options);
  }
}

function isStorage(value: string | URL | CheckpointStorage): value is CheckpointStorage {
  return typeof value === 'object' && 'begin' in value;
}
