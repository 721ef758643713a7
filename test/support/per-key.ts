// State read and written under one key after another.
import type { KeyedStateBackend } from '../../lib/api/backend.ts';

/** Makes a key current, then answers what `use` gives. */
export function under<K, R>(keyed: KeyedStateBackend<K>, key: K, use: () => R): R {
  keyed.setCurrentKey(key);
  return use();
}

/** What `read` gives under each of the keys, in their order. */
export function underEach<K, R>(keyed: KeyedStateBackend<K>, keys: readonly K[], read: (key: K) => R): R[] {
  return keys.map((key) => under(keyed, key, () => read(key)));
}
