// Reads the rows of one key group in the canonical format, from chunks of any size. Memory: the row that is being read, as far
// as it has come, and one chunk.
import { MAX_BYTES } from '../bytes/limits.ts';
import { SavepointFormatError } from '../errors.ts';
import { firstKeyOf } from '../keys/composite-key.ts';
import { ByteQueue } from './byte-queue.ts';
import { type CanonicalRow, END_OF_KEY_GROUP, LAST_ROW_FLAG } from './canonical-format.ts';

/** What is known of a key group before it is read. */
export interface CanonicalKeyGroup {
  readonly keyGroup: number;
  readonly maxParallelism: number;
  /** How many states the header has. */
  readonly stateCount: number;
  /** What is read, for messages. */
  readonly source: string;
  /** Where the key group begins in the source. */
  readonly offset: number;
  /** The most bytes that there can be: up to the end of the file, where that is known. */
  readonly maxBytes?: number;
}

const INT_BYTES = 4;
const SHORT_BYTES = 2;

/**
 * A pull parser: `push` chunks, call `next` until it answers undefined, and so on until it has `ended`.
 *
 * @example
 * ```ts
 * const reader = new CanonicalRowReader(keyGroup);
 * for await (const chunk of chunks) {
 *   reader.push(chunk);
 *   for (let row = reader.next(); row !== undefined; row = reader.next()) { … }
 *   if (reader.ended) break;
 * }
 * reader.finish();
 * ```
 */
export class CanonicalRowReader {
  readonly #group: CanonicalKeyGroup;
  readonly #prefix: Uint8Array;
  readonly #queue = new ByteQueue();
  readonly #maxBytes: number;
  #stateId: number | undefined;
  #ended = false;

  constructor(group: CanonicalKeyGroup) {
    const { keyGroup, maxParallelism, maxBytes = Number.MAX_SAFE_INTEGER } = group;
    this.#group = group;
    this.#maxBytes = maxBytes;
    this.#prefix = firstKeyOf(keyGroup, maxParallelism);
  }

  /** Whether the key group's end was read. What comes behind it is left alone. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Bytes of the key group that were read. */
  get bytesRead(): number {
    return this.#queue.taken;
  }

  /** Adds bytes, which must not change before they were read. */
  push(chunk: Uint8Array): void {
    this.#queue.push(chunk);
  }

  /**
   * The next row, or undefined when more bytes are needed or the key group has ended. The value is a view of what was pushed.
   *
   * @throws SavepointFormatError when the bytes are damaged.
   */
  next(): CanonicalRow | undefined {
    if (this.#stateId === undefined && !this.#readStateId()) {
      return undefined;
    }
    const queue = this.#queue;
    if (!queue.has(INT_BYTES)) {
      return undefined;
    }
    const keyLength = this.#checkedLength('key', queue.intAt(0), this.#prefix.length);
    if (!queue.has(INT_BYTES + keyLength + INT_BYTES)) {
      return undefined;
    }
    const valueLength = this.#checkedLength('value', queue.intAt(INT_BYTES + keyLength), 0);
    return queue.has(INT_BYTES + keyLength + INT_BYTES + valueLength)
      ? this.#takeRow(keyLength, valueLength)
      : undefined;
  }

  /** @throws SavepointFormatError when the bytes have ended and the key group has not. */
  finish(): void {
    if (!this.#ended) {
      this.#fail('end of key group', `the bytes end before it, with ${this.#queue.length} left of a row`);
    }
  }

  #readStateId(): boolean {
    if (this.#ended || !this.#queue.has(SHORT_BYTES)) {
      return false;
    }
    const stateId = this.#queue.unsignedShortAt(0);
    if (stateId === END_OF_KEY_GROUP) {
      this.#queue.skip(SHORT_BYTES);
      this.#ended = true;
      return false;
    }
    if (stateId >= this.#group.stateCount) {
      this.#fail('state', `it says state ${stateId}, but the header has ${this.#group.stateCount}`);
    }
    this.#queue.skip(SHORT_BYTES);
    this.#stateId = stateId;
    return true;
  }

  #takeRow(keyLength: number, valueLength: number): CanonicalRow {
    const queue = this.#queue;
    const stateId = this.#stateId as number;
    const first = queue.byteAt(INT_BYTES);
    this.#checkKeyGroup(first & ~LAST_ROW_FLAG);
    queue.skip(INT_BYTES);
    const key = new Uint8Array(queue.take(keyLength));
    key[0] = first & ~LAST_ROW_FLAG;
    queue.skip(INT_BYTES);
    const value = queue.take(valueLength);
    if ((first & LAST_ROW_FLAG) !== 0) {
      this.#stateId = undefined;
    }
    return { stateId, key, value };
  }

  #checkKeyGroup(first: number): void {
    const prefix = this.#prefix.length === 1 ? [first] : [first, this.#queue.byteAt(INT_BYTES + 1)];
    if (prefix.some((byte, index) => byte !== this.#prefix[index])) {
      const found = prefix.reduce((number, byte) => number * 256 + byte, 0);
      this.#fail('key group', `the row is of key group ${found}, not of ${this.#group.keyGroup}`);
    }
  }

  #checkedLength(field: 'key' | 'value', length: number, atLeast: number): number {
    if (length < atLeast || length > MAX_BYTES || length > this.#maxBytes - this.#queue.taken) {
      this.#fail(`length of ${field}`, `${length} bytes can not be`);
    }
    return length;
  }

  #fail(field: string, reason: string): never {
    const { source, offset, keyGroup } = this.#group;
    const place = { source, offset: offset + this.#queue.taken, field: `key group ${keyGroup}, ${field}` };
    throw new SavepointFormatError(`${reason}.`, place);
  }
}

/** The rows of a key group whose bytes are at hand; they may go on behind it. */
export function* canonicalRowsOf(bytes: Uint8Array, group: CanonicalKeyGroup): Generator<CanonicalRow, void> {
  const reader = new CanonicalRowReader({ ...group, maxBytes: bytes.length });
  reader.push(bytes);
  for (let row = reader.next(); row !== undefined; row = reader.next()) {
    yield row;
  }
  reader.finish();
}
