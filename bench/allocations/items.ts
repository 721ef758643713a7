// The point operations that are looked at. Each sets a key first, as programs do.
import {
  type KeyedStateBackend,
  ListStateDescriptor,
  type MapState,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  type TypeInformation,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from '../../lib/index.ts';

/** Answers what the operation answers; `index` counts the calls. */
export type Call = (index: number) => unknown;

export interface Item {
  readonly descriptor: StateDescriptor<unknown>;
  /** Bytes of what the operation answers, or gives to a function of the program, where it makes that anew. */
  readonly answerBytes: number;
  /** Stores what the operation finds, and answers the operation. */
  prepare(keyed: KeyedStateBackend<number>): Call;
}

const KEYS = 10_000;
const MAP_KEYS = 10;
/** Of a number that is no small integer: what says that it is one, and its 64 bits. */
const HEAP_NUMBER_BYTES = 16;
const BEYOND_SMALL_INTEGERS = 2 ** 40;

interface Numbers {
  readonly type: TypeInformation<number>;
  /** Read from here they are not made anew: beside text, V8 keeps them as objects. */
  readonly values: readonly unknown[];
  readonly bytes: number;
}

const NUMBERS: Readonly<Record<string, Numbers>> = {
  'small LONG': numbers(Types.LONG, (index) => index, 0),
  LONG: numbers(Types.LONG, (index) => BEYOND_SMALL_INTEGERS + index, HEAP_NUMBER_BYTES),
  DOUBLE: numbers(Types.DOUBLE, (index) => index + 0.5, HEAP_NUMBER_BYTES),
};

export const ITEMS: Readonly<Record<string, Item>> = {
  setCurrentKey: {
    descriptor: new ValueStateDescriptor('value', Types.LONG),
    answerBytes: 0,
    prepare: (keyed) => (index) => {
      keyed.setCurrentKey(index % KEYS);
      return 0;
    },
  },
  ...Object.fromEntries(Object.entries(NUMBERS).flatMap(([name, of]) => itemsOf(name, of))),
};

function numbers(type: TypeInformation<number>, numberOf: (index: number) => number, bytes: number): Numbers {
  const values: unknown[] = Array.from({ length: KEYS }, (_, index) => `${numberOf(index)}`);
  for (let index = 0; index < KEYS; index++) {
    values[index] = numberOf(index);
  }
  return { type, values, bytes };
}

function itemsOf(name: string, of: Numbers): [string, Item][] {
  return [
    [`value.value, ${name}`, valueItem(of, of.bytes, (state) => state.value())],
    [`value.update, ${name}`, valueItem(of, 0, (state, value) => state.update(value) ?? 0)],
    [`map.get, ${name}`, mapItem(of, of.bytes, (state, key) => state.get(key))],
    [`map.put, ${name}`, mapItem(of, 0, (state, key, value) => state.put(key, value) ?? 0)],
    [`map.contains, ${name}`, mapItem(of, 0, (state, key) => state.contains(key))],
    [`list.add, ${name}`, listItem(of)],
    [`reducing.add, ${name}`, reducingItem(of)],
  ];
}

function valueItem(
  { type, values }: Numbers,
  answerBytes: number,
  call: (state: ValueState<number>, value: number) => unknown,
): Item {
  const descriptor = new ValueStateDescriptor('value', type);
  return {
    descriptor,
    answerBytes,
    prepare(keyed) {
      const state = keyed.getState(descriptor);
      forEachKey(keyed, (key) => state.update(values[key] as number));
      return (index) => {
        keyed.setCurrentKey(index % KEYS);
        return call(state, values[index % KEYS] as number);
      };
    },
  };
}

function mapItem(
  { type, values }: Numbers,
  answerBytes: number,
  call: (state: MapState<number, number>, key: number, value: number) => unknown,
): Item {
  const descriptor = new MapStateDescriptor('map', Types.INT, type);
  return {
    descriptor,
    answerBytes,
    prepare(keyed) {
      const state = keyed.getMapState(descriptor);
      forEachKey(keyed, (key) => {
        for (let mapKey = 0; mapKey < MAP_KEYS; mapKey++) {
          state.put(mapKey, values[key] as number);
        }
      });
      return (index) => {
        keyed.setCurrentKey(index % KEYS);
        return call(state, index % MAP_KEYS, values[index % KEYS] as number);
      };
    },
  };
}

function listItem({ type, values }: Numbers): Item {
  const descriptor = new ListStateDescriptor('list', type);
  return {
    descriptor,
    answerBytes: 0,
    prepare(keyed) {
      const state = keyed.getListState(descriptor);
      return (index) => {
        keyed.setCurrentKey(index % KEYS);
        state.add(values[index % KEYS] as number);
        return 0;
      };
    },
  };
}

// The larger of two numbers is one of them, so that the function makes none.
function reducingItem({ type, values, bytes }: Numbers): Item {
  const descriptor = new ReducingStateDescriptor('reducing', (a: number, b: number) => (a > b ? a : b), type);
  return {
    descriptor,
    answerBytes: bytes,
    prepare(keyed) {
      const state = keyed.getReducingState(descriptor);
      forEachKey(keyed, (key) => state.add(values[key] as number));
      return (index) => {
        keyed.setCurrentKey(index % KEYS);
        state.add(values[index % KEYS] as number);
        return 0;
      };
    },
  };
}

function forEachKey(keyed: KeyedStateBackend<number>, visit: (key: number) => void): void {
  for (let key = 0; key < KEYS; key++) {
    keyed.setCurrentKey(key);
    visit(key);
  }
}
