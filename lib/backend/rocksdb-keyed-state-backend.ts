// Keyed state in a RocksDB database of its own: one column family per state.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyedStateBackendOptions, Listing } from '../api/backend.ts';
import type { SnapshotInProgress } from '../api/checkpoint.ts';
import type { StateDescriptor } from '../api/descriptors.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { takeFullSnapshot } from '../checkpoint/full-snapshot.ts';
import type { SnapshotRequest } from '../checkpoint/snapshot-in-progress.ts';
import { CompositeKeyBuilder } from '../keys/composite-key.ts';
import { NativeMetricMonitor } from '../metrics/native-metric-monitor.ts';
import type { OptionSource } from '../options/option-source.ts';
import { restoreFull } from '../restore/full-restore.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import { RocksDB } from '../rocksdb/rocksdb.ts';
import { type AnyState, createState } from '../state/create-state.ts';
import { listKeys, listKeysAndNamespaces, type RowLayout } from '../state/key-listing.ts';
import { prefetchRows } from '../state/prefetch.ts';
import { RowRequests } from '../state/row-requests.ts';
import { StateTable } from '../state/state-table.ts';
import { KeyedBackendBase, type SerializedNamespace } from './keyed-backend-base.ts';
import { type KeyedSettings, toKeyedSettings } from './keyed-settings.ts';
import type { MetricSettings } from './metric-settings.ts';
import { STATE_FAMILY_OPTIONS, stateOpenOptions } from './rocksdb-options.ts';
import { StateRegistry } from './state-registry.ts';

const KIND = 'rocksdb';

export class RocksDBKeyedStateBackend<K> extends KeyedBackendBase<K> {
  protected readonly kind: typeof KIND = KIND;
  readonly #db: RocksDB;
  readonly #families: Map<string, ColumnFamily>;
  readonly #keys: CompositeKeyBuilder<K>;
  readonly #requests: RowRequests;
  readonly #monitor: NativeMetricMonitor | undefined;

  private constructor(settings: KeyedSettings<K>, db: RocksDB, registry: StateRegistry) {
    const keys = new CompositeKeyBuilder(settings.keyType.serializer, settings.maxParallelism, () =>
      db.calls.startKey(),
    );
    super({ settings, registry, keys });
    this.#db = db;
    this.#families = new Map(db.columnFamilies.map((family) => [family.name, family]));
    this.#keys = keys;
    this.#requests = new RowRequests(db);
    this.#monitor = settings.metrics?.native.isEnabled ? monitorStates(db, settings.metrics) : undefined;
  }

  /** Restores if asked, then opens. On failure nothing is left behind. */
  static async open<K>(
    options: KeyedStateBackendOptions<K>,
    config: OptionSource,
  ): Promise<RocksDBKeyedStateBackend<K>> {
    const settings = toKeyedSettings(options, config);
    const registry = new StateRegistry(options.restore?.handle.states ?? []);
    for (const descriptor of options.states ?? []) {
      registry.register(descriptor, voidNamespaceSerializer);
    }
    await mkdir(settings.directory, { recursive: true });
    try {
      const path = join(settings.directory, 'db');
      if (options.restore !== undefined) {
        const target = { ...settings, backend: KIND, keySerializer: settings.keyType.serializer } as const;
        await restoreFull(options.restore, target, path);
      }
      const names = registry.states.map((state) => state.name);
      const statistics = settings.metrics?.native.statistics ?? 'off';
      const db = await RocksDB.open(path, { ...stateOpenOptions(names), statistics });
      return new RocksDBKeyedStateBackend(settings, db, registry);
    } catch (error) {
      await rm(settings.directory, { recursive: true, force: true });
      throw error;
    }
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
    for (const columnFamily of this.#families.values()) {
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
    const columnFamily = this.#families.get(name) ?? this.#db.createColumnFamilySync(name, STATE_FAMILY_OPTIONS);
    this.#families.set(name, columnFamily);
    this.#monitor?.registerColumnFamily(columnFamily);
    const options = { name, columnFamily, namespaceSerializer: of.serializer, namespace: of.namespace };
    return createState(
      descriptor,
      new StateTable(options, { db: this.#db, keys: this.#keys, gate: this.gate, requests: this.#requests }),
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
    const snapshot = takeFullSnapshot({ ...request, db: this.#db, ready: this.#requests.drain() });
    this.#requests.hold(snapshot.captured);
    return snapshot;
  }

  protected async release(): Promise<void> {
    await this.#requests.drain();
    this.#monitor?.close();
    await this.#db.close();
  }

  #familiesOf(names: readonly string[]): ColumnFamily[] {
    return names.flatMap((name) => this.#families.get(name) ?? []);
  }

  #layout<N>(namespaceSerializer: TypeSerializer<N>): RowLayout<K, N> {
    const { maxParallelism, keyType } = this.settings;
    return { maxParallelism, keySerializer: keyType.serializer, namespaceSerializer };
  }
}

// RocksDB's own family holds no state.
function monitorStates(db: RocksDB, { native, group }: MetricSettings): NativeMetricMonitor {
  const monitor = new NativeMetricMonitor({ db }, native, group);
  for (const family of db.columnFamilies.filter(({ name }) => name !== 'default')) {
    monitor.registerColumnFamily(family);
  }
  monitor.poll();
  return monitor;
}
