// Which states a keyed backend has: those restored, and those registered by the program since.
import type { StoredState } from '../api/checkpoint.ts';
import type { StateDescriptor } from '../api/descriptors.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { StateMigrationError, typeError } from '../errors.ts';
import { storedQueueOf, storedStateOf } from '../savepoint/described-state.ts';

// RocksDB's own family, which holds no state.
const RESERVED_NAME = 'default';

export class StateRegistry {
  readonly #states = new Map<string, StoredState>();
  // Those that the program has asked for.
  readonly #registered = new Set<string>();

  constructor(restored: readonly StoredState[]) {
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
   * Adds a state, or checks that it is the one known under this name.
   *
   * @throws TypeError `ERR_RESERVED_STATE_NAME`; StateMigrationError when kind, type or namespace type differ.
   */
  register(descriptor: StateDescriptor<unknown>, namespaceSerializer: TypeSerializer<unknown>): void {
    const { name } = descriptor;
    if (name === RESERVED_NAME) {
      throw typeError(
        'ERR_RESERVED_STATE_NAME',
        `The chosen state name '${RESERVED_NAME}' collides with the name of the default column family; choose another.`,
      );
    }
    const known = this.#states.get(name);
    if (known !== undefined) {
      checkSame(known, descriptor, namespaceSerializer.id);
    }
    this.#register(name, known, () => storedStateOf(descriptor, namespaceSerializer));
  }

  /**
   * Adds a queue of timers, or checks that it is the one known under this name.
   *
   * @throws StateMigrationError when it is no queue, or keys or namespaces have another type.
   */
  registerQueue(name: string, timerSerializer: Pick<TypeSerializer<unknown>, 'id' | 'snapshot'>): void {
    const known = this.#states.get(name);
    if (known !== undefined) {
      checkSameQueue(known, timerSerializer.id);
    }
    this.#register(name, known, () => storedQueueOf(name, timerSerializer));
  }

  #register(name: string, known: StoredState | undefined, describe: () => StoredState): void {
    if (!this.#registered.has(name)) {
      const state = describe();
      // A savepoint may describe the same format better: by a Java class that the program reads as a type of its own.
      this.#states.set(name, known?.description === undefined ? state : { ...state, description: known.description });
      this.#registered.add(name);
    }
  }
}

function checkSameQueue({ name, kind, valueFormat }: StoredState, timerFormat: string): void {
  if (kind !== 'PRIORITY_QUEUE') {
    throw new StateMigrationError(`Incompatible state types: '${name}' is known as ${kind}, not as timers.`);
  }
  if (valueFormat !== timerFormat) {
    throw new StateMigrationError(
      `The new priority queue serializer must not be incompatible. Timers of '${name}' are stored by ${valueFormat}, and ` +
        `the new types write ${timerFormat}.`,
    );
  }
}

function checkSame(known: StoredState, descriptor: StateDescriptor<unknown>, namespaceFormat: string): void {
  const { name, kind, valueFormat } = descriptor;
  if (known.kind !== kind) {
    throw new StateMigrationError(`Incompatible state types: '${name}' is known as ${known.kind}, not as ${kind}.`);
  }
  if (known.valueFormat !== valueFormat) {
    throw new StateMigrationError(
      `State '${name}' is stored by ${known.valueFormat}, and the new type writes ${valueFormat}.`,
    );
  }
  if (known.namespaceFormat !== namespaceFormat) {
    throw new StateMigrationError(
      `State '${name}' has namespaces stored by ${known.namespaceFormat}, and the new type writes ${namespaceFormat}.`,
    );
  }
}
