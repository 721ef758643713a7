// The rows of one state: one column family, accessed under the current key and a namespace.
import type { TypeSerializer } from '../api/type-information.ts';
import type { DataInput } from '../bytes/data-input.ts';
import type { DataOutput } from '../bytes/data-output.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import type { CompositeKeyBuilder } from '../keys/composite-key.ts';
import type { PointCalls } from '../rocksdb/point-calls.ts';
import type { WriteGate } from './write-gate.ts';

/** What all states of a keyed backend share. */
export interface KeyedAccess<K> {
  readonly calls: PointCalls;
  readonly keys: CompositeKeyBuilder<K>;
  readonly gate: WriteGate;
}

export class StateTable<K, N = undefined> {
  readonly name: string;
  readonly #calls: PointCalls;
  readonly #keys: CompositeKeyBuilder<K>;
  readonly #gate: WriteGate;
  readonly #columnFamily: number;
  readonly #namespaceSerializer: TypeSerializer<N>;
  #namespace = undefined as N;
  #keyEnd = 0;

  constructor(name: string, columnFamily: number, access: KeyedAccess<K>) {
    this.name = name;
    this.#columnFamily = columnFamily;
    this.#calls = access.calls;
    this.#keys = access.keys;
    this.#gate = access.gate;
    this.#namespaceSerializer = voidNamespaceSerializer as TypeSerializer<N>;
  }

  /** The row's value, to be read before the next call; `undefined` when there is no row. */
  get(): DataInput | undefined {
    const output = this.#keys.withNamespace(this.#namespace, this.#namespaceSerializer);
    return this.#calls.get(this.#columnFamily, output.position);
  }

  /** Begins to write the row's value; `put` ends it. */
  startValue(): DataOutput {
    this.#gate.check();
    const output = this.#keys.withNamespace(this.#namespace, this.#namespaceSerializer);
    this.#keyEnd = output.position;
    return output;
  }

  /** Stores what was written since `startValue`. */
  put(): void {
    this.#calls.put(this.#columnFamily, this.#keyEnd);
  }

  remove(): void {
    this.#gate.check();
    const output = this.#keys.withNamespace(this.#namespace, this.#namespaceSerializer);
    this.#calls.remove(this.#columnFamily, output.position);
  }
}
