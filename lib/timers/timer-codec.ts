// The bytes of timers, as queues keep them (savepoint/timers.ts has the layout), and back.
import type { TypeSerializer } from '../api/type-information.ts';
import { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { TextOutput, writeText } from '../heap/byte-text.ts';
import { TIMESTAMP_BYTES, writeTimestamp } from './timestamps.ts';

/** The bytes of a timer that is added or removed, until the next one is. */
export interface WrittenTimer {
  readonly timestamp: number;
  readonly bytes: Uint8Array;
  /** How many of the bytes are the timer's. */
  readonly length: number;
  /** Its id. */
  text(): string;
}

export class TimerCodec<K, N> implements WrittenTimer {
  timestamp = 0;
  readonly #key: TypeSerializer<K>;
  readonly #namespace: TypeSerializer<N>;
  readonly #text = new TextOutput();
  #output: DataOutput = this.#text.output;
  #id: string | undefined;
  readonly #scratch = new DataOutput();
  readonly #input = new DataInput(this.#scratch.bytes);

  constructor(key: TypeSerializer<K>, namespace: TypeSerializer<N>) {
    this.#key = key;
    this.#namespace = namespace;
  }

  get bytes(): Uint8Array {
    return this.#output.bytes;
  }

  get length(): number {
    return this.#output.position;
  }

  text(): string {
    this.#id ??= this.#text.textFrom(0);
    return this.#id;
  }

  /** @throws SerializationError when the namespace can't be written. */
  write(timestamp: number, key: K, namespace: N): WrittenTimer {
    const output = this.#text.start();
    this.#output = output;
    this.#id = undefined;
    this.timestamp = timestamp;
    writeTimestamp(timestamp, output);
    this.#key.serialize(key, output);
    this.#namespace.serialize(namespace, output);
    return this;
  }

  /** What an id has behind the timestamp, for timers of this key and namespace. */
  suffixOf(key: K, namespace: N): string {
    this.write(0, key, namespace);
    return this.#text.textFrom(TIMESTAMP_BYTES);
  }

  /** @throws SerializationError when the bytes are of other types. */
  keyOf(id: string): K {
    return this.#key.deserialize(this.#open(id));
  }

  /** @throws SerializationError when the bytes are of other types. */
  partsOf(id: string): { readonly key: K; readonly namespace: N } {
    const input = this.#open(id);
    return { key: this.#key.deserialize(input), namespace: this.#namespace.deserialize(input) };
  }

  #open(id: string): DataInput {
    const scratch = this.#scratch;
    scratch.position = 0;
    writeText(id, scratch);
    if (this.#input.bytes !== scratch.bytes) {
      this.#input.replace(scratch.bytes);
    }
    this.#input.setWindow(TIMESTAMP_BYTES, id.length);
    return this.#input;
  }
}
