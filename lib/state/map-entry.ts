// An entry that iterating a map gives. Its row's key stays in the page that it was read from, and is copied only when the
// row is written.
import type { MapStateEntry } from '../api/state.ts';
import { StateAccessError } from '../errors.ts';
import type { KeyPlace } from '../rocksdb/prefix-scan.ts';

/** What entries do to their rows, which need not be of the current key. */
export interface EntryWrites<UV> {
  replaceValue(row: Uint8Array, value: UV): void;
  removeRow(row: Uint8Array): void;
}

export class StoredEntry<UK, UV> implements MapStateEntry<UK, UV> {
  readonly key: UK;
  value: UV | undefined;
  readonly #writes: EntryWrites<UV>;
  readonly #buffer: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  #isRemoved = false;

  constructor(key: UK, value: UV, { keyBuffer, keyStart, keyEnd }: KeyPlace, writes: EntryWrites<UV>) {
    this.key = key;
    this.value = value;
    this.#writes = writes;
    this.#buffer = keyBuffer;
    this.#start = keyStart;
    this.#end = keyEnd;
  }

  setValue(value: UV): void {
    if (this.#isRemoved) {
      throw new StateAccessError('ERR_ENTRY_REMOVED', 'The entry was removed; put its key again instead.');
    }
    this.#writes.replaceValue(this.#row(), value);
    this.value = value;
  }

  remove(): void {
    this.#writes.removeRow(this.#row());
    this.#isRemoved = true;
    this.value = undefined;
  }

  #row(): Uint8Array {
    return this.#buffer.slice(this.#start, this.#end);
  }
}
