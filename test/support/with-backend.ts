// Keyed backends for tests: each in a fresh directory, closed and removed at the end whatever happens.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyedStateBackend, KeyedStateBackendOptions, StateBackend } from '../../lib/api/backend.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { MetricRegistry } from '../../lib/metrics/metric-registry.ts';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';

/** The backends as they are by default. */
export const PLAIN_BACKENDS: Readonly<Record<string, () => StateBackend>> = {
  RocksDB: () => new EmbeddedRocksDBStateBackend(),
  HashMap: () => new HashMapStateBackend(),
};

/** With a cache of hot state that holds all, and one that holds next to nothing, so that rows leave it all the time. */
export const HOT_STATE_BACKENDS = {
  'RocksDB, hot state': (): EmbeddedRocksDBStateBackend =>
    new EmbeddedRocksDBStateBackend().setHotStateCacheSize(4 * 1024 * 1024),
  'RocksDB, little hot state': (): EmbeddedRocksDBStateBackend =>
    new EmbeddedRocksDBStateBackend().setHotStateCacheSize(8 * 1024),
} as const;

/** Every configuration that the contract suite runs over. What has nothing to do with each other shares one. */
export const BACKENDS: Readonly<Record<string, () => StateBackend>> = {
  ...PLAIN_BACKENDS,
  'RocksDB, heap timers, little hot state': () =>
    HOT_STATE_BACKENDS['RocksDB, little hot state']().configure({
      'state.backend.rocksdb.timer-service.factory': 'HEAP',
    }),
  'RocksDB, tracked, hot state': () => tracked(HOT_STATE_BACKENDS['RocksDB, hot state']()),
  'HashMap, tracked': () => tracked(new HashMapStateBackend()),
};

const EVERY_CALL = {
  'state.latency-track.keyed-state-enabled': true,
  'state.latency-track.sample-interval': 1,
  'state.size-track.keyed-state-enabled': true,
  'state.size-track.sample-interval': 1,
  'state.backend.rocksdb.metrics.bytes-written': true,
  'state.backend.rocksdb.metrics.estimate-num-keys': true,
};

// Measures every call, which must change nothing but what is measured.
function tracked(backend: EmbeddedRocksDBStateBackend | HashMapStateBackend): StateBackend {
  const configured = backend.configure(EVERY_CALL);
  return {
    createKeyedStateBackend: (options) =>
      configured.createKeyedStateBackend({ ...options, metricGroup: new MetricRegistry().root }),
  };
}

/** What a test gets: keyed backends of one kind, and a checkpoint storage, all below one directory. */
export interface Bench {
  readonly directory: string;
  readonly localDir: string;
  readonly storage: FileSystemCheckpointStorage;
  open<K>(options: KeyedStateBackendOptions<K>): Promise<KeyedStateBackend<K>>;
  /** Names in the directory of working files. */
  leftovers(): Promise<string[]>;
}

export async function withBackend(create: () => StateBackend, test: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-test-'));
  const localDir = join(directory, 'local');
  const opened: KeyedStateBackend<never>[] = [];
  const bench: Bench = {
    directory,
    localDir,
    storage: new FileSystemCheckpointStorage(join(directory, 'checkpoints')),
    async open<K>(options: KeyedStateBackendOptions<K>) {
      const keyed = await create().createKeyedStateBackend({ localDir, ...options });
      opened.push(keyed as KeyedStateBackend<never>);
      return keyed;
    },
    leftovers: () => readdir(localDir),
  };
  try {
    await test(bench);
  } finally {
    await Promise.all(opened.map((keyed) => keyed.close()));
    await rm(directory, { recursive: true, force: true });
  }
}
