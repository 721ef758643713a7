// Which states a keyed backend has: those restored, and those registered by the program since.
import type { StoredState } from '../api/checkpoint.ts';
import type { StateDescriptor } from '../api/state.ts';
import { StateMigrationError, typeError } from '../errors.ts';

// RocksDB's own family, which holds no state.
const RESERVED_NAME = 'default';

export class StateRegistry {
  readonly #states = new Map<string, StoredState>();

  constructor(restored: readonly StoredState[]) {
    for (const state of restored) {
      this.#states.set(state.name, state);
    }
  }

  /** In the order of registration. */
  get states(): readonly StoredState[] {
    return [...this.#states.values()];
  }

  /**
   * Adds a state, or checks that it is the one known under this name.
   *
   * @throws TypeError `ERR_RESERVED_STATE_NAME`; StateMigrationError when kind or type differ.
   */
  register(descriptor: StateDescriptor<unknown>): void {
    const { name, kind } = descriptor;
    const valueSerializer = descriptor.type.serializer.id;
    if (name === RESERVED_NAME) {
      throw typeError(
        'ERR_RESERVED_STATE_NAME',
        `The chosen state name '${RESERVED_NAME}' collides with the name of the default column family; choose another.`,
      );
    }
    const known = this.#states.get(name);
    if (known === undefined) {
      this.#states.set(name, { name, kind, valueSerializer });
    } else if (known.kind !== kind) {
      throw new StateMigrationError(
        `Incompatible state types: '${name}' is stored as ${known.kind}, and registered as ${kind}.`,
      );
    } else if (known.valueSerializer !== valueSerializer) {
      throw new StateMigrationError(
        `State '${name}' is stored by ${known.valueSerializer}, and the new type, ${descriptor.type.name}, ` +
          `writes ${valueSerializer}.`,
      );
    }
  }
}
