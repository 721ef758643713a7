// Keyed state in a RocksDB database of its own: one column family per state.

import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyedStateBackend, KeyedStateBackendOptions, SnapshotOptions } from '../api/backend.ts';
import type { CheckpointStorage, KeyGroupRange, SnapshotInProgress } from '../api/checkpoint.ts';
import type { ValueState, ValueStateDescriptor } from '../api/state.ts';
import type { TypeInformation } from '../api/type-information.ts';
import { takeFullSnapshot } from '../checkpoint/full-snapshot.ts';
import { describe, rangeError, StateAccessError, typeError } from '../errors.ts';
import { CompositeKeyBuilder } from '../keys/composite-key.ts';
import { checkKeyGroupRange, checkMaxParallelism, keyGroupOf } from '../keys/key-groups.ts';
import { restoreFull } from '../restore/full-restore.ts';
import type { ColumnFamily } from '../rocksdb/column-family.ts';
import { RocksDB } from '../rocksdb/rocksdb.ts';
import { StateTable } from '../state/state-table.ts';
import { RocksDBValueState } from '../state/value-state.ts';
import { WriteGate } from '../state/write-gate.ts';
import { STATE_FAMILY_OPTIONS, stateOpenOptions } from './rocksdb-options.ts';
import { StateRegistry } from './state-registry.ts';

const DEFAULT_MAX_PARALLELISM = 128;

/** The options after checks, with defaults filled in. */
interface Settings<K> {
  readonly keyType: TypeInformation<K> & { readonly hashCode: (key: K) => number };
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  /** Holds the database and captured snapshots; removed on close. */
  readonly directory: string;
}

export class RocksDBKeyedStateBackend<K> implements KeyedStateBackend<K> {
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  readonly #settings: Settings<K>;
  readonly #db: RocksDB;
  readonly #registry: StateRegistry;
  readonly #families: Map<string, ColumnFamily>;
  readonly #keys: CompositeKeyBuilder<K>;
  readonly #gate = new WriteGate();
  readonly #states = new Map<string, ValueState<unknown>>();
  readonly #snapshots = new Set<SnapshotInProgress>();
  readonly #cancellation = new AbortController();
  #currentKey: K | undefined;
  #closing: Promise<void> | undefined;

  private constructor(settings: Settings<K>, db: RocksDB, registry: StateRegistry) {
    this.maxParallelism = settings.maxParallelism;
    this.keyGroupRange = settings.keyGroupRange;
    this.#settings = settings;
    this.#db = db;
    this.#registry = registry;
    this.#families = new Map(db.columnFamilies.map((family) => [family.name, family]));
    this.#keys = new CompositeKeyBuilder(settings.keyType.serializer, settings.maxParallelism, () =>
      db.calls.startKey(),
    );
  }

  /** Restores if asked, then opens. On failure nothing is left behind. */
  static async open<K>(options: KeyedStateBackendOptions<K>): Promise<RocksDBKeyedStateBackend<K>> {
    const settings = toSettings(options);
    const registry = new StateRegistry(options.restore?.handle.states ?? []);
    for (const descriptor of options.states ?? []) {
      registry.register(descriptor);
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
    this.#currentKey = undefined;
    this.#keys.reset();
    const { keyType, maxParallelism, keyGroupRange } = this.#settings;
    if (key === undefined || key === null) {
      throw typeError('ERR_INVALID_KEY', `Assigned key must not be ${key}.`);
    }
    const keyGroup = keyGroupOf(keyType.hashCode(key), maxParallelism);
    if (keyGroup < keyGroupRange.start || keyGroup > keyGroupRange.end) {
      throw rangeError(
        'ERR_KEY_GROUP_OUT_OF_RANGE',
        `Key group ${keyGroup} of key ${describe(key)} is not in this backend's range ${keyGroupRange.start} to ` +
          `${keyGroupRange.end}; records must be routed by the same key and maximum parallelism.`,
      );
    }
    this.#keys.setKey(key, keyGroup);
    this.#currentKey = key;
  }

  getCurrentKey(): K {
    if (this.#currentKey === undefined) {
      throw new StateAccessError('ERR_NO_CURRENT_KEY', 'No key is set; call setCurrentKey first.');
    }
    return this.#currentKey;
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    this.#checkOpen();
    this.#registry.register(descriptor);
    const known = this.#states.get(descriptor.name);
    if (known !== undefined) {
      return known as ValueState<T>;
    }
    const table = new StateTable(descriptor.name, this.#family(descriptor.name).number, {
      calls: this.#db.calls,
      keys: this.#keys,
      gate: this.#gate,
    });
    const state = new RocksDBValueState(table, descriptor);
    this.#states.set(descriptor.name, state as ValueState<unknown>);
    return state;
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

  #family(name: string): ColumnFamily {
    const family = this.#families.get(name) ?? this.#db.createColumnFamilySync(name, STATE_FAMILY_OPTIONS);
    this.#families.set(name, family);
    return family;
  }
}

function toSettings<K>(options: KeyedStateBackendOptions<K>): Settings<K> {
  const { keyType, maxParallelism = DEFAULT_MAX_PARALLELISM, localDir = tmpdir() } = options;
  if (typeof keyType?.serializer?.serialize !== 'function') {
    throw typeError(
      'ERR_INVALID_KEY_TYPE',
      `keyType must be a TypeInformation such as Types.STRING; received ${describe(keyType)}.`,
    );
  }
  const { hashCode } = keyType;
  if (hashCode === undefined) {
    throw typeError(
      'ERR_INVALID_KEY_TYPE',
      `Type ${keyType.name} can not be a key: equal values may have different bytes.`,
    );
  }
  checkMaxParallelism(maxParallelism);
  const keyGroupRange = options.keyGroupRange ?? { start: 0, end: maxParallelism - 1 };
  checkKeyGroupRange(keyGroupRange, maxParallelism);
  return {
    keyType: { ...keyType, hashCode },
    maxParallelism,
    keyGroupRange,
    directory: join(localDir, `rockstate-${randomUUID()}`),
  };
}
