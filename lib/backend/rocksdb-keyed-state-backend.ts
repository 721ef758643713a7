// Keyed state in a RocksDB database of its own: one column family per state.
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  KeyedStateBackend,
  KeyedStateBackendOptions,
  KeySelectionListener,
  Listing,
  NamespaceOptions,
  PartitionedState,
  SnapshotOptions,
} from '../api/backend.ts';
import type { CheckpointStorage, KeyGroupRange, SnapshotInProgress } from '../api/checkpoint.ts';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  ValueStateDescriptor,
} from '../api/descriptors.ts';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../api/state.ts';
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { takeFullSnapshot } from '../checkpoint/full-snapshot.ts';
import { describe, rangeError, StateAccessError, typeError } from '../errors.ts';
import { CompositeKeyBuilder } from '../keys/composite-key.ts';
import { restoreFull } from '../restore/full-restore.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import { RocksDB } from '../rocksdb/rocksdb.ts';
import { type AnyState, createState } from '../state/create-state.ts';
import { listKeys, listKeysAndNamespaces, type RowLayout } from '../state/key-listing.ts';
import { StateTable } from '../state/state-table.ts';
import { WriteGate } from '../state/write-gate.ts';
import { KeyContext } from './key-context.ts';
import { type KeyedSettings, toKeyedSettings } from './keyed-settings.ts';
import { STATE_FAMILY_OPTIONS, stateOpenOptions } from './rocksdb-options.ts';
import { StateRegistry } from './state-registry.ts';

export class RocksDBKeyedStateBackend<K> implements KeyedStateBackend<K> {
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  readonly #settings: KeyedSettings<K>;
  readonly #context: KeyContext<K>;
  readonly #db: RocksDB;
  readonly #registry: StateRegistry;
  readonly #families: Map<string, ColumnFamily>;
  readonly #keys: CompositeKeyBuilder<K>;
  readonly #gate = new WriteGate();
  readonly #states = new Map<string, AnyState<unknown>>();
  readonly #snapshots = new Set<SnapshotInProgress>();
  readonly #cancellation = new AbortController();
  #closing: Promise<void> | undefined;

  private constructor(settings: KeyedSettings<K>, db: RocksDB, registry: StateRegistry) {
    this.maxParallelism = settings.maxParallelism;
    this.keyGroupRange = settings.keyGroupRange;
    this.#settings = settings;
    this.#context = new KeyContext(settings);
    this.#db = db;
    this.#registry = registry;
    this.#families = new Map(db.columnFamilies.map((family) => [family.name, family]));
    this.#keys = new CompositeKeyBuilder(settings.keyType.serializer, settings.maxParallelism, () =>
      db.calls.startKey(),
    );
  }

  /** Restores if asked, then opens. On failure nothing is left behind. */
  static async open<K>(options: KeyedStateBackendOptions<K>): Promise<RocksDBKeyedStateBackend<K>> {
    const settings = toKeyedSettings(options);
    const registry = new StateRegistry(options.restore?.handle.states ?? []);
    for (const descriptor of options.states ?? []) {
      registry.register(descriptor, voidNamespaceSerializer);
    }
    await mkdir(settings.directory, { recursive: true });
    try {
      const path = join(settings.directory, 'db');
      if (options.restore !== undefined) {
        await restoreFull(options.restore, { ...settings, keySerializer: settings.keyType.serializer }, path);
      }
      const db = await RocksDB.open(path, stateOpenOptions(registry.states.map((state) => state.name)));
      return new RocksDBKeyedStateBackend(settings, db, registry);
    } catch (error) {
      await rm(settings.directory, { recursive: true, force: true });
      throw error;
    }
  }

  setCurrentKey(key: K): void {
    this.#keys.reset();
    const keyGroup = this.#context.select(key);
    try {
      this.#keys.setKey(key, keyGroup);
    } catch (error) {
      this.#context.reset();
      throw error;
    }
  }

  getCurrentKey(): K {
    return this.#context.key;
  }

  registerKeySelectionListener(listener: KeySelectionListener<K>): void {
    this.#context.addListener(listener);
  }

  deregisterKeySelectionListener(listener: KeySelectionListener<K>): boolean {
    return this.#context.removeListener(listener);
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#plainState(descriptor);
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#plainState(descriptor);
  }

  getMapState<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): MapState<UK, UV> {
    return this.#plainState(descriptor);
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#plainState(descriptor);
  }

  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT> {
    return this.#plainState(descriptor);
  }

  getPartitionedState<S, N>(descriptor: StateDescriptor<S>, options: NamespaceOptions<N>): PartitionedState<S, N> {
    const { namespace, serializer } = checkNamespace(options);
    const state = this.#state(descriptor, serializer, namespace);
    state.setCurrentNamespace(namespace);
    return state as unknown as PartitionedState<S, N>;
  }

  getKeys<N>(states: string | readonly string[], options?: NamespaceOptions<N>): Listing<K> {
    this.#checkOpen();
    const { namespace, serializer } = options === undefined ? VOID : checkNamespace(options);
    const columnFamilies = (typeof states === 'string' ? [states] : states).flatMap((name) => {
      const family = this.#knownFamily(name);
      const format = this.#registry.find(name)?.namespaceFormat;
      if (family !== undefined && format !== serializer.id) {
        throw typeError(
          'ERR_INVALID_NAMESPACE',
          `State '${name}' has namespaces stored by ${format}, not by ${serializer.id}.`,
        );
      }
      return family ?? [];
    });
    return listKeys({ db: this.#db, columnFamilies, layout: this.#layout(serializer), namespace });
  }

  getKeysAndNamespaces<N>(state: string, namespaceType: TypeInformation<N>): Listing<readonly [K, N]> {
    this.#checkOpen();
    const family = this.#knownFamily(state);
    if (family === undefined) {
      return { [Symbol.iterator]: () => [][Symbol.iterator](), async *[Symbol.asyncIterator]() {} };
    }
    return listKeysAndNamespaces(this.#db, family, this.#layout(namespaceType.serializer));
  }

  applyToAllKeys<S, N>(
    descriptor: StateDescriptor<S>,
    visit: (key: K, state: PartitionedState<S, N>) => void,
    options?: NamespaceOptions<N>,
  ): void {
    const { namespace, serializer } = options === undefined ? VOID : checkNamespace(options);
    const state = this.#state(descriptor, serializer, namespace);
    state.setCurrentNamespace(namespace);
    for (const key of this.getKeys(descriptor.name, options as NamespaceOptions<N>)) {
      this.setCurrentKey(key);
      visit(key, state as unknown as PartitionedState<S, N>);
    }
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

  snapshot(checkpointId: number, storage: CheckpointStorage, options: SnapshotOptions = {}): SnapshotInProgress {
    this.#checkOpen();
    this.#gate.check();
    if (!Number.isSafeInteger(checkpointId) || checkpointId < 1) {
      throw rangeError(
        'ERR_INVALID_CHECKPOINT_ID',
        `A checkpoint id must be a positive integer; received ${describe(checkpointId)}.`,
      );
    }
    this.#gate.close(checkpointId);
    const snapshot = takeFullSnapshot({
      db: this.#db,
      storage,
      captureDirectory: join(this.#settings.directory, `chk-${checkpointId}-${randomUUID()}`),
      description: {
        checkpointId,
        maxParallelism: this.maxParallelism,
        keyGroupRange: this.keyGroupRange,
        keySerializer: this.#settings.keyType.serializer.id,
        states: this.#registry.states,
        attachment: options.attachment ?? null,
      },
      signal: this.#cancellation.signal,
    });
    this.#snapshots.add(snapshot);
    const openGate = () => this.#gate.open();
    snapshot.captured.then(openGate, openGate);
    const forget = () => this.#snapshots.delete(snapshot);
    snapshot.completed.then(forget, forget);
    return snapshot;
  }

  async localSizeBytes(): Promise<number> {
    const files = await this.#db.liveFiles();
    return files.reduce((sum, file) => sum + file.sizeBytes, 0);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#cancellation.abort(new StateAccessError('ERR_BACKEND_CLOSED', 'The keyed backend was closed.'));
    await Promise.allSettled([...this.#snapshots].map((snapshot) => snapshot.completed));
    await this.#db.close();
    await rm(this.#settings.directory, { recursive: true, force: true });
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) {
      throw new StateAccessError('ERR_BACKEND_CLOSED', 'The keyed backend is closed.');
    }
  }

  #plainState<S>(descriptor: StateDescriptor<S>): S {
    return this.#state(descriptor, voidNamespaceSerializer, undefined) as unknown as S;
  }

  #state<N>(descriptor: StateDescriptor<unknown>, namespaceSerializer: TypeSerializer<N>, namespace: N): AnyState<N> {
    this.#checkOpen();
    this.#registry.register(descriptor, namespaceSerializer);
    const { name } = descriptor;
    const known = this.#states.get(name);
    if (known !== undefined) {
      return known;
    }
    const columnFamily = this.#knownFamily(name) ?? this.#db.createColumnFamilySync(name, STATE_FAMILY_OPTIONS);
    this.#families.set(name, columnFamily);
    const access = { db: this.#db, keys: this.#keys, gate: this.#gate };
    const state = createState(
      descriptor,
      new StateTable({ name, columnFamily, namespaceSerializer, namespace }, access),
    );
    this.#states.set(name, state as AnyState<unknown>);
    return state;
  }

  #knownFamily(name: string): ColumnFamily | undefined {
    return this.#registry.find(name) === undefined ? undefined : this.#families.get(name);
  }

  #layout<N>(namespaceSerializer: TypeSerializer<N>): RowLayout<K, N> {
    const { maxParallelism, keyType } = this.#settings;
    return { maxParallelism, keySerializer: keyType.serializer, namespaceSerializer };
  }
}

const VOID = { namespace: undefined as never, serializer: voidNamespaceSerializer as TypeSerializer<never> };

function checkNamespace<N>(options: NamespaceOptions<N>): { namespace: N; serializer: TypeSerializer<N> } {
  const namespace = options?.namespace;
  const serializer = options?.namespaceType?.serializer;
  if (namespace === undefined || namespace === null || serializer === undefined) {
    throw typeError(
      'ERR_INVALID_NAMESPACE',
      `A namespace and its type are needed; received ${describe(namespace)} and ${describe(options?.namespaceType)}.`,
    );
  }
  return { namespace, serializer };
}
