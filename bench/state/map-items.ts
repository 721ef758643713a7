// The items of Flink's MapStateBenchmark.
import { type MapState, MapStateDescriptor, type MapStateEntry, Types } from '../../lib/index.ts';
import type { Kind } from './kind.ts';
import { bitsOfDouble, bitsOfLong, MAP_KEYS } from './work.ts';

const DESCRIPTOR = new MapStateDescriptor('mapState', Types.LONG, Types.DOUBLE);

export const MAP: Kind<MapState<number, number>> = {
  descriptor: DESCRIPTOR,
  open: (keyed) => keyed.getMapState(DESCRIPTOR),
  perEntry: ['mapKeys', 'mapValues', 'mapEntries', 'mapIterator'],
  isRenewed: false,
  store: ({ state, work }, key) => {
    for (let place = 0; place < MAP_KEYS; place++) {
      state.put(work.mapKey(place), work.storedDouble(key, place));
    }
  },
  digest: sumOf,
  items: {
    mapUpdate: ({ keyed, state, work }, index) => {
      const value = work.mapValue(index);
      keyed.setCurrentKey(work.setUpKey(index));
      state.put(work.mapKey(index), value);
      return bitsOfDouble(value);
    },
    mapAdd: ({ keyed, state, work }, index) => {
      const value = work.mapValue(index);
      keyed.setCurrentKey(work.newKey(index));
      state.put(work.mapKey(index), value);
      return bitsOfDouble(value);
    },
    mapGet: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      return bitsOfDouble(state.get(work.mapKey(index)) as number);
    },
    // Half of these keys are not there.
    mapContains: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      return state.contains(work.mapKey(index) << 1) ? 1 : 0;
    },
    mapIsEmpty: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      return state.isEmpty() ? 1 : 0;
    },
    mapKeys: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      let sum = 0;
      for (const key of state.keys()) {
        sum = (sum + bitsOfLong(key)) | 0;
      }
      return sum;
    },
    mapValues: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      let sum = 0;
      for (const value of state.values()) {
        sum = (sum + bitsOfDouble(value)) | 0;
      }
      return sum;
    },
    mapEntries: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      return sumOf(state.entries());
    },
    mapIterator: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      return sumOf(state);
    },
    mapRemove: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      state.remove(work.mapKey(index));
      return 1;
    },
    mapPutAll: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      state.putAll(work.map);
      return 1;
    },
  },
};

function sumOf(entries: Iterable<MapStateEntry<number, number>>): number {
  let sum = 0;
  for (const entry of entries) {
    sum = (sum + bitsOfLong(entry.key) + bitsOfDouble(entry.value as number)) | 0;
  }
  return sum;
}
