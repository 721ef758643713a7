// What keyed backends have in common, wherever their rows are: the current key, the states by name, snapshots under way,
// and the end.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  KeyedStateBackend,
  KeySelectionListener,
  Listing,
  NamespaceOptions,
  PartitionedState,
  SnapshotOptions,
} from '../api/backend.ts';
import type {
  CheckpointStorage,
  CheckpointWriter,
  KeyedStateHandle,
  KeyGroupRange,
  SnapshotInProgress,
  StoredState,
} from '../api/checkpoint.ts';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  ValueStateDescriptor,
} from '../api/descriptors.ts';
import type { SavepointInProgress, SavepointOptions, SavepointWriter } from '../api/savepoint.ts';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../api/state.ts';
import type { InternalTimerService, InternalTimerServiceOptions } from '../api/timers.ts';
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { preview } from '../bytes/preview.ts';
import type { SavepointRequest } from '../checkpoint/savepoint-in-progress.ts';
import type { SnapshotRequest } from '../checkpoint/snapshot-in-progress.ts';
import { describe, rangeError, SerializationError, StateAccessError, typeError } from '../errors.ts';
import { StateTracker } from '../metrics/state-tracker.ts';
import type { StateUse } from '../migration/state-use.ts';
import { keyDescriptionOf } from '../savepoint/described-key.ts';
import type { AnyState } from '../state/create-state.ts';
import { WriteGate } from '../state/write-gate.ts';
import type { TimerQueue } from '../timers/timer-queue.ts';
import { Expiry } from '../ttl/expiry.ts';
import { checkSignal, transferSignal } from './cancellation.ts';
import { KeyContext } from './key-context.ts';
import type { KeyedSettings } from './keyed-settings.ts';
import { checkNamespace, type SerializedNamespace, VOID_NAMESPACE } from './serialized-namespace.ts';
import type { StateRegistry } from './state-registry.ts';
import { TimerServices } from './timer-services.ts';

/** Takes the current key in the form that rows are addressed with. */
export interface KeyWriter<K> {
  setKey(key: K, keyGroup: number): void;
  reset(): void;
}

/** What a backend is made of. */
export interface KeyedBackendParts<K> {
  readonly settings: KeyedSettings<K>;
  readonly registry: StateRegistry;
  readonly keys: KeyWriter<K>;
}

interface Listed<N> {
  readonly name: string;
  readonly serializer: TypeSerializer<N>;
}

export abstract class KeyedBackendBase<K> implements KeyedStateBackend<K> {
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  readonly backendId: string = randomUUID();
  protected readonly settings: KeyedSettings<K>;
  protected readonly registry: StateRegistry;
  protected readonly gate: WriteGate = new WriteGate();
  readonly #keys: KeyWriter<K>;
  readonly #context: KeyContext<K>;
  readonly #tracker: StateTracker;
  readonly #timers: TimerServices<K>;
  readonly #states = new Map<string, AnyState<unknown>>();
  // Names of states whose rows are still being removed.
  readonly #dropping = new Set<string>();
  readonly #snapshots = new Set<SnapshotInProgress | SavepointInProgress>();
  readonly #cancellation = new AbortController();
  #closing: Promise<void> | undefined;

  constructor({ settings, registry, keys }: KeyedBackendParts<K>) {
    this.maxParallelism = settings.maxParallelism;
    this.keyGroupRange = settings.keyGroupRange;
    this.settings = settings;
    this.registry = registry;
    this.#keys = keys;
    this.#context = new KeyContext(settings);
    this.#tracker = new StateTracker(settings.tracking, {
      keySerializer: settings.keyType.serializer as TypeSerializer<unknown>,
      currentKey: () => (this.#context.hasKey ? this.#context.key : undefined),
    });
    const context = this.#context;
    const access = {
      keySerializer: settings.keyType.serializer,
      key: () => context.key,
      keyGroup: () => context.keyGroup,
      setCurrentKey: (key: K) => this.setCurrentKey(key),
      checkOpen: () => this.checkOpen(),
      checkWritable: () => {
        this.checkOpen();
        this.gate.check();
      },
    };
    this.#timers = new TimerServices(registry, access, (stateName) => this.timerQueue(stateName));
  }

  /** Names the kind of backend in checkpoints. */
  protected abstract readonly kind: KeyedStateHandle['backend'];
  /** Does, while the JS thread waits, what has to be done before a state is used for the first time. */
  protected abstract migrate(use: StateUse): void;
  /** Makes a state, set to the namespace. */
  protected abstract createState<N>(use: StateUse, namespace: SerializedNamespace<N>): AnyState<N>;
  /** The timers of a registered queue. */
  protected abstract timerQueue(stateName: string): TimerQueue;
  /** @param names - of registered states. */
  protected abstract listKeys<N>(names: readonly string[], namespace: SerializedNamespace<N>): Listing<K>;
  /** @param name - of a registered state. */
  protected abstract listKeysAndNamespaces<N>(
    name: string,
    namespaceSerializer: TypeSerializer<N>,
  ): Listing<readonly [K, N]>;
  /** Removes the rows of a state that is not registered any more; its objects fail from now on. */
  protected abstract dropRows(name: string): Promise<void>;
  protected abstract beginSnapshot(request: SnapshotRequest): SnapshotInProgress;
  protected abstract beginSavepoint(request: SavepointRequest): SavepointInProgress;
  /** Lets go of the rows. Nothing is under way any more. */
  protected abstract release(): Promise<void>;
  abstract prefetch(keys: Iterable<K>): Promise<void>;
  abstract numKeyValueStateEntries(): Promise<number>;
  abstract localSizeBytes(): Promise<number>;

  setCurrentKey(key: K): void {
    try {
      this.#keys.setKey(key, this.#context.select(key));
    } catch (error) {
      this.#context.reset();
      this.#keys.reset();
      throw error instanceof SerializationError ? keyFailure(key, error) : error;
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
    const namespace = checkNamespace(options);
    const state = this.#state(descriptor, namespace);
    state.setCurrentNamespace(namespace.namespace);
    return state as unknown as PartitionedState<S, N>;
  }

  getTimerService<N>(name: string, options: InternalTimerServiceOptions<K, N>): InternalTimerService<N> {
    this.checkOpen();
    return this.#timers.get(name, options);
  }

  getKeys<N>(states: string | readonly string[], options?: NamespaceOptions<N>): Listing<K> {
    this.checkOpen();
    const namespace = options === undefined ? VOID_NAMESPACE : checkNamespace(options);
    const names = typeof states === 'string' ? [states] : states;
    const known = names.flatMap((name) => this.#listed(name, namespace.serializer) ?? []);
    const serializer = known[0]?.serializer ?? namespace.serializer;
    return this.listKeys(
      known.map(({ name }) => name),
      { ...namespace, serializer },
    );
  }

  getKeysAndNamespaces<N>(state: string, namespaceType: TypeInformation<N>): Listing<readonly [K, N]> {
    this.checkOpen();
    const listed = this.#listed(state, namespaceType.serializer);
    return listed === undefined
      ? { [Symbol.iterator]: () => [][Symbol.iterator](), async *[Symbol.asyncIterator]() {} }
      : this.listKeysAndNamespaces(state, listed.serializer);
  }

  applyToAllKeys<S, N>(
    descriptor: StateDescriptor<S>,
    visit: (key: K, state: PartitionedState<S, N>) => void,
    options?: NamespaceOptions<N>,
  ): void {
    const namespace = options === undefined ? VOID_NAMESPACE : checkNamespace(options);
    const state = this.#state(descriptor, namespace);
    state.setCurrentNamespace(namespace.namespace);
    // A listing shows what there was when it was asked for, so the visitor may change the state.
    for (const key of this.getKeys(descriptor.name, options as NamespaceOptions<N>)) {
      this.setCurrentKey(key);
      visit(key, state as unknown as PartitionedState<S, N>);
    }
  }

  async dropState(name: string): Promise<void> {
    this.checkOpen();
    this.gate.check();
    if (this.registry.find(name) === undefined) {
      const known = this.registry.states.map((state) => `'${state.name}'`).join(', ') || 'none';
      throw new StateAccessError('ERR_UNKNOWN_STATE', `There is no state '${name}' to drop; known are ${known}.`);
    }
    if (this.#timers.uses(name)) {
      throw new StateAccessError('ERR_STATE_IN_USE', `'${name}' has the timers of a service that is in use.`);
    }
    this.#states.delete(name);
    this.registry.drop(name);
    this.#dropping.add(name);
    try {
      await this.dropRows(name);
    } finally {
      this.#dropping.delete(name);
    }
  }

  notifyCheckpointComplete(_checkpointId: number): void {}

  notifyCheckpointAborted(_checkpointId: number): void {}

  snapshot(
    checkpointId: number,
    target: CheckpointStorage | CheckpointWriter,
    options: SnapshotOptions = {},
  ): SnapshotInProgress {
    this.checkOpen();
    this.gate.check();
    checkSignal(options.signal);
    if (!Number.isSafeInteger(checkpointId) || checkpointId < 1) {
      throw rangeError(
        'ERR_INVALID_CHECKPOINT_ID',
        `A checkpoint id must be a positive integer; received ${describe(checkpointId)}.`,
      );
    }
    const snapshot = this.beginSnapshot({
      target,
      description: {
        checkpointId,
        backendId: this.backendId,
        backend: this.kind,
        maxParallelism: this.maxParallelism,
        keyGroupRange: this.keyGroupRange,
        keySerializer: this.settings.keyType.serializer.id,
        keyDescription: keyDescriptionOf(this.settings.keyType.serializer as TypeSerializer<unknown>),
        states: this.storedStates(),
        attachment: options.attachment ?? null,
      },
      workDirectory: join(this.settings.directory, `chk-${checkpointId}-${randomUUID()}`),
      signal: transferSignal(this.#cancellation.signal, options.signal),
      onProgress: options.onProgress,
    });
    return this.#captureOf(snapshot, `checkpoint ${checkpointId}`);
  }

  savepoint(target: string | SavepointWriter, options: SavepointOptions): SavepointInProgress {
    this.checkOpen();
    this.gate.check();
    const { uid, compress = this.settings.compressesSavepoints, signal } = options ?? {};
    if (typeof uid !== 'string' || uid === '') {
      throw typeError('ERR_INVALID_UID', `A savepoint needs the uid of its operator; received ${describe(uid)}.`);
    }
    const savepoint = this.beginSavepoint({
      ...{ target, uid, compress },
      maxParallelism: this.maxParallelism,
      keyGroupRange: this.keyGroupRange,
      keySerializer: this.settings.keyType.serializer,
      states: this.storedStates(),
      signal: transferSignal(this.#cancellation.signal, signal),
    });
    return this.#captureOf(savepoint, `a savepoint of '${uid}'`);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The states as they are told to checkpoints. */
  protected storedStates(): readonly StoredState[] {
    return this.registry.states;
  }

  protected get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** @throws StateAccessError `ERR_BACKEND_CLOSED`. */
  protected checkOpen(): void {
    if (this.#closing !== undefined) {
      throw new StateAccessError('ERR_BACKEND_CLOSED', 'The keyed backend is closed.');
    }
  }

  /** When values of a state expire, if ever. */
  protected expiryOf({ ttl }: StateDescriptor<unknown>): Expiry | undefined {
    return ttl && new Expiry(ttl, this.settings.ttlClock);
  }

  async #close(): Promise<void> {
    this.#cancellation.abort(new StateAccessError('ERR_BACKEND_CLOSED', 'The keyed backend was closed.'));
    await Promise.allSettled([...this.#snapshots].map((snapshot) => snapshot.completed));
    try {
      await this.release();
    } finally {
      await rm(this.settings.directory, { recursive: true, force: true });
    }
  }

  /** Lets nobody write until the state is captured. */
  #captureOf<S extends SnapshotInProgress | SavepointInProgress>(snapshot: S, what: string): S {
    this.gate.close(what);
    this.#snapshots.add(snapshot);
    const openGate = () => this.gate.open();
    snapshot.captured.then(openGate, openGate);
    const forget = () => this.#snapshots.delete(snapshot);
    (snapshot.completed as Promise<unknown>).then(forget, forget);
    return snapshot;
  }

  /** A state that is known, and what reads its namespaces. @throws TypeError `ERR_INVALID_NAMESPACE` when they have another type. */
  #listed<N>(name: string, namespaceSerializer: TypeSerializer<N>): Listed<N> | undefined {
    const known = this.registry.find(name);
    if (known === undefined) {
      return undefined;
    }
    try {
      return { name, serializer: this.registry.namespaceOf(known, namespaceSerializer) };
    } catch {
      throw typeError(
        'ERR_INVALID_NAMESPACE',
        `State '${name}' has namespaces stored by ${known.namespaceFormat}, not by ${namespaceSerializer.id}.`,
      );
    }
  }

  #plainState<S>(descriptor: StateDescriptor<S>): S {
    return this.#state(descriptor, VOID_NAMESPACE) as unknown as S;
  }

  #state<N>(descriptor: StateDescriptor<unknown>, namespace: SerializedNamespace<N>): AnyState<N> {
    this.checkOpen();
    const use = this.registry.use(descriptor, namespace.serializer);
    const known = this.#states.get(descriptor.name);
    if (known !== undefined) {
      this.registry.remember(descriptor, namespace.serializer, use);
      return known;
    }
    if (this.#dropping.has(descriptor.name)) {
      throw new StateAccessError('ERR_STATE_DROPPED', `State '${descriptor.name}' is being dropped; wait until it is.`);
    }
    const state = this.#newState(use, namespace);
    this.#states.set(descriptor.name, state as AnyState<unknown>);
    this.registry.remember(descriptor, namespace.serializer, use);
    return state;
  }

  #newState<N>(use: StateUse, { namespace, serializer }: SerializedNamespace<N>): AnyState<N> {
    if (use.migration !== undefined) {
      this.gate.check();
      this.migrate(use);
    }
    const used = { namespace, serializer: use.namespaceSerializer as typeof serializer };
    const state = this.#tracker.track(this.createState(use, used), use.descriptor, used);
    this.registry.register(use);
    return state;
  }
}

function keyFailure(key: unknown, cause: SerializationError): SerializationError {
  return new SerializationError(`${preview(key)} can not be the current key: ${cause.message}`, { cause });
}
