// The current key of a keyed backend, and who wants to know of it.
import type { KeySelectionListener } from '../api/backend.ts';
import { toSerialized } from '../bytes/serialized.ts';
import { describe, rangeError, StateAccessError, typeError } from '../errors.ts';
import { keyGroupOf } from '../keys/key-groups.ts';
import type { KeyedSettings } from './keyed-settings.ts';

export class KeyContext<K> {
  readonly #settings: KeyedSettings<K>;
  readonly #listeners = new Set<KeySelectionListener<K>>();
  #key: K | undefined;
  #keyGroup = 0;

  constructor(settings: KeyedSettings<K>) {
    this.#settings = settings;
  }

  /** @throws StateAccessError `ERR_NO_CURRENT_KEY`. */
  get key(): K {
    if (this.#key === undefined) {
      throw new StateAccessError('ERR_NO_CURRENT_KEY', 'No key is set; call setCurrentKey before using keyed state.');
    }
    return this.#key;
  }

  /** That of the key, while there is one. */
  get keyGroup(): number {
    return this.#keyGroup;
  }

  get hasKey(): boolean {
    return this.#key !== undefined;
  }

  /**
   * Makes a key current and answers its key group. When it throws, there is no current key.
   *
   * @throws TypeError `ERR_INVALID_KEY`; RangeError `ERR_KEY_GROUP_OUT_OF_RANGE`; SerializationError for a key of another kind.
   */
  select(key: K): number {
    for (const listener of this.#listeners) {
      listener(key);
    }
    this.#key = undefined;
    const { maxParallelism, keyGroupRange } = this.#settings;
    if (key === undefined || key === null) {
      throw typeError('ERR_INVALID_KEY', `Assigned key must not be ${key}.`);
    }
    const keyGroup = keyGroupOf(this.#hashCode(key), maxParallelism);
    if (keyGroup < keyGroupRange.start || keyGroup > keyGroupRange.end) {
      this.#checkKind(key);
      throw rangeError(
        'ERR_KEY_GROUP_OUT_OF_RANGE',
        `Key group ${keyGroup} of key ${describe(key)} is not in this backend's range ${keyGroupRange.start} to ` +
          `${keyGroupRange.end}; records must be routed by the same key and maximum parallelism.`,
      );
    }
    this.#key = key;
    this.#keyGroup = keyGroup;
    return keyGroup;
  }

  /** Forgets the key. */
  reset(): void {
    this.#key = undefined;
  }

  #hashCode(key: K): number {
    try {
      return this.#settings.keyType.hashCode(key);
    } catch (error) {
      this.#checkKind(key);
      throw error;
    }
  }

  // A value of the wrong kind may have no hash code, or a meaningless one; its serializer says what is wrong.
  #checkKind(key: K): void {
    toSerialized(key, this.#settings.keyType.serializer);
  }

  addListener(listener: KeySelectionListener<K>): void {
    this.#listeners.add(listener);
  }

  removeListener(listener: KeySelectionListener<K>): boolean {
    return this.#listeners.delete(listener);
  }
}
