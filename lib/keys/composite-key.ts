// The bytes of a row's key, as Flink lays them out:
//
//   [key group: 1 byte, 2 when there are more than 128][key][length of key?][namespace][length of namespace?][user key?]
//
// Lengths are there only when key and namespace both vary in length; without them two pairs could look alike.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import type { DataInputView, DataOutputView, TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { StateAccessError } from '../errors.ts';

const MAX_KEY_GROUPS_IN_ONE_BYTE = 128;
const NO_KEY = -1;

/** Keys of rows; without an upper bound, all from the lower one on. */
export interface KeyBounds {
  readonly lower: Uint8Array;
  readonly upper?: Uint8Array;
}

/** Bytes that the key group takes. */
export function keyGroupPrefixBytes(maxParallelism: number): 1 | 2 {
  return maxParallelism <= MAX_KEY_GROUPS_IN_ONE_BYTE ? 1 : 2;
}

/** Big-endian, unsigned. */
export function writeKeyGroup(keyGroup: number, prefixBytes: 1 | 2, output: DataOutputView): void {
  if (prefixBytes === 2) {
    output.writeByte(keyGroup >>> 8);
  }
  output.writeByte(keyGroup & 0xff);
}

/** Big-endian, unsigned. */
export function readKeyGroup(prefixBytes: 1 | 2, input: DataInputView): number {
  return prefixBytes === 1 ? input.readByte() : (input.readByte() << 8) | input.readByte();
}

/** The key of a row: its key group, and what follows it. */
export function rowKeyOf(keyGroup: number, rest: Uint8Array, prefixBytes: 1 | 2): Uint8Array {
  const key = new DataOutput(new Uint8Array(prefixBytes + rest.length));
  writeKeyGroup(keyGroup, prefixBytes, key);
  key.writeBytes(rest);
  return key.bytes;
}

/** The first key that a key group may have. */
export function firstKeyOf(keyGroup: number, maxParallelism: number): Uint8Array {
  return rowKeyOf(keyGroup, new Uint8Array(0), keyGroupPrefixBytes(maxParallelism));
}

/** Where the rows of a range are: from `lower` up to `upper`, exclusive; that is open at the last key group. */
export function keyBoundsOf({ start, end }: KeyGroupRange, maxParallelism: number): KeyBounds {
  const lower = firstKeyOf(start, maxParallelism);
  return end + 1 < maxParallelism ? { lower, upper: firstKeyOf(end + 1, maxParallelism) } : { lower };
}

/** Whether a key and a namespace need their lengths written to be told apart. */
export function isAmbiguous(key: TypeSerializer<unknown>, namespace: TypeSerializer<unknown>): boolean {
  return key.length < 0 && namespace.length < 0;
}

function noCurrentKey(): Error {
  return new StateAccessError('ERR_NO_CURRENT_KEY', 'No key is set; call setCurrentKey before using keyed state.');
}

/** Lowest byte first, as many bytes as it takes, at least one. */
export function writeItemLength(length: number, output: DataOutputView): void {
  let rest = length;
  do {
    output.writeByte(rest & 0xff);
    rest >>>= 8;
  } while (rest !== 0);
}

/** Skips the length of an item that was `length` bytes long. */
export function skipItemLength(length: number, input: DataInputView): void {
  let rest = length;
  do {
    input.readByte();
    rest >>>= 8;
  } while (rest !== 0);
}

/**
 * Builds keys in a buffer. The key group and key are written once for each current key; every namespace is then written
 * behind them, over the one before.
 */
export class CompositeKeyBuilder<K> {
  readonly #keySerializer: TypeSerializer<K>;
  readonly #keysVary: boolean;
  readonly #prefixBytes: 1 | 2;
  readonly #startKey: () => DataOutput;
  #output: DataOutput | undefined;
  #keyBytes = 0;
  #afterKey = NO_KEY;

  /** @param startKey - gives the output, positioned where keys begin. */
  constructor(keySerializer: TypeSerializer<K>, maxParallelism: number, startKey: () => DataOutput) {
    this.#keySerializer = keySerializer;
    this.#keysVary = isAmbiguous(keySerializer, keySerializer);
    this.#prefixBytes = keyGroupPrefixBytes(maxParallelism);
    this.#startKey = startKey;
  }

  /** Begins a key. When the serializer throws, there is no current key. */
  setKey(key: K, keyGroup: number): void {
    this.#afterKey = NO_KEY;
    const output = this.#startKey();
    writeKeyGroup(keyGroup, this.#prefixBytes, output);
    const start = output.position;
    this.#keySerializer.serialize(key, output);
    this.#output = output;
    this.#keyBytes = output.position - start;
    this.#afterKey = output.position;
  }

  /** Forgets the key. */
  reset(): void {
    this.#afterKey = NO_KEY;
  }

  /** The current key, read back from its bytes. */
  readKey(): K {
    const bytes = (this.#output as DataOutput).bytes.subarray(this.#afterKey - this.#keyBytes, this.#afterKey);
    return this.#keySerializer.deserialize(new DataInput(bytes));
  }

  /** The key in the bytes of a whole row's key. */
  keyIn(row: Uint8Array): K {
    return this.#keySerializer.deserialize(new DataInput(row.subarray(this.#prefixBytes)));
  }

  /**
   * Writes the namespace behind the key. Answers the output, positioned where the value (or a map's user key) begins.
   *
   * @throws StateAccessError `ERR_NO_CURRENT_KEY`.
   */
  withNamespace<N>(namespace: N, serializer: TypeSerializer<N>): DataOutput {
    const output = this.#output;
    if (this.#afterKey === NO_KEY || output === undefined) {
      throw noCurrentKey();
    }
    output.position = this.#afterKey;
    if (this.#keysVary && isAmbiguous(this.#keySerializer, serializer)) {
      this.#writeWithLengths(namespace, serializer, output);
    } else {
      serializer.serialize(namespace, output);
    }
    return output;
  }

  #writeWithLengths<N>(namespace: N, serializer: TypeSerializer<N>, output: DataOutput): void {
    writeItemLength(this.#keyBytes, output);
    const start = output.position;
    serializer.serialize(namespace, output);
    writeItemLength(output.position - start, output);
  }
}
