// The current key of a keyed backend, and who wants to know of it. What is rarely done is in functions of its own: small
// ones become a part of their callers when they are compiled.
import type { KeySelectionListener } from '../api/backend.ts';
import { toSerialized } from '../bytes/serialized.ts';
import { describe, rangeError, StateAccessError, typeError } from '../errors.ts';
import { keyGroupOf } from '../keys/key-groups.ts';
import type { KeyedSettings } from './keyed-settings.ts';

export class KeyContext<K> {
  readonly #keyType: KeyedSettings<K>['keyType'];
  readonly #maxParallelism: number;
  readonly #firstKeyGroup: number;
  readonly #lastKeyGroup: number;
  readonly #listeners = new Set<KeySelectionListener<K>>();
  #key: K | undefined;
  #keyGroup = 0;

  constructor({ keyType, maxParallelism, keyGroupRange }: KeyedSettings<K>) {
    this.#keyType = keyType;
    this.#maxParallelism = maxParallelism;
    this.#firstKeyGroup = keyGroupRange.start;
    this.#lastKeyGroup = keyGroupRange.end;
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
    if (this.#listeners.size > 0) {
      this.#tellListeners(key);
    }
    this.#key = undefined;
    if (key === undefined || key === null) {
      throw typeError('ERR_INVALID_KEY', `Assigned key must not be ${key}.`);
    }
    const keyGroup = keyGroupOf(this.#hashCode(key), this.#maxParallelism);
    if (keyGroup < this.#firstKeyGroup || keyGroup > this.#lastKeyGroup) {
      throw this.#outOfRange(key, keyGroup);
    }
    this.#key = key;
    this.#keyGroup = keyGroup;
    return keyGroup;
  }

  /** Forgets the key. */
  reset(): void {
    this.#key = undefined;
  }

  #tellListeners(key: K): void {
    for (const listener of this.#listeners) {
      listener(key);
    }
  }

  #outOfRange(key: K, keyGroup: number): Error {
    this.#checkKind(key);
    return rangeError(
      'ERR_KEY_GROUP_OUT_OF_RANGE',
      `Key group ${keyGroup} of key ${describe(key)} is not in this backend's range ${this.#firstKeyGroup} to ` +
        `${this.#lastKeyGroup}; records must be routed by the same key and maximum parallelism.`,
    );
  }

  #hashCode(key: K): number {
    try {
      return this.#keyType.hashCode(key);
    } catch (error) {
      this.#checkKind(key);
      throw error;
    }
  }

  // A value of the wrong kind may have no hash code, or a meaningless one; its serializer says what is wrong.
  #checkKind(key: K): void {
    toSerialized(key, this.#keyType.serializer);
  }

  addListener(listener: KeySelectionListener<K>): void {
    this.#listeners.add(listener);
  }

  removeListener(listener: KeySelectionListener<K>): boolean {
    return this.#listeners.delete(listener);
  }
}
