// Every way to write a state, each with a key or value that is one byte over its limit.
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../../lib/api/state.ts';
import { Types } from '../../lib/bytes/types.ts';
import { MAX_BYTES, MAX_KEY_BYTES } from '../../lib/rocksdb.ts';

/** One state of each kind, of bytes. */
export interface States {
  readonly value: ValueState<Uint8Array>;
  readonly list: ListState<Uint8Array>;
  readonly map: MapState<Uint8Array, Uint8Array>;
  readonly reducing: ReducingState<Uint8Array>;
  readonly aggregating: AggregatingState<Uint8Array, Uint8Array>;
}

const takeNewest = (_before: Uint8Array, value: Uint8Array) => value;
const newest = {
  createAccumulator: () => new Uint8Array(0),
  add: (value: Uint8Array) => value,
  getResult: (value: Uint8Array) => value,
  merge: takeNewest,
};

/** Opens one state of each kind. */
export function statesOf(keyed: KeyedStateBackend<string>): States {
  return {
    value: keyed.getState(new ValueStateDescriptor('value', Types.BYTES)),
    list: keyed.getListState(new ListStateDescriptor('list', Types.BYTES)),
    map: keyed.getMapState(new MapStateDescriptor('map', Types.BYTES, Types.BYTES)),
    reducing: keyed.getReducingState(new ReducingStateDescriptor('reducing', takeNewest, Types.BYTES)),
    aggregating: keyed.getAggregatingState(new AggregatingStateDescriptor('aggregating', newest, Types.BYTES)),
  };
}

/** Bytes that a BYTES value has beside its content. */
export const LENGTH_BYTES = 4;

// Of the key 'k': key group, length, character, and a void namespace.
const ROW_PREFIX_BYTES = 4;

/** Its row is one byte too long. Zeroed pages take no memory until they are touched. */
export const huge: Uint8Array = new Uint8Array(MAX_BYTES + 1 - LENGTH_BYTES);
const hugeKey = huge.subarray(0, MAX_KEY_BYTES + 1 - LENGTH_BYTES - ROW_PREFIX_BYTES);
const half = huge.subarray(0, huge.length / 2);

export const small: Uint8Array = Uint8Array.of(1, 2, 3);

export const TOO_LARGE_WRITES: Readonly<Record<string, (states: States) => unknown>> = {
  'value.update': ({ value }) => value.update(huge),
  'value.asyncUpdate': ({ value }) => value.asyncUpdate(huge),
  'list.add': ({ list }) => list.add(huge),
  'list.addAll': ({ list }) => list.addAll([half, half]),
  'list.update': ({ list }) => list.update([half, half]),
  'list.asyncAdd': ({ list }) => list.asyncAdd(huge),
  'list.asyncAddAll': ({ list }) => list.asyncAddAll([small, huge]),
  'list.asyncUpdate': ({ list }) => list.asyncUpdate([half, half]),
  'map.put, key': ({ map }) => map.put(hugeKey, small),
  'map.put, value': ({ map }) => map.put(small, huge),
  'map.putAll': ({ map }) => map.putAll([...smallEntries(), [Uint8Array.of(0), huge]]),
  'map.asyncPut, key': ({ map }) => map.asyncPut(hugeKey, small),
  'map.asyncPut, value': ({ map }) => map.asyncPut(small, huge),
  'map.asyncPutAll': ({ map }) => map.asyncPutAll([...smallEntries(), [Uint8Array.of(0), huge]]),
  'map entry.setValue': ({ map }) => map.entries().next().value?.setValue(huge),
  'reducing.add': ({ reducing }) => reducing.add(huge),
  'reducing.asyncAdd': ({ reducing }) => reducing.asyncAdd(huge),
  'aggregating.add': ({ aggregating }) => aggregating.add(huge),
  'aggregating.asyncAdd': ({ aggregating }) => aggregating.asyncAdd(huge),
};

// More than are written in one batch.
function smallEntries(): [Uint8Array, Uint8Array][] {
  return Array.from({ length: 600 }, (_, i) => [Uint8Array.of(i >> 8, i & 0xff), small]);
}
