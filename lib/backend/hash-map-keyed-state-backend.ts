// Keyed state in memory: one copy-on-write table per state.
import { mkdir, rm } from 'node:fs/promises';
import type { KeyedStateBackendOptions, Listing } from '../api/backend.ts';
import type { SnapshotInProgress, StoredState } from '../api/checkpoint.ts';
import { MapStateDescriptor, type StateDescriptor } from '../api/descriptors.ts';
import type { SavepointInProgress } from '../api/savepoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { ttlSerializer } from '../bytes/ttl-value.ts';
import { takeHeapSavepoint } from '../checkpoint/heap-savepoint.ts';
import { type CapturedState, takeHeapSnapshot } from '../checkpoint/heap-snapshot.ts';
import type { SavepointRequest } from '../checkpoint/savepoint-in-progress.ts';
import type { SnapshotRequest } from '../checkpoint/snapshot-in-progress.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { CopyOnWriteTable, type TableView } from '../heap/copy-on-write-table.ts';
import { createHeapState, type HeapTtl } from '../heap/create-state.ts';
import type { HeapAccess, StoredRows } from '../heap/heap-state-table.ts';
import { type ListedRows, listKeys, listKeysAndNamespaces } from '../heap/key-listing.ts';
import { gatherMaps } from '../heap/map-rows.ts';
import { RowAddresses } from '../heap/row-addresses.ts';
import { SnapshotVersions } from '../heap/snapshot-versions.ts';
import { TimeSlice } from '../heap/time-slice.ts';
import { type Unexpired, unexpiredView } from '../heap/unexpired-view.ts';
import { type HeapMap, mapSizeOf, type ValueFormat } from '../heap/value-formats.ts';
import type { StateUse } from '../migration/state-use.ts';
import type { RestoreTarget } from '../restore/check-fits.ts';
import { restoreHeap } from '../restore/heap-restore.ts';
import { restoreHeapSavepoint } from '../restore/heap-savepoint-restore.ts';
import type { SavepointState } from '../restore/savepoint-state.ts';
import type { AnyState } from '../state/create-state.ts';
import { HeapTimerQueue } from '../timers/heap-timer-queue.ts';
import { checkOpening, openingFailure } from './cancellation.ts';
import { protectUnclaimed } from './claim.ts';
import { KeyedBackendBase } from './keyed-backend-base.ts';
import { type KeyedSettings, toKeyedSettings, withKeySerializer } from './keyed-settings.ts';
import { RestoreDurations } from './restore-durations.ts';
import { begin, planRestore, type RestorePlan } from './restore-plan.ts';
import type { SerializedNamespace } from './serialized-namespace.ts';
import type { StateRegistry } from './state-registry.ts';

const KIND = 'hashmap';

// As in Flink.
const DEFAULT_CLEANUP = { size: 5, runForEveryRecord: false };

type Viewable = Pick<CopyOnWriteTable<unknown>, 'view'>;

export class HashMapKeyedStateBackend<K> extends KeyedBackendBase<K> {
  protected readonly kind: typeof KIND = KIND;
  readonly #addresses: RowAddresses<K>;
  readonly #versions = new SnapshotVersions();
  readonly #rows = new Map<string, StoredRows>();
  readonly #queues = new Map<string, HeapTimerQueue>();
  readonly #access: HeapAccess<K>;

  private constructor(settings: KeyedSettings<K>, registry: StateRegistry) {
    const addresses = new RowAddresses(settings.keyType.serializer, settings.maxParallelism);
    super({ settings, registry, keys: addresses });
    this.#addresses = addresses;
    const checkWritable = () => {
      this.checkOpen();
      this.gate.check();
    };
    const isOpen = () => !this.isClosed && this.gate.isOpen;
    this.#access = {
      ...{ addresses, versions: this.#versions },
      gate: {
        get isOpen() {
          return isOpen();
        },
        check: checkWritable,
      },
      onRecord: (step) => this.registerKeySelectionListener(step),
    };
  }

  /** Restores if asked. On failure nothing is left behind. */
  static async open<K>(
    options: KeyedStateBackendOptions<K>,
    config: ReadableConfig,
  ): Promise<HashMapKeyedStateBackend<K>> {
    const { signal } = options;
    const settings = toKeyedSettings(options, config);
    checkOpening(signal);
    const target: RestoreTarget = { ...settings, backend: KIND, keySerializer: settings.keyType.serializer };
    const plan = planRestore(options.restore, target, config);
    await mkdir(settings.directory, { recursive: true });
    try {
      const { keySerializer, registry, savepoint } = await begin(plan, options.states ?? [], settings);
      const keyed = new HashMapKeyedStateBackend(withKeySerializer(settings, keySerializer), registry);
      await keyed.#restoreCheckpoint(plan, options);
      if (savepoint !== undefined) {
        await keyed.#restoreSavepoint(savepoint, plan, signal);
      }
      checkOpening(signal);
      return keyed;
    } catch (error) {
      await rm(settings.directory, { recursive: true, force: true });
      throw openingFailure(error, signal);
    }
  }

  async #restoreCheckpoint(
    { checkpoint, claimMode, handles }: RestorePlan,
    { metricGroup, signal }: Pick<KeyedStateBackendOptions<K>, 'metricGroup' | 'signal'>,
  ): Promise<void> {
    if (checkpoint === undefined) {
      return;
    }
    const durations = new RestoreDurations();
    const { keyGroupRange, directory } = this.settings;
    for (const handle of handles) {
      const tables = handle.states.map(({ name, rows }) => ({
        table: this.#restoredTable(name, rows === 'canonical'),
        isCanonical: rows === 'canonical',
      }));
      const from = { handle, storage: checkpoint.storage, signal, onDownloaded: durations.onDownloaded };
      await restoreHeap(from, tables, keyGroupRange, directory);
    }
    checkOpening(signal);
    await protectUnclaimed(checkpoint, handles, claimMode);
    durations.report(metricGroup, handles);
  }

  async #restoreSavepoint(
    savepoint: SavepointState,
    { target }: RestorePlan,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { directory } = this.settings;
    const tableOf = (name: string) => this.#restoredTable(name, true);
    await restoreHeapSavepoint(savepoint, { ...target, directory, tableOf, signal });
    await savepoint.release();
  }

  async prefetch(): Promise<void> {
    this.checkOpen();
  }

  async numKeyValueStateEntries(): Promise<number> {
    this.checkOpen();
    const slice = new TimeSlice();
    let entries = 0;
    for (const { name, kind } of this.registry.states.filter(isKeyValueState)) {
      const { table, isCanonical } = this.#rowsOf(name);
      const view = table.freeze();
      for (const keyGroup of view.keyGroups()) {
        entries += kind === 'MAP' && !isCanonical ? mapEntries(view, keyGroup) : view.size(keyGroup);
        if (slice.isOver) {
          await slice.next();
        }
      }
    }
    return entries;
  }

  /** There are no data files. */
  async localSizeBytes(): Promise<number> {
    this.checkOpen();
    return 0;
  }

  /** Values are read by the old serializer when they are first used, or written out. */
  protected migrate(): void {}

  protected createState<N>({ descriptor, migration }: StateUse, of: SerializedNamespace<N>): AnyState<N> {
    const { name } = descriptor;
    const rows = this.#rowsOf(name);
    if (rows.isCanonical && descriptor instanceof MapStateDescriptor) {
      const { serializer } = descriptor.valueType;
      const reader = migration?.reader ?? (descriptor.ttl === undefined ? serializer : ttlSerializer(serializer));
      const layout = this.#layout(of.serializer as TypeSerializer<unknown>);
      gatherMaps({ name, reader }, rows, layout, this.#versions);
    }
    const options = {
      name,
      rows,
      namespaceSerializer: of.serializer,
      namespace: of.namespace,
      reader: migration?.reader,
      ttl: this.#ttlOf(descriptor),
    };
    const state = createHeapState(descriptor, options, this.#access);
    rows.isCanonical = false;
    return state;
  }

  #ttlOf(descriptor: StateDescriptor<unknown>): HeapTtl | undefined {
    const expiry = this.expiryOf(descriptor);
    const cleanup = descriptor.ttl?.cleanup;
    if (expiry === undefined || cleanup === undefined) {
      return undefined;
    }
    const byDefault = cleanup.inBackground ? DEFAULT_CLEANUP : undefined;
    return { expiry, incremental: cleanup.incremental ?? byDefault, inFullSnapshot: cleanup.inFullSnapshot };
  }

  protected timerQueue(stateName: string): HeapTimerQueue {
    let queue = this.#queues.get(stateName);
    if (queue === undefined) {
      queue = new HeapTimerQueue(this.keyGroupRange);
      this.#queues.set(stateName, queue);
    }
    return queue;
  }

  protected listKeys<N>(names: readonly string[], { namespace, serializer }: SerializedNamespace<N>): Listing<K> {
    return listKeys(names.map(this.#listed), this.#layout(serializer), namespace);
  }

  protected listKeysAndNamespaces<N>(name: string, namespaceSerializer: TypeSerializer<N>): Listing<readonly [K, N]> {
    return listKeysAndNamespaces(this.#listed(name), this.#layout(namespaceSerializer));
  }

  protected override storedStates(): readonly StoredState[] {
    return this.registry.states.map(({ rows: _, ...state }) =>
      isKeyValueState(state) && this.#rowsOf(state.name).isCanonical ? { ...state, rows: 'canonical' } : state,
    );
  }

  protected async dropRows(name: string): Promise<void> {
    const rows = this.#rows.get(name);
    if (rows !== undefined) {
      rows.isDropped = true;
    }
    this.#rows.delete(name);
    this.#queues.delete(name);
  }

  protected beginSnapshot(request: SnapshotRequest): SnapshotInProgress {
    const { states, release } = this.#capture(request.description.states);
    return takeHeapSnapshot(states, request, release);
  }

  protected beginSavepoint(request: SavepointRequest): SavepointInProgress {
    const { states, release } = this.#capture(request.states);
    return takeHeapSavepoint(states, request, release);
  }

  protected async release(): Promise<void> {
    this.#addresses.close();
    this.#rows.clear();
    this.#queues.clear();
  }

  #capture(of: readonly StoredState[]): { readonly states: CapturedState[]; release(): void } {
    const { serializer: keySerializer } = this.settings.keyType;
    // A state that was not used yet gets its table before the version ends: a table is in views only if it is older.
    const stored = of.map((state) => ({ name: state.name, rows: this.#viewable(state) }));
    const version = this.#versions.hold();
    const states = stored.map(({ name, rows: { table, format, unexpired } }): CapturedState => {
      const view = table.view();
      return {
        ...{ name, keySerializer, format },
        view: unexpired === undefined || format === undefined ? view : this.#unexpired(view, format, unexpired),
      };
    });
    return { states, release: () => this.#versions.release(version) };
  }

  #unexpired(
    view: TableView<unknown>,
    format: ValueFormat<unknown>,
    unexpired: Unexpired<unknown>,
  ): TableView<unknown> {
    const now = this.settings.ttlClock.now();
    return unexpiredView(view, format, (value) => unexpired(value, now));
  }

  #viewable(state: StoredState): Pick<StoredRows, 'format' | 'unexpired'> & { readonly table: Viewable } {
    if (!isKeyValueState(state)) {
      return { table: this.timerQueue(state.name) };
    }
    return this.#rowsOf(state.name);
  }

  readonly #listed = (name: string): ListedRows => {
    const { table, isCanonical } = this.#rowsOf(name);
    return { view: table.freeze(), hasMapKeys: isCanonical === true && this.registry.find(name)?.kind === 'MAP' };
  };

  /** Takes the rows of a restored state. */
  #restoredTable(name: string, isCanonical: boolean): Pick<CopyOnWriteTable<unknown>, 'set'> {
    return this.registry.find(name)?.kind === 'PRIORITY_QUEUE'
      ? this.timerQueue(name)
      : this.#rowsOf(name, isCanonical).table;
  }

  #rowsOf(name: string, isCanonical = false): StoredRows {
    let rows = this.#rows.get(name);
    if (rows === undefined) {
      rows = { table: new CopyOnWriteTable(this.#versions, this.keyGroupRange), isCanonical };
      this.#rows.set(name, rows);
    }
    return rows;
  }

  #layout<N>(namespaceSerializer: TypeSerializer<N>): {
    readonly keySerializer: TypeSerializer<K>;
    readonly namespaceSerializer: TypeSerializer<N>;
  } {
    return { keySerializer: this.settings.keyType.serializer, namespaceSerializer };
  }
}

function isKeyValueState({ kind }: StoredState): boolean {
  return kind !== 'PRIORITY_QUEUE';
}

// Each entry of a map counts, as it does where it is a row of its own.
function mapEntries(view: TableView<unknown>, keyGroup: number): number {
  let entries = 0;
  for (const { value } of view.rows(keyGroup)) {
    entries += mapSizeOf(value as HeapMap<unknown>);
  }
  return entries;
}
