// Keyed state in a RocksDB database of its own: one column family per state.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  EffectiveOptions,
  KeyedStateBackendOptions,
  Listing,
  MemoryUsage,
  RocksDBInspection,
} from '../api/backend.ts';
import type { CheckpointStorage, KeyedStateHandle, SnapshotInProgress } from '../api/checkpoint.ts';
import type { StateDescriptor } from '../api/descriptors.ts';
import type { SavepointInProgress } from '../api/savepoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { CheckpointHistory } from '../checkpoint/checkpoint-history.ts';
import { takeRocksDBSavepoint } from '../checkpoint/rocksdb-savepoint.ts';
import { takeRocksDBSnapshot } from '../checkpoint/rocksdb-snapshot.ts';
import type { SavepointRequest } from '../checkpoint/savepoint-in-progress.ts';
import type { SnapshotRequest } from '../checkpoint/snapshot-in-progress.ts';
import { CompositeKeyBuilder } from '../keys/composite-key.ts';
import { NativeMetricMonitor } from '../metrics/native-metric-monitor.ts';
import type { MemorySelection } from '../options/memory-selection.ts';
import type { OptionSources } from '../options/option-resolver.ts';
import type { RestoreTarget } from '../restore/check-fits.ts';
import { type RestoredDatabase, restoreRocksDB } from '../restore/rocksdb-restore.ts';
import { restoreRocksDBSavepoint } from '../restore/rocksdb-savepoint-restore.ts';
import { isSavepoint, readSavepointState } from '../restore/savepoint-state.ts';
import { selectHandles, statesOf } from '../restore/select-handles.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import { RocksDB } from '../rocksdb/rocksdb.ts';
import { type AnyState, createState } from '../state/create-state.ts';
import { listKeys, listKeysAndNamespaces, type RowLayout } from '../state/key-listing.ts';
import { prefetchRows } from '../state/prefetch.ts';
import { RowRequests } from '../state/row-requests.ts';
import { StateTable } from '../state/state-table.ts';
import type { LocalState } from '../storage/local-state.ts';
import type { ManualCompactionSettings } from './compaction-tasks.ts';
import { KeyedBackendBase, type SerializedNamespace } from './keyed-backend-base.ts';
import { type KeyedSettings, toKeyedSettings } from './keyed-settings.ts';
import { ManualCompaction } from './manual-compaction.ts';
import { OpenedOptions } from './opened-options.ts';
import { leaseMemory, type MemoryLease, PROCESS_SLOT } from './slot-memory.ts';
import { StateRegistry } from './state-registry.ts';

const KIND = 'rocksdb';

/** What the backend that opens it has decided. */
export interface RocksDBBackendSettings extends Omit<OptionSources, 'sharedMemory'> {
  /** To share with the other keyed backends of the slot; `undefined` for a block cache of its own per state. */
  readonly memory: MemorySelection | undefined;
  /** Files that are uploaded or downloaded at once. */
  readonly transfers: number;
  /** Bytes at which a write batch is written; 0 = without limit. */
  readonly writeBatchBytes: number;
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

interface Opened<K> {
  readonly settings: KeyedSettings<K>;
  readonly backend: RocksDBBackendSettings;
  readonly registry: StateRegistry;
  readonly restored: RestoredDatabase;
  /** Ids of the backends whose snapshots were restored. */
  readonly predecessors: readonly string[];
  readonly options: OpenedOptions;
  readonly lease: MemoryLease | undefined;
  /** `undefined` when no native metric is on. */
  readonly monitor: NativeMetricMonitor | undefined;
}

export class RocksDBKeyedStateBackend<K> extends KeyedBackendBase<K> implements RocksDBInspection {
  protected readonly kind: typeof KIND = KIND;
  readonly #db: RocksDB;
  readonly #families: Map<string, ColumnFamily>;
  readonly #keys: CompositeKeyBuilder<K>;
  readonly #requests: RowRequests;
  readonly #backend: RocksDBBackendSettings;
  readonly #options: OpenedOptions;
  readonly #predecessors: readonly string[];
  readonly #lease: MemoryLease | undefined;
  // Of incremental checkpoints.
  readonly #history: CheckpointHistory | undefined;
  #compaction: Promise<void> | undefined;
  readonly #manualCompaction: ManualCompaction | undefined;
  // Removals of local copies.
  readonly #tidying = new Set<Promise<void>>();
  readonly #monitor: NativeMetricMonitor | undefined;

  private constructor({ settings, backend, registry, restored, predecessors, options, lease, monitor }: Opened<K>) {
    const { db, unchanged } = restored;
    const keys = new CompositeKeyBuilder(settings.keyType.serializer, settings.maxParallelism, () =>
      db.calls.startKey(),
    );
    super({ settings, registry, keys });
    this.#db = db;
    this.#backend = backend;
    this.#predecessors = predecessors;
    this.#manualCompaction = ManualCompaction.start(db, backend.manualCompaction);
    this.#options = options;
    this.#lease = lease;
    this.#monitor = monitor;
    if (backend.incrementalCheckpoints) {
      this.#history = unchanged === undefined ? new CheckpointHistory() : CheckpointHistory.after(unchanged);
    }
    this.#families = new Map(db.columnFamilies.map((family) => [family.name, family]));
    this.#keys = keys;
    this.#requests = new RowRequests(db);
  }

  /** Restores if asked, then opens. On failure nothing is left behind. */
  static async open<K>(
    options: KeyedStateBackendOptions<K>,
    backend: RocksDBBackendSettings,
  ): Promise<RocksDBKeyedStateBackend<K>> {
    const settings = toKeyedSettings(options, backend.config);
    const target: RestoreTarget = { ...settings, backend: KIND, keySerializer: settings.keyType.serializer };
    const { restore } = options;
    const source = restore !== undefined && !isSavepoint(restore) ? restore : undefined;
    const handles = source === undefined ? [] : selectHandles(source, target);
    const { memory: selected } = backend;
    const lease = selected && leaseMemory({ kind: selected.kind, slot: options.slot ?? PROCESS_SLOT }, selected);
    const resolved = new OpenedOptions({
      ...backend,
      sharedMemory: lease && { ...lease.limits, partitionedIndexFilters: selected?.partitionedIndexFilters ?? false },
    });
    try {
      await mkdir(settings.directory, { recursive: true });
      const operator = restore !== undefined && isSavepoint(restore) ? restore : undefined;
      const savepoint = operator && (await readSavepointState(operator, target, settings.directory));
      const registry = new StateRegistry(savepoint?.states ?? statesOf(handles));
      for (const descriptor of options.states ?? []) {
        registry.register(descriptor, voidNamespaceSerializer);
      }
      const path = join(settings.directory, 'db');
      const names = registry.states.map(({ name }) => name);
      const native = resolved.nativeMetrics();
      const group = native.isEnabled ? options.metricGroup : undefined;
      const statistics = group && { statistics: native.statistics };
      const open = (directory: string) =>
        RocksDB.open(directory, { ...resolved.openOptions(names, lease?.memory), ...statistics });
      const restoring = {
        ...{ ...backend, target, path, workDirectory: settings.directory, open },
        columnFamilyOptions: (state: string) => resolved.ofColumnFamily(state),
        localState: source && backend.localRecovery,
      };
      const restored: RestoredDatabase =
        operator !== undefined && savepoint !== undefined
          ? await restoreRocksDBSavepoint(savepoint, operator, restoring)
          : source !== undefined
            ? await restoreRocksDB({ ...restoring, source, handles })
            : { db: await open(path), unchanged: undefined };
      const isForeign = source?.claimMode === 'NO_CLAIM' || savepoint !== undefined;
      if (source !== undefined && isForeign) {
        await protectAll(source.storage, handles);
      }
      const keyed = new RocksDBKeyedStateBackend({
        settings,
        backend,
        registry,
        restored: isForeign ? { db: restored.db, unchanged: undefined } : restored,
        predecessors: handles.map(({ backendId }) => backendId),
        options: resolved,
        lease,
        monitor: group && NativeMetricMonitor.start({ db: restored.db, memory: lease?.memory }, native, group),
      });
      const filesRestored = handles.length + (savepoint?.databases.length ?? 0) > 0;
      if (filesRestored && restored.unchanged === undefined && backend.asyncCompactAfterRescale) {
        keyed.#compactInBackground();
      }
      return keyed;
    } catch (error) {
      lease?.release();
      closeOnFailure(resolved);
      await rm(settings.directory, { recursive: true, force: true });
      throw error;
    }
  }

  async effectiveOptions(): Promise<EffectiveOptions> {
    this.checkOpen();
    return this.#options.effective(this.#db.path);
  }

  memoryUsage(): MemoryUsage | undefined {
    this.checkOpen();
    return this.#lease?.memory.usage();
  }

  override notifyCheckpointComplete(checkpointId: number): void {
    this.#history?.confirm(checkpointId);
    this.#tidy(this.#backend.localBackup?.confirm(checkpointId, this.backendId, this.#predecessors));
  }

  override notifyCheckpointAborted(checkpointId: number): void {
    this.#history?.abort(checkpointId);
    this.#tidy(this.#backend.localBackup?.abort(checkpointId, this.backendId));
  }

  async prefetch(keys: Iterable<K>): Promise<void> {
    this.checkOpen();
    const { keyType, maxParallelism } = this.settings;
    const plainStates = this.registry.states.filter(
      ({ kind, namespaceFormat }) => kind !== 'MAP' && namespaceFormat === voidNamespaceSerializer.id,
    );
    const columnFamilies = this.#familiesOf(plainStates.map(({ name }) => name));
    await prefetchRows(keys, { db: this.#db, columnFamilies, keyType, maxParallelism });
  }

  async numKeyValueStateEntries(): Promise<number> {
    let entries = 0;
    const states = this.registry.states.filter(({ kind }) => kind !== 'PRIORITY_QUEUE');
    for (const columnFamily of this.#familiesOf(states.map(({ name }) => name))) {
      for await (const _ of this.#db.scan({ columnFamily, keysOnly: true, fillCache: false })) {
        entries++;
      }
    }
    return entries;
  }

  async localSizeBytes(): Promise<number> {
    const files = await this.#db.liveFiles();
    return files.reduce((sum, file) => sum + file.sizeBytes, 0);
  }

  protected createState<N>(descriptor: StateDescriptor<unknown>, of: SerializedNamespace<N>): AnyState<N> {
    const { name } = descriptor;
    const columnFamily =
      this.#families.get(name) ?? this.#db.createColumnFamilySync(name, this.#options.ofColumnFamily(name));
    this.#families.set(name, columnFamily);
    this.#monitor?.registerColumnFamily(columnFamily);
    const options = { name, columnFamily, namespaceSerializer: of.serializer, namespace: of.namespace };
    return createState(
      descriptor,
      new StateTable(options, {
        db: this.#db,
        keys: this.#keys,
        gate: this.gate,
        requests: this.#requests,
        writeBatchBytes: this.#backend.writeBatchBytes,
      }),
    );
  }

  protected listKeys<N>(names: readonly string[], { namespace, serializer }: SerializedNamespace<N>): Listing<K> {
    return listKeys({
      db: this.#db,
      columnFamilies: this.#familiesOf(names),
      layout: this.#layout(serializer),
      namespace,
    });
  }

  protected listKeysAndNamespaces<N>(name: string, namespaceSerializer: TypeSerializer<N>): Listing<readonly [K, N]> {
    // A registered state has its column family from the moment that it was created.
    const columnFamily = this.#families.get(name) as ColumnFamily;
    return listKeysAndNamespaces(this.#db, columnFamily, this.#layout(namespaceSerializer));
  }

  protected beginSnapshot(request: SnapshotRequest): SnapshotInProgress {
    const snapshot = takeRocksDBSnapshot({
      ...request,
      db: this.#db,
      transfers: this.#backend.transfers,
      history: this.#history,
      localState: this.#backend.localBackup,
      ended: (completed) =>
        completed
          ? this.notifyCheckpointComplete(request.description.checkpointId)
          : this.notifyCheckpointAborted(request.description.checkpointId),
      ready: this.#requests.drain(),
    });
    this.#requests.hold(snapshot.captured);
    return snapshot;
  }

  protected beginSavepoint(request: SavepointRequest): SavepointInProgress {
    const savepoint = takeRocksDBSavepoint({
      ...request,
      db: this.#db,
      columnFamilies: request.states.map(({ name }) => this.#families.get(name) as ColumnFamily),
      ready: this.#requests.drain(),
    });
    this.#requests.hold(savepoint.captured);
    return savepoint;
  }

  protected async release(): Promise<void> {
    await this.#requests.drain();
    this.#monitor?.close();
    await Promise.all([this.#compaction, this.#manualCompaction?.stop(), ...this.#tidying]);
    try {
      await this.#db.close();
    } finally {
      this.#lease?.release();
      this.#options.close();
    }
  }

  // A copy that can't be removed is in nobody's way.
  #tidy(removal: Promise<void> | undefined): void {
    if (removal !== undefined) {
      const settled = removal.catch(() => {}).finally(() => this.#tidying.delete(settled));
      this.#tidying.add(settled);
    }
  }

  // Removes what clipping has hidden. A failure costs space, not correctness; RocksDB reports it with the next write.
  #compactInBackground(): void {
    this.#compaction = (async () => {
      for (const columnFamily of this.#families.values()) {
        if (this.isClosed) {
          return;
        }
        await this.#db.compactRange({ columnFamily });
      }
    })().catch(() => {});
  }

  #familiesOf(names: readonly string[]): ColumnFamily[] {
    return names.flatMap((name) => this.#families.get(name) ?? []);
  }

  #layout<N>(namespaceSerializer: TypeSerializer<N>): RowLayout<K, N> {
    const { maxParallelism, keyType } = this.settings;
    return { maxParallelism, keySerializer: keyType.serializer, namespaceSerializer };
  }
}

async function protectAll(storage: CheckpointStorage, handles: readonly KeyedStateHandle[]): Promise<void> {
  for (const id of new Set(handles.map(({ checkpointId }) => checkpointId))) {
    await storage.protect?.(id);
  }
}

/** Closes the handles of an options factory; why the backend did not open matters more than why they did not close. */
function closeOnFailure(options: OpenedOptions): void {
  try {
    options.close();
  } catch (error) {
    process.emitWarning(error as Error);
  }
}
