// Keyed state in a RocksDB database of its own: one column family per state.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type {
  EffectiveOptions,
  KeyedStateBackendOptions,
  Listing,
  MemoryUsage,
  RocksDBInspection,
} from '../api/backend.ts';
import type { SnapshotInProgress, StoredState } from '../api/checkpoint.ts';
import type { MetricGroup } from '../api/metrics.ts';
import type { SavepointInProgress } from '../api/savepoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { CheckpointHistory } from '../checkpoint/checkpoint-history.ts';
import { takeRocksDBSavepoint } from '../checkpoint/rocksdb-savepoint.ts';
import { takeRocksDBSnapshot } from '../checkpoint/rocksdb-snapshot.ts';
import type { SavepointRequest } from '../checkpoint/savepoint-in-progress.ts';
import type { SnapshotRequest } from '../checkpoint/snapshot-in-progress.ts';
import { StateAccessError } from '../errors.ts';
import { CompositeKeyBuilder } from '../keys/composite-key.ts';
import type { NativeMetricMonitor } from '../metrics/native-metric-monitor.ts';
import { rewriteStateNow } from '../migration/rewrite-state.ts';
import type { StateUse } from '../migration/state-use.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import type { HotRows } from '../rocksdb/hot-rows.ts';
import type { RocksDB } from '../rocksdb/rocksdb.ts';
import { type AnyState, createState } from '../state/create-state.ts';
import { listKeys, listKeysAndNamespaces, type RowLayout } from '../state/key-listing.ts';
import { prefetchRows } from '../state/prefetch.ts';
import { RowRequests } from '../state/row-requests.ts';
import type { StateLifetime } from '../state/state-table.ts';
import type { TimerQueue } from '../timers/timer-queue.ts';
import { TimerRows } from '../timers/timer-rows.ts';
import { reportHotState } from './hot-state-metrics.ts';
import { KeyedBackendBase } from './keyed-backend-base.ts';
import { ManualCompaction } from './manual-compaction.ts';
import { type OpenedRocksDB, openRocksDB, ROCKSDB_KIND, type RocksDBBackendSettings } from './open-rocksdb.ts';
import type { OpenedOptions } from './opened-options.ts';
import { reportCompaction } from './restore-durations.ts';
import { type RocksDBTimers, StoredTimers, TimersInMemory } from './rocksdb-timers.ts';
import { RocksDBTtl } from './rocksdb-ttl.ts';
import type { SerializedNamespace } from './serialized-namespace.ts';
import type { MemoryLease } from './slot-memory.ts';
import type { FamilyContents } from './state-memtable.ts';

export class RocksDBKeyedStateBackend<K> extends KeyedBackendBase<K> implements RocksDBInspection {
  protected readonly kind: typeof ROCKSDB_KIND = ROCKSDB_KIND;
  readonly #db: RocksDB;
  readonly #families: Map<string, ColumnFamily>;
  readonly #keys: CompositeKeyBuilder<K>;
  readonly #hotRows: HotRows | undefined;
  readonly #timers: RocksDBTimers;
  readonly #requests: RowRequests;
  readonly #backend: RocksDBBackendSettings;
  readonly #options: OpenedOptions;
  // Ids of the backends whose snapshots were restored.
  readonly #predecessors: readonly string[];
  readonly #lease: MemoryLease | undefined;
  // Of incremental checkpoints.
  readonly #history: CheckpointHistory | undefined;
  #compaction: Promise<void> | undefined;
  readonly #manualCompaction: ManualCompaction | undefined;
  // Removals of local copies.
  readonly #tidying = new Set<Promise<void>>();
  // Of the states that were asked for.
  readonly #lifetimes = new Map<string, StateLifetime>();
  // Column families that are being dropped.
  readonly #dropping = new Set<Promise<void>>();
  readonly #monitor: NativeMetricMonitor | undefined;
  readonly #ttl: RocksDBTtl;

  private constructor(opened: OpenedRocksDB<K>) {
    const { settings, backend, registry, restored, handles, options, lease, monitor } = opened;
    const { db, unchanged } = restored;
    const keys = new CompositeKeyBuilder(settings.keyType.serializer, settings.maxParallelism, () =>
      db.calls.startKey(),
    );
    super({ settings, registry, keys });
    this.#db = db;
    this.#hotRows = backend.hotStateCacheBytes > 0 ? db.keepHotRows(backend.hotStateCacheBytes) : undefined;
    this.#backend = backend;
    this.#predecessors = handles.map(({ backendId }) => backendId);
    this.#manualCompaction = ManualCompaction.start(db, backend.manualCompaction);
    this.#options = options;
    this.#lease = lease;
    this.#monitor = monitor;
    this.#ttl = new RocksDBTtl(db, settings.ttlClock, backend.config);
    if (backend.incrementalCheckpoints) {
      this.#history = unchanged === undefined ? new CheckpointHistory() : CheckpointHistory.after(unchanged);
    }
    this.#families = new Map(db.columnFamilies.map((family) => [family.name, family]));
    this.#keys = keys;
    this.#requests = new RowRequests(db);
    const rows = new TimerRows(db, settings.maxParallelism, backend.writeBatchBytes);
    this.#timers =
      opened.timers === undefined
        ? new StoredTimers(rows, settings.keyGroupRange, backend.timerCacheSize, (name) => {
            const isNew = !this.#families.has(name);
            return { family: this.#familyOf({ name, kind: 'PRIORITY_QUEUE', namespaceFormat: '' }), isNew };
          })
        : new TimersInMemory(opened.timers, settings.keyGroupRange);
  }

  /** Restores if asked, then opens. On failure nothing is left behind. */
  static async open<K>(
    options: KeyedStateBackendOptions<K>,
    backend: RocksDBBackendSettings,
  ): Promise<RocksDBKeyedStateBackend<K>> {
    const opened = await openRocksDB(options, backend);
    const keyed = new RocksDBKeyedStateBackend(opened);
    if (keyed.#hotRows !== undefined) {
      reportHotState(keyed.#hotRows, options.metricGroup);
    }
    if (opened.isRescaled && backend.asyncCompactAfterRescale) {
      keyed.#compactInBackground(options.metricGroup);
    }
    return keyed;
  }

  async effectiveOptions(): Promise<EffectiveOptions> {
    this.checkOpen();
    return this.#options.effective(this.#db.path);
  }

  async compact(state?: string): Promise<void> {
    this.checkOpen();
    const families = state === undefined ? [...this.#families.values()] : this.#familiesOf([state]);
    if (families.length === 0) {
      throw new StateAccessError('ERR_UNKNOWN_STATE', `There is no state '${state}' in RocksDB.`);
    }
    this.#ttl.tellTime();
    await Promise.all([this.#requests.drain(), ...this.#tidying]);
    for (const columnFamily of families) {
      await this.#db.compactRange({ columnFamily });
    }
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

  protected migrate(use: StateUse): void {
    const { name } = use.descriptor;
    const columnFamily = this.#families.get(name) as ColumnFamily;
    rewriteStateNow(use, {
      ...{
        db: this.#db,
        columnFamily,
        options: this.#options.ofColumnFamily(name),
        directory: this.settings.directory,
      },
      keySerializer: this.settings.keyType.serializer as TypeSerializer<unknown>,
      maxParallelism: this.maxParallelism,
      onDropping: (dropped) => this.#awaitDropping(dropped),
    });
    this.registry.register(use);
  }

  protected createState<N>({ descriptor }: StateUse, of: SerializedNamespace<N>): AnyState<N> {
    const { name } = descriptor;
    const columnFamily = this.#familyOf({ name, kind: descriptor.kind, namespaceFormat: of.serializer.id });
    const lifetime = { isOver: false };
    this.#lifetimes.set(name, lifetime);
    const access = {
      db: this.#db,
      keys: this.#keys,
      gate: this.gate,
      requests: this.#requests,
      writeBatchBytes: this.#backend.writeBatchBytes,
    };
    const expiry = this.expiryOf(descriptor);
    this.#tidy(this.#ttl.register(descriptor, columnFamily));
    return createState(descriptor, access, {
      ...{ name, columnFamily, expiry, lifetime },
      namespaceSerializer: of.serializer,
      namespace: of.namespace,
    });
  }

  protected timerQueue(stateName: string): TimerQueue {
    return this.#timers.queue(stateName);
  }

  /** Timers that are in memory come last, as the rows of the others are written first. */
  protected override storedStates(): readonly StoredState[] {
    const { states } = this.registry;
    const isHeld = (state: StoredState) => this.#timers.holds(state);
    return [...states.filter((state) => !isHeld(state)), ...states.filter(isHeld)];
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

  protected async dropRows(name: string): Promise<void> {
    const lifetime = this.#lifetimes.get(name);
    if (lifetime !== undefined) {
      lifetime.isOver = true;
    }
    this.#lifetimes.delete(name);
    this.#timers.drop(name);
    this.#ttl.forget(name);
    const family = this.#families.get(name);
    this.#families.delete(name);
    if (family !== undefined) {
      const dropped = this.#requests.drain().then(() => this.#db.dropColumnFamily(family));
      this.#awaitDropping(dropped);
      await dropped;
    }
  }

  protected beginSnapshot(request: SnapshotRequest): SnapshotInProgress {
    const snapshot = takeRocksDBSnapshot({
      ...request,
      db: this.#db,
      transfers: this.#backend.transfers,
      uploadJitterMs: this.#backend.uploadJitterMs,
      history: this.#history,
      timers: this.#timers.capture(
        request.description.states,
        this.settings.keyType.serializer as TypeSerializer<unknown>,
      ),
      localState: this.#backend.localBackup,
      ended: (completed) =>
        completed
          ? this.notifyCheckpointComplete(request.description.checkpointId)
          : this.notifyCheckpointAborted(request.description.checkpointId),
      ready: this.#ready(),
    });
    this.#requests.hold(snapshot.captured);
    return snapshot;
  }

  protected beginSavepoint(request: SavepointRequest): SavepointInProgress {
    const savepoint = takeRocksDBSavepoint({
      ...request,
      db: this.#db,
      columnFamilies: request.states.map(({ name }) => this.#families.get(name)),
      expired: this.#ttl.expiredRows(request.states),
      timers: this.#timers.capture(request.states, request.keySerializer),
      workFile: join(this.settings.directory, `timers-${randomUUID()}`),
      ready: this.#ready(),
    });
    this.#requests.hold(savepoint.captured);
    return savepoint;
  }

  protected async release(): Promise<void> {
    await this.#requests.drain();
    this.#monitor?.close();
    await Promise.all([this.#compaction, this.#manualCompaction?.stop(), ...this.#tidying]);
    await Promise.allSettled(this.#dropping);
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
  #compactInBackground(group: MetricGroup | undefined): void {
    const startMs = performance.now();
    this.#compaction = (async () => {
      for (const columnFamily of this.#families.values()) {
        if (this.isClosed) {
          return;
        }
        await this.#db.compactRange({ columnFamily });
      }
      reportCompaction(group, startMs);
    })().catch(() => {});
  }

  /** Has all that was written up to now written to the database; it is a matter of asynchronous calls when it settles. */
  async #ready(): Promise<void> {
    this.#timers.flush();
    await this.#requests.drain();
    await Promise.all(this.#dropping);
    // What comes next settles them as well, but at once.
    await this.#hotRows?.guard.settleInTurns();
  }

  // A snapshot must not have families that are on their way out.
  #awaitDropping(dropped: Promise<void>): void {
    const settled = dropped.finally(() => this.#dropping.delete(settled));
    settled.catch(() => {});
    this.#dropping.add(settled);
  }

  #familyOf(contents: FamilyContents): ColumnFamily {
    const { name } = contents;
    let family = this.#families.get(name);
    if (family === undefined) {
      this.#options.declare(contents);
      family = this.#db.createColumnFamilySync(name, this.#options.ofColumnFamily(name));
      this.#families.set(name, family);
    }
    this.#monitor?.registerColumnFamily(family);
    return family;
  }

  #familiesOf(names: readonly string[]): ColumnFamily[] {
    return names.flatMap((name) => this.#families.get(name) ?? []);
  }

  #layout<N>(namespaceSerializer: TypeSerializer<N>): RowLayout<K, N> {
    const { maxParallelism, keyType } = this.settings;
    return { maxParallelism, keySerializer: keyType.serializer, namespaceSerializer };
  }
}
