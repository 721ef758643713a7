// The kinds of state whose compaction is measured: what is stored in each. ExpiringState.java of bench/flink is the same in
// Java.
import {
  type KeyedStateBackend,
  ListStateDescriptor,
  MapStateDescriptor,
  type StateDescriptor,
  type TypeInformation,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import type { Work } from '../state/work.ts';

const NAME = 'state';
/** Entries of a map, and elements of a list. */
const PER_KEY = 10;

/** Entries of a key, from one place up to another. */
export interface Entries {
  readonly key: number;
  readonly from: number;
  readonly to: number;
}

/** Stores entries of the current key. */
export type Store = (entries: Entries) => void;

export interface Kind {
  readonly descriptor: StateDescriptor<unknown>;
  readonly entriesPerKey: number;
  open(keyed: KeyedStateBackend<number>, work: Work): Store;
}

const VALUE = new ValueStateDescriptor(NAME, Types.LONG);
const MAP = new MapStateDescriptor(NAME, Types.LONG, Types.DOUBLE);

export const KINDS: Readonly<Record<string, Kind>> = {
  value: {
    descriptor: VALUE,
    entriesPerKey: 1,
    open(keyed, work) {
      const state = keyed.getState(VALUE);
      return ({ key }) => state.update(work.storedLong(key));
    },
  },
  map: {
    descriptor: MAP,
    entriesPerKey: PER_KEY,
    open(keyed, work) {
      const state = keyed.getMapState(MAP);
      return ({ key, from, to }) => {
        for (let place = from; place < to; place++) {
          state.put(place, work.storedDouble(key, place));
        }
      };
    },
  },
  'list-long': listKind(Types.LONG, (work, index) => work.storedLong(index)),
  'list-string': listKind(Types.STRING, (work, index) => String(work.storedLong(index))),
};

function listKind<T>(type: TypeInformation<T>, elementOf: (work: Work, index: number) => T): Kind {
  const descriptor = new ListStateDescriptor(NAME, type);
  return {
    descriptor,
    entriesPerKey: PER_KEY,
    open(keyed, work) {
      const state = keyed.getListState(descriptor);
      return ({ key, from, to }) => {
        const elements: T[] = [];
        for (let place = from; place < to; place++) {
          elements.push(elementOf(work, key * PER_KEY + place));
        }
        state.addAll(elements);
      };
    },
  };
}
