// Opens the database of a keyed backend, restoring a checkpoint when asked. What fails, or is cancelled, leaves nothing behind.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyedStateBackendOptions } from '../api/backend.ts';
import type { KeyedStateHandle } from '../api/checkpoint.ts';
import { NativeMetricMonitor } from '../metrics/native-metric-monitor.ts';
import { rewriteState } from '../migration/rewrite-state.ts';
import type { PriorityQueueStateType } from '../options/enums.ts';
import type { MemorySelection } from '../options/memory-selection.ts';
import type { OptionSources } from '../options/option-resolver.ts';
import type { RestoreTarget } from '../restore/check-fits.ts';
import { type RestoredDatabase, restoreRocksDB } from '../restore/rocksdb-restore.ts';
import { restoreRocksDBSavepoint } from '../restore/rocksdb-savepoint-restore.ts';
import { RocksDB } from '../rocksdb/rocksdb.ts';
import type { LocalState } from '../storage/local-state.ts';
import type { HeapTimerQueue } from '../timers/heap-timer-queue.ts';
import { checkOpening, openingFailure, transferSignal } from './cancellation.ts';
import { protectUnclaimed } from './claim.ts';
import type { ManualCompactionSettings } from './compaction-tasks.ts';
import { type KeyedSettings, toKeyedSettings, withKeySerializer } from './keyed-settings.ts';
import { OpenedOptions } from './opened-options.ts';
import { RestoreDurations } from './restore-durations.ts';
import { type Beginning, begin, planRestore, type RestorePlan } from './restore-plan.ts';
import { timersIntoDatabase, timersIntoMemory } from './restored-timers.ts';
import { leaseMemory, type MemoryLease, PROCESS_SLOT } from './slot-memory.ts';
import type { StateRegistry } from './state-registry.ts';

/** Names the backend in checkpoints. */
export const ROCKSDB_KIND = 'rocksdb';

/** What the backend that opens it has decided. */
export interface RocksDBBackendSettings extends Omit<OptionSources, 'sharedMemory'> {
  /** To share with the other keyed backends of the slot; `undefined` for a block cache of its own per state. */
  readonly memory: MemorySelection | undefined;
  /** Files that are uploaded or downloaded at once. */
  readonly transfers: number;
  /** Longest random wait before an upload. */
  readonly uploadJitterMs: number;
  /** Bytes at which a write batch is written; 0 = without limit. */
  readonly writeBatchBytes: number;
  /** For rows that are used often; 0 = none. */
  readonly hotStateCacheBytes: number;
  /** Where timers are kept. */
  readonly timerFactory: PriorityQueueStateType;
  /** Timers of a key group and queue in RocksDB that are kept in memory, too. */
  readonly timerCacheSize: number;
  readonly incrementalCheckpoints: boolean;
  /** Least share of a handle's key groups that must be wanted for a restore to build upon it. */
  readonly overlapFractionThreshold: number;
  readonly useIngestDbRestoreMode: boolean;
  readonly useDeleteFilesInRange: boolean;
  readonly asyncCompactAfterRescale: boolean;
  readonly manualCompaction: ManualCompactionSettings;
  /** Where copies of checkpoints are kept on this machine. */
  readonly localBackup: LocalState | undefined;
  /** From where copies of checkpoints are read. */
  readonly localRecovery: LocalState | undefined;
}

/** What a keyed backend on RocksDB is made of. */
export interface OpenedRocksDB<K> {
  readonly settings: KeyedSettings<K>;
  readonly backend: RocksDBBackendSettings;
  readonly registry: StateRegistry;
  readonly restored: RestoredDatabase;
  /** Queues that are in memory; `undefined` where they are in the database. */
  readonly timers: Map<string, HeapTimerQueue> | undefined;
  /** Whether rows of other key groups were restored and are hidden, which a compaction removes. */
  readonly isRescaled: boolean;
  /** Whose snapshots were restored. */
  readonly handles: readonly KeyedStateHandle[];
  readonly options: OpenedOptions;
  readonly lease: MemoryLease | undefined;
  /** `undefined` when no native metric is on. */
  readonly monitor: NativeMetricMonitor | undefined;
}

interface Prepared<K> extends Pick<OpenedRocksDB<K>, 'settings' | 'backend' | 'options' | 'lease'> {
  readonly given: KeyedStateBackendOptions<K>;
  readonly plan: RestorePlan;
}

export async function openRocksDB<K>(
  given: KeyedStateBackendOptions<K>,
  backend: RocksDBBackendSettings,
): Promise<OpenedRocksDB<K>> {
  const prepared = prepare(given, backend);
  const { lease, options, plan, settings } = prepared;
  const { checkpoint, claimMode, handles } = plan;
  let db: RocksDB | undefined;
  try {
    await mkdir(settings.directory, { recursive: true });
    const durations = new RestoreDurations();
    const beginning = await begin(plan, given.states ?? [], settings);
    const { savepoint } = beginning;
    const restoresFiles = handles.length + (savepoint?.databases.length ?? 0) > 0;
    const restored = await restoreOrCreate(prepared, beginning, durations);
    db = restored.db;
    const timers = await placeTimers(prepared, beginning, db);
    await migrateDeclared(prepared, beginning, db);
    checkOpening(given.signal);
    if (checkpoint !== undefined) {
      await protectUnclaimed(checkpoint, handles, claimMode);
      durations.report(given.metricGroup, handles);
    }
    return {
      ...{ backend, options, lease, handles, timers },
      settings: withKeySerializer(settings, beginning.keySerializer),
      registry: beginning.registry,
      // The files of a savepoint are somebody else's.
      restored: claimMode === 'NO_CLAIM' || savepoint !== undefined ? { db, unchanged: undefined } : restored,
      isRescaled: restoresFiles && restored.unchanged === undefined,
      monitor: startMonitor(prepared, db),
    };
  } catch (error) {
    await db?.close().catch(() => {});
    lease?.release();
    closeOnFailure(options);
    await rm(settings.directory, { recursive: true, force: true });
    throw openingFailure(error, given.signal);
  }
}

function prepare<K>(given: KeyedStateBackendOptions<K>, backend: RocksDBBackendSettings): Prepared<K> {
  const settings = toKeyedSettings(given, backend.config);
  checkOpening(given.signal);
  const target: RestoreTarget = { ...settings, backend: ROCKSDB_KIND, keySerializer: settings.keyType.serializer };
  const plan = planRestore(given.restore, target, backend.config);
  const { memory: selected } = backend;
  const lease = selected && leaseMemory({ kind: selected.kind, slot: given.slot ?? PROCESS_SLOT }, selected);
  const partitionedIndexFilters = selected?.partitionedIndexFilters ?? false;
  const options = new OpenedOptions(
    { ...backend, sharedMemory: lease && { ...lease.limits, partitionedIndexFilters } },
    { maxParallelism: settings.maxParallelism, keySerializer: settings.keyType.serializer },
  );
  return { settings, backend, options, lease, given, plan };
}

async function restoreOrCreate<K>(
  { backend, given, lease, options, plan, settings }: Prepared<K>,
  { registry, savepoint }: Beginning,
  durations: RestoreDurations,
): Promise<RestoredDatabase> {
  const path = join(settings.directory, 'db');
  const native = options.nativeMetrics();
  const statistics = native.isEnabled && given.metricGroup !== undefined ? { statistics: native.statistics } : {};
  for (const state of registry.states) {
    options.declare(state);
  }
  const names = registry.states.map(({ name }) => name);
  const open = (directory: string) =>
    RocksDB.open(directory, { ...options.openOptions(names, lease?.memory), ...statistics });
  const restoring = {
    ...{ ...backend, path, open, target: plan.target, workDirectory: settings.directory },
    columnFamilyOptions: (state: string) => options.ofColumnFamily(state),
    localState: plan.checkpoint && backend.localRecovery,
    signal: transferSignal(undefined, given.signal),
    onDownloaded: durations.onDownloaded,
  };
  if (savepoint !== undefined) {
    return restoreRocksDBSavepoint(savepoint, restoring);
  }
  return plan.checkpoint === undefined
    ? { db: await open(path), unchanged: undefined }
    : restoreRocksDB({ ...restoring, source: plan.checkpoint, handles: plan.handles });
}

async function placeTimers<K>(
  { backend, given, plan, settings }: Prepared<K>,
  { registry }: Beginning,
  db: RocksDB,
): Promise<Map<string, HeapTimerQueue> | undefined> {
  const place = {
    ...{ db, plan, workDirectory: settings.directory },
    queues: registry.states.filter(({ kind }) => kind === 'PRIORITY_QUEUE').map(({ name }) => name),
    localState: plan.checkpoint && backend.localRecovery,
    signal: transferSignal(undefined, given.signal),
  };
  return backend.timerFactory === 'HEAP' ? timersIntoMemory(place) : void (await timersIntoDatabase(place));
}

async function migrateDeclared<K>(
  { given, options, plan, settings }: Prepared<K>,
  { registry, toMigrate }: Beginning,
  db: RocksDB,
): Promise<void> {
  for (const { descriptor, namespaceSerializer } of toMigrate) {
    // It may have been declared twice.
    const use = registry.use(descriptor, namespaceSerializer);
    if (use.migration === undefined) {
      continue;
    }
    const { name } = descriptor;
    const columnFamily = db.columnFamily(name);
    const estimatedRows = Number(await db.property('rocksdb.estimate-num-keys', { columnFamily }));
    const { onMigrationProgress } = given;
    await rewriteState(
      use,
      { ...{ db, columnFamily, options: options.ofColumnFamily(name), ...plan.target, directory: settings.directory } },
      {
        signal: transferSignal(undefined, given.signal),
        ...(onMigrationProgress && {
          onProgress: (rows: number) => onMigrationProgress({ state: name, rows, estimatedRows }),
        }),
      },
    );
    registry.register(use);
  }
}

function startMonitor<K>({ given, lease, options }: Prepared<K>, db: RocksDB): NativeMetricMonitor | undefined {
  const native = options.nativeMetrics();
  return given.metricGroup !== undefined && native.isEnabled
    ? NativeMetricMonitor.start({ db, memory: lease?.memory }, native, given.metricGroup)
    : undefined;
}

/** Closes the handles of an options factory; why the backend did not open matters more than why they did not close. */
function closeOnFailure(options: OpenedOptions): void {
  try {
    options.close();
  } catch (error) {
    process.emitWarning(error as Error);
  }
}
