// Keyed state in memory: one copy-on-write table per state.
import { mkdir, rm } from 'node:fs/promises';
import type { KeyedStateBackendOptions, Listing } from '../api/backend.ts';
import type { SnapshotInProgress } from '../api/checkpoint.ts';
import type { StateDescriptor } from '../api/descriptors.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { takeHeapSnapshot } from '../checkpoint/heap-snapshot.ts';
import type { SnapshotRequest } from '../checkpoint/snapshot-in-progress.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { CopyOnWriteTable, type TableView } from '../heap/copy-on-write-table.ts';
import { createHeapState } from '../heap/create-state.ts';
import type { HeapAccess, StoredRows } from '../heap/heap-state-table.ts';
import { listKeys, listKeysAndNamespaces } from '../heap/key-listing.ts';
import { RowAddresses } from '../heap/row-addresses.ts';
import { SnapshotVersions } from '../heap/snapshot-versions.ts';
import { TimeSlice } from '../heap/time-slice.ts';
import { type HeapMap, mapSizeOf } from '../heap/value-formats.ts';
import { restoreHeap } from '../restore/heap-restore.ts';
import { selectHandles, statesOf } from '../restore/select-handles.ts';
import type { AnyState } from '../state/create-state.ts';
import { checkOpening, openingFailure } from './cancellation.ts';
import { claimModeOf, protectUnclaimed } from './claim.ts';
import { KeyedBackendBase } from './keyed-backend-base.ts';
import { type KeyedSettings, toKeyedSettings } from './keyed-settings.ts';
import { RestoreDurations } from './restore-durations.ts';
import type { SerializedNamespace } from './serialized-namespace.ts';
import { StateRegistry } from './state-registry.ts';

const KIND = 'hashmap';

export class HashMapKeyedStateBackend<K> extends KeyedBackendBase<K> {
  protected readonly kind: typeof KIND = KIND;
  readonly #addresses: RowAddresses<K>;
  readonly #versions = new SnapshotVersions();
  readonly #rows = new Map<string, StoredRows>();
  readonly #access: HeapAccess<K>;

  private constructor(settings: KeyedSettings<K>, registry: StateRegistry) {
    const addresses = new RowAddresses(settings.keyType.serializer, settings.maxParallelism);
    super({ settings, registry, keys: addresses });
    this.#addresses = addresses;
    const checkWritable = () => {
      this.checkOpen();
      this.gate.check();
    };
    this.#access = { addresses, versions: this.#versions, gate: { check: checkWritable } };
  }

  /** Restores if asked. On failure nothing is left behind. */
  static async open<K>(
    options: KeyedStateBackendOptions<K>,
    config: ReadableConfig,
  ): Promise<HashMapKeyedStateBackend<K>> {
    const { metricGroup, restore, signal } = options;
    const settings = toKeyedSettings(options, config);
    checkOpening(signal);
    const claimMode = claimModeOf(restore, config);
    const handles =
      restore === undefined
        ? []
        : selectHandles(restore, { ...settings, backend: KIND, keySerializer: settings.keyType.serializer });
    const registry = new StateRegistry(statesOf(handles));
    for (const descriptor of options.states ?? []) {
      registry.register(descriptor, voidNamespaceSerializer);
    }
    await mkdir(settings.directory, { recursive: true });
    try {
      const keyed = new HashMapKeyedStateBackend(settings, registry);
      if (restore !== undefined) {
        const durations = new RestoreDurations();
        for (const handle of handles) {
          const tables = handle.states.map(({ name }) => keyed.#rowsOf(name).table);
          const { onDownloaded } = durations;
          const from = { handle, storage: restore.storage, signal, onDownloaded };
          await restoreHeap(from, tables, settings.keyGroupRange, settings.directory);
        }
        checkOpening(signal);
        await protectUnclaimed(restore, handles, claimMode);
        durations.report(metricGroup, handles);
      }
      return keyed;
    } catch (error) {
      await rm(settings.directory, { recursive: true, force: true });
      throw openingFailure(error, signal);
    }
  }

  async prefetch(): Promise<void> {
    this.checkOpen();
  }

  async numKeyValueStateEntries(): Promise<number> {
    this.checkOpen();
    const slice = new TimeSlice();
    let entries = 0;
    for (const { name, kind } of this.registry.states) {
      const view = this.#rowsOf(name).table.freeze();
      for (const keyGroup of view.keyGroups()) {
        entries += kind === 'MAP' ? mapEntries(view, keyGroup) : view.size(keyGroup);
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

  protected createState<N>(descriptor: StateDescriptor<unknown>, of: SerializedNamespace<N>): AnyState<N> {
    const { name } = descriptor;
    const options = { name, rows: this.#rowsOf(name), namespaceSerializer: of.serializer, namespace: of.namespace };
    return createHeapState(descriptor, options, this.#access);
  }

  protected listKeys<N>(names: readonly string[], { namespace, serializer }: SerializedNamespace<N>): Listing<K> {
    const views = names.map((name) => this.#rowsOf(name).table.freeze());
    return listKeys(views, this.#layout(serializer), namespace);
  }

  protected listKeysAndNamespaces<N>(name: string, namespaceSerializer: TypeSerializer<N>): Listing<readonly [K, N]> {
    return listKeysAndNamespaces(this.#rowsOf(name).table.freeze(), this.#layout(namespaceSerializer));
  }

  protected beginSnapshot(request: SnapshotRequest): SnapshotInProgress {
    const { serializer: keySerializer } = this.settings.keyType;
    // A state that was not used yet gets its table before the version ends: a table is in views only if it is older.
    const stored = request.description.states.map(({ name }) => ({ name, rows: this.#rowsOf(name) }));
    const version = this.#versions.hold();
    const states = stored.map(({ name, rows: { table, format } }) => {
      return { name, keySerializer, view: table.view(), format };
    });
    return takeHeapSnapshot(states, request, () => this.#versions.release(version));
  }

  protected async release(): Promise<void> {
    this.#addresses.close();
    this.#rows.clear();
  }

  #rowsOf(name: string): StoredRows {
    let rows = this.#rows.get(name);
    if (rows === undefined) {
      rows = { table: new CopyOnWriteTable(this.#versions, this.keyGroupRange) };
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

// Each entry of a map counts, as it does where it is a row of its own.
function mapEntries(view: TableView<unknown>, keyGroup: number): number {
  let entries = 0;
  for (const { value } of view.rows(keyGroup)) {
    entries += mapSizeOf(value as HeapMap<unknown>);
  }
  return entries;
}
