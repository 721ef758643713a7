// What timers need of the keyed backend that they belong to.
import type { TypeSerializer } from '../api/type-information.ts';

export interface TimerAccess<K> {
  readonly keySerializer: TypeSerializer<K>;
  /** The current key. @throws StateAccessError `ERR_NO_CURRENT_KEY`. */
  key(): K;
  /** That of the current key. */
  keyGroup(): number;
  setCurrentKey(key: K): void;
  /** @throws StateAccessError when the backend is closed. */
  checkOpen(): void;
  /** @throws StateAccessError when the backend is closed, or while a snapshot is being captured. */
  checkWritable(): void;
}
