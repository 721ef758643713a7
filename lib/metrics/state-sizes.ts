// How many bytes keys and values of a state have when serialized.
import {
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from '../api/descriptors.ts';
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';

export interface KeySource {
  readonly keySerializer: TypeSerializer<unknown>;
  /** `undefined` when there is none. */
  currentKey(): unknown;
}

export class StateSizes {
  readonly #output = new DataOutput();
  readonly #keys: KeySource;
  readonly #namespaceSerializer: TypeSerializer<unknown>;
  readonly #userKeySerializer: TypeSerializer<unknown> | undefined;
  readonly #valueSerializer: TypeSerializer<unknown> | undefined;

  constructor(keys: KeySource, descriptor: StateDescriptor<unknown>, namespaceSerializer: TypeSerializer<unknown>) {
    this.#keys = keys;
    this.#namespaceSerializer = namespaceSerializer;
    this.#userKeySerializer = descriptor instanceof MapStateDescriptor ? descriptor.keyType.serializer : undefined;
    this.#valueSerializer = valueTypeOf(descriptor)?.serializer;
  }

  /** Of the current key and a namespace; 0 when there is no key. */
  ofKey(namespace: unknown): number {
    const key = this.#keys.currentKey();
    if (key === undefined) {
      return 0;
    }
    return this.#size(key, this.#keys.keySerializer) + this.#size(namespace, this.#namespaceSerializer);
  }

  /** Of a key within a map. */
  ofUserKey(key: unknown): number {
    return this.#sizeOrNone(key, this.#userKeySerializer);
  }

  /** Of values, or elements of a list; 0 for none. */
  ofValues(values: Iterable<unknown>): number {
    let bytes = 0;
    for (const value of values) {
      bytes += this.#sizeOrNone(value, this.#valueSerializer);
    }
    return bytes;
  }

  #sizeOrNone(value: unknown, serializer: TypeSerializer<unknown> | undefined): number {
    return value === undefined || value === null || serializer === undefined ? 0 : this.#size(value, serializer);
  }

  #size(value: unknown, serializer: TypeSerializer<unknown>): number {
    this.#output.position = 0;
    try {
      serializer.serialize(value, this.#output);
    } catch {
      // The call itself says why it can't be written.
      return 0;
    }
    return this.#output.position;
  }
}

function valueTypeOf(descriptor: StateDescriptor<unknown>): TypeInformation<unknown> | undefined {
  if (descriptor instanceof ValueStateDescriptor || descriptor instanceof ReducingStateDescriptor) {
    return descriptor.type;
  }
  if (descriptor instanceof ListStateDescriptor) {
    return descriptor.elementType;
  }
  return descriptor instanceof MapStateDescriptor ? descriptor.valueType : undefined;
}
