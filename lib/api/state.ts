// The state kinds and their descriptors.
import { describe, typeError } from '../errors.ts';
import type { TypeInformation } from './type-information.ts';

/**
 * One value per key.
 *
 * @example
 * ```ts
 * const count = keyed.getState(new ValueStateDescriptor('count', Types.LONG));
 * keyed.setCurrentKey('whale');
 * count.update((count.value() ?? 0) + 1);
 * ```
 */
export interface ValueState<T> {
  /**
   * The value of the current key, or `undefined` when there is none.
   *
   * @throws StateAccessError without a current key (`ERR_NO_CURRENT_KEY`).
   * @throws RocksDBError when the read fails, or the backend is closed (`ERR_ROCKSDB_CLOSED`).
   */
  value(): T | undefined;
  /**
   * Sets the value of the current key; `undefined` clears it.
   *
   * @throws SerializationError when the type can't hold the value; nothing is written then.
   * @throws StateAccessError without a current key, or while a snapshot is being captured.
   */
  update(value: T | undefined): void;
  /** Removes the value of the current key. */
  clear(): void;
}

/** Name and type of a state. The name identifies it in checkpoints. */
export abstract class StateDescriptor<T> {
  abstract readonly kind: 'VALUE';
  readonly name: string;
  readonly type: TypeInformation<T>;

  /** @throws TypeError for an empty name or for a type that is no `TypeInformation` (`ERR_INVALID_DESCRIPTOR`). */
  constructor(name: string, type: TypeInformation<T>) {
    if (typeof name !== 'string' || name === '') {
      throw typeError(
        'ERR_INVALID_DESCRIPTOR',
        `A state's name must be a non-empty string; received ${describe(name)}.`,
      );
    }
    if (typeof type?.serializer?.serialize !== 'function') {
      throw typeError(
        'ERR_INVALID_DESCRIPTOR',
        `The type of state '${name}' must be a TypeInformation such as Types.LONG; received ${describe(type)}.`,
      );
    }
    this.name = name;
    this.type = type;
  }
}

/** Describes a {@link ValueState}. */
export class ValueStateDescriptor<T> extends StateDescriptor<T> {
  readonly kind = 'VALUE';
}
