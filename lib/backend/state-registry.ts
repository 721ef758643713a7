// Which states a keyed backend has: those restored, and those registered by the program since.
import type { StoredState } from '../api/checkpoint.ts';
import type { StateDescriptor } from '../api/descriptors.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { StateMigrationError, typeError } from '../errors.ts';
import { type StateUse, usableNamespace, useOf } from '../migration/state-use.ts';
import { type TimerTypes, usableTimers } from '../migration/timer-use.ts';
import { storedQueueOf, storedStateOf } from '../savepoint/described-state.ts';
import { timerSerializer } from '../savepoint/timers.ts';

// RocksDB's own family, which holds no state.
const RESERVED_NAME = 'default';

/** What the program last asked for a state with, and what came of it. */
interface Asked {
  readonly by: StateDescriptor<unknown>;
  readonly namespaceSerializer: TypeSerializer<unknown>;
  readonly use: StateUse;
}

export class StateRegistry {
  readonly #states = new Map<string, StoredState>();
  // Those that the program has asked for.
  readonly #registered = new Set<string>();
  readonly #asked = new Map<string, Asked>();
  readonly #now: () => number;

  /** @param now - tells when values that begin to expire were used last, in milliseconds since 1970. */
  constructor(restored: readonly StoredState[], now: () => number = Date.now) {
    this.#now = now;
    for (const state of restored) {
      this.#states.set(state.name, state);
    }
  }

  /** In the order of registration. */
  get states(): readonly StoredState[] {
    return [...this.#states.values()];
  }

  /** What is known of a state. */
  find(name: string): StoredState | undefined {
    return this.#states.get(name);
  }

  /**
   * How a state can be used. Nothing changes yet: what has to be migrated is, before it is registered.
   *
   * @throws TypeError `ERR_RESERVED_STATE_NAME`; StateMigrationError when kind, type or namespace type do not fit what is
   *   known under this name.
   */
  use(descriptor: StateDescriptor<unknown>, namespaceSerializer: TypeSerializer<unknown>): StateUse {
    const { name } = descriptor;
    const asked = this.#asked.get(name);
    if (asked?.by === descriptor && asked.namespaceSerializer === namespaceSerializer) {
      return asked.use;
    }
    if (name === RESERVED_NAME) {
      throw typeError(
        'ERR_RESERVED_STATE_NAME',
        `The chosen state name '${RESERVED_NAME}' collides with the name of the default column family; choose another.`,
      );
    }
    const known = this.#states.get(name);
    if (known === undefined) {
      return { descriptor, namespaceSerializer, migration: undefined };
    }
    const use = useOf(known, descriptor, { namespaceSerializer, nowMs: this.#now() });
    if (use.migration !== undefined && this.#registered.has(name)) {
      throw new StateMigrationError(
        `State '${name}' is in use as ${known.valueFormat}, and can be migrated to ${descriptor.valueFormat} only when it is ` +
          'asked for the first time after a restore.',
      );
    }
    return use;
  }

  /** Adds a state, or has it as it is used from now on. */
  register(use: StateUse): void {
    const { descriptor, namespaceSerializer } = use;
    const { name } = descriptor;
    if (!this.#registered.has(name)) {
      this.#set(storedStateOf(descriptor, namespaceSerializer));
    }
  }

  /** Remembers what the program asked with, so that asking again takes no time. */
  remember(by: StateDescriptor<unknown>, namespaceSerializer: TypeSerializer<unknown>, use: StateUse): void {
    this.#asked.set(by.name, { by, namespaceSerializer, use: { ...use, migration: undefined } });
  }

  /**
   * Adds a queue of timers, or checks that it is the one known under this name.
   *
   * @returns the serializers to use.
   * @throws StateMigrationError when it is no queue, or keys or namespaces have another type.
   */
  registerQueue<K, N>(name: string, types: TimerTypes<K, N>): TimerTypes<K, N> {
    const known = this.#states.get(name);
    const used = known === undefined ? types : usableTimers(known, types);
    if (!this.#registered.has(name)) {
      this.#set(storedQueueOf(name, timerSerializer(used.key, used.namespace)));
    }
    return used;
  }

  /** The serializer to read a known state's namespaces with. @throws StateMigrationError when they have another format. */
  namespaceOf<N>(state: StoredState, serializer: TypeSerializer<N>): TypeSerializer<N> {
    return usableNamespace(state, serializer);
  }

  /** Forgets a state. */
  drop(name: string): void {
    this.#states.delete(name);
    this.#registered.delete(name);
    this.#asked.delete(name);
  }

  #set(state: StoredState): void {
    const known = this.#states.get(state.name);
    const isSame = known?.valueFormat === state.valueFormat && known.namespaceFormat === state.namespaceFormat;
    // A savepoint may describe the same format better: by a Java class that the program reads as a type of its own.
    const description = (isSame ? known.description : undefined) ?? state.description;
    this.#states.set(state.name, { ...state, ...(description !== undefined && { description }) });
    this.#registered.add(state.name);
  }
}
