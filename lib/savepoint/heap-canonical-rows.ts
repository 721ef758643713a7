// Rows as RocksDB has them, of a key group that Flink's heap backend wrote. Bytes are cut out as they are: what is decoded
// only tells where they end.
//
//   value, reducing, aggregating    [state]
//   list                            [element]{delimiter, [element]}…        a list without elements has no row
//   map, a row for each entry       [1 for a null value, else 0][value?]    with the map's key behind the row's
//   timer                           nothing                                 all of its bytes are the key
import type { SerializerLookup } from '../api/savepoint.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { LIST_DELIMITER } from '../bytes/list-elements.ts';
import { RestoreError } from '../errors.ts';
import { isAmbiguous, writeItemLength } from '../keys/composite-key.ts';
import { type HeapKeyGroup, heapContentOf } from './heap-rows.ts';
import type { KeyedHeader } from './keyed-header.ts';
import type { SavepointInput } from './savepoint-input.ts';
import { kindOf, type StateDescription } from './state-description.ts';

/** A row, whose bytes are good until the next one is asked for. */
export interface StateRow {
  readonly stateName: string;
  readonly keyGroup: number;
  /** The row's key behind the key group. */
  readonly id: Uint8Array;
  readonly value: Uint8Array;
}

type Serializer = TypeSerializer<unknown>;

/** How a state's elements are cut. */
export type StateCut =
  | { readonly kind: 'timers'; readonly name: string; readonly timer: Serializer }
  | {
      readonly kind: 'value' | 'list' | 'map';
      readonly name: string;
      readonly key: Serializer;
      readonly namespace: Serializer;
      /** Of the value, an element, or a map's value. */
      readonly value: Serializer;
      /** Only of a map. */
      readonly userKey?: Serializer;
    };

/** @throws UnknownSerializerError when a state's values can't be cut, naming it and the class. */
export function stateCutsOf({ key, states }: KeyedHeader, types: SerializerLookup): StateCut[] {
  const keySerializer = types.typeOf(key).serializer;
  return states.map((state) => stateCutOf(state, keySerializer, types));
}

function stateCutOf(state: StateDescription, key: Serializer, types: SerializerLookup): StateCut {
  const { name, backendType, serializers } = state;
  const { VALUE_SERIALIZER: value, NAMESPACE_SERIALIZER: namespace, USER_KEY_SERIALIZER: userKey } = serializers;
  const serializerOf = (snapshot: SerializerSnapshot | undefined): Serializer => {
    if (snapshot === undefined) {
      throw new RestoreError(`State '${name}' of the savepoint does not say how it is serialized.`);
    }
    return types.typeOf(snapshot, name).serializer;
  };
  if (backendType === 'PRIORITY_QUEUE') {
    return { kind: 'timers', name, timer: serializerOf(value) };
  }
  const common = { name, key, namespace: serializerOf(namespace) };
  const nested = backendType === 'KEY_VALUE' && value?.kind === 'composite' ? value.nested : [];
  switch (kindOf(state)) {
    case 'LIST':
      return { kind: 'list', ...common, value: serializerOf(nested[0] ?? value) };
    case 'MAP':
      return {
        ...{ kind: 'map', ...common, userKey: serializerOf(nested[0] ?? userKey) },
        value: serializerOf(nested[1] ?? value),
      };
    default:
      return { kind: 'value', ...common, value: serializerOf(value) };
  }
}

/**
 * The rows of a key group.
 *
 * @param cuts - of the states, in the order of the header.
 * @throws SavepointFormatError when the bytes are damaged.
 */
export function* heapCanonicalRows(
  group: Omit<HeapKeyGroup, 'states'>,
  cuts: readonly StateCut[],
): Generator<StateRow, void> {
  const input = heapContentOf(group);
  for (let left = cuts.length; left > 0; left--) {
    const stateId = input.unsignedShort('state');
    const cut = cuts[stateId] ?? input.fail('state', `it says state ${stateId}, but the header has ${cuts.length}`);
    const count = input.count(`number of elements of state '${cut.name}'`, 1);
    const rows = new RowCutter(input, cut);
    for (let element = 0; element < count; element++) {
      for (const row of rows.element()) {
        yield { ...row, stateName: cut.name, keyGroup: group.keyGroup };
      }
    }
  }
}

type Cut = Pick<StateRow, 'id' | 'value'>;

const EMPTY = new Uint8Array(0);

class RowCutter {
  readonly #input: SavepointInput;
  readonly #cut: StateCut;
  readonly #id = new DataOutput();
  readonly #value = new DataOutput();

  constructor(input: SavepointInput, cut: StateCut) {
    this.#input = input;
    this.#cut = cut;
  }

  *element(): Generator<Cut, void> {
    const cut = this.#cut;
    if (cut.kind === 'timers') {
      yield { id: this.#bytesOf(cut.timer, 'timer'), value: EMPTY };
      return;
    }
    const namespace = this.#bytesOf(cut.namespace, 'namespace');
    const key = this.#bytesOf(cut.key, 'key');
    this.#startId(key, namespace, isAmbiguous(cut.key, cut.namespace));
    if (cut.kind === 'map') {
      yield* this.#mapRows(cut.userKey as Serializer, cut.value);
    } else if (cut.kind === 'list') {
      yield* this.#listRow(cut.value);
    } else {
      yield { id: written(this.#id), value: this.#bytesOf(cut.value, 'value') };
    }
  }

  #startId(key: Uint8Array, namespace: Uint8Array, hasLengths: boolean): void {
    const id = this.#id;
    id.position = 0;
    for (const item of [key, namespace]) {
      id.writeBytes(item);
      if (hasLengths) {
        writeItemLength(item.length, id);
      }
    }
  }

  *#listRow(element: Serializer): Generator<Cut, void> {
    const value = this.#value;
    value.position = 0;
    const count = this.#count('elements');
    for (let index = 0; index < count; index++) {
      if (index > 0) {
        value.writeByte(LIST_DELIMITER);
      }
      value.writeBytes(this.#bytesOf(element, `element ${index}`));
    }
    if (count > 0) {
      yield { id: written(this.#id), value: written(value) };
    }
  }

  *#mapRows(userKey: Serializer, valueSerializer: Serializer): Generator<Cut, void> {
    const { position: keyEnd } = this.#id;
    for (let left = this.#count('entries'); left > 0; left--) {
      this.#id.position = keyEnd;
      this.#id.writeBytes(this.#bytesOf(userKey, "map's key"));
      const input = this.#input;
      const isNull = input.boolean(`whether a value of '${this.#cut.name}' is null`);
      this.#value.position = 0;
      this.#value.writeByte(isNull ? 1 : 0);
      if (!isNull) {
        this.#value.writeBytes(this.#bytesOf(valueSerializer, "map's value"));
      }
      yield { id: written(this.#id), value: written(this.#value) };
    }
  }

  #count(what: string): number {
    return this.#input.count(`number of ${what} of '${this.#cut.name}'`, 1);
  }

  #bytesOf(serializer: Serializer, what: string): Uint8Array {
    return this.#input.bytesOf(serializer, `${what} of state '${this.#cut.name}'`);
  }
}

function written(output: DataOutput): Uint8Array {
  return output.bytes.subarray(0, output.position);
}
