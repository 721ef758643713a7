// The ways in which numbers are written to a state and read from it, for each kind of state.
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import type { AppendingState, ListState, MapState, State, ValueState } from '../../lib/api/state.ts';
import { Types } from '../../lib/bytes/types.ts';
import { mutableSum, sum } from './functions.ts';

/** What of the written numbers is there. */
export interface Contents {
  /** Where writing replaces. */
  readonly last: number;
  /** Where each lives by itself. */
  readonly elements: readonly number[];
  /** Where they are made one, which lives as a whole. */
  readonly folded: readonly number[];
}

/** A kind of state, written and read in one way. */
export interface Way {
  readonly name: string;
  readonly isAsync: boolean;
  describe(name: string): StateDescriptor<unknown>;
  write(state: State, value: number): void | Promise<void>;
  read(state: State): unknown;
  /** What reading gives then. */
  shows(contents: Contents): unknown;
  /** What reading gives when nothing is there. */
  readonly nothing: unknown;
}

const MAP_KEY = 'entry';
const total = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

function way<S extends State>(
  name: string,
  kind: Pick<Way, 'describe' | 'shows' | 'nothing'>,
  write: (state: S, value: number) => void | Promise<void>,
  read: (state: S) => unknown,
): Way {
  return {
    ...kind,
    name,
    isAsync: name.endsWith('asynchronously'),
    write: (state, value) => write(state as S, value),
    read: (state) => read(state as S),
  };
}

const VALUE = {
  describe: (name: string) => new ValueStateDescriptor(name, Types.LONG),
  shows: ({ last }: Contents) => last,
  nothing: undefined,
};
const LIST = {
  describe: (name: string) => new ListStateDescriptor(name, Types.LONG),
  shows: ({ elements }: Contents) => elements,
  nothing: [],
};
const REPLACED_LIST = { ...LIST, shows: ({ last }: Contents) => [last] };
const ENTRY = {
  describe: (name: string) => new MapStateDescriptor(name, Types.STRING, Types.LONG),
  shows: ({ last }: Contents) => last,
  nothing: undefined,
};
const ENTRIES = { ...ENTRY, shows: ({ last }: Contents) => [[MAP_KEY, last]], nothing: [] };
const KEYS = { ...ENTRY, shows: () => [MAP_KEY], nothing: [] };
const VALUES = { ...ENTRY, shows: ({ last }: Contents) => [last], nothing: [] };
const REDUCING = {
  describe: (name: string) => new ReducingStateDescriptor(name, sum, Types.LONG),
  shows: ({ folded }: Contents) => total(folded),
  nothing: undefined,
};
const AGGREGATING = {
  ...REDUCING,
  describe: (name: string) => new AggregatingStateDescriptor(name, mutableSum, Types.JSON<{ total: number }>()),
};

type Numbers = ListState<number>;
type NumberMap = MapState<string, number>;
type Folding = AppendingState<number, number | undefined>;

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

async function pairsOf(state: NumberMap): Promise<unknown> {
  return (await collected(state.asyncEntries())).map(({ key, value }) => [key, value]);
}

export const WAYS: readonly Way[] = [
  way<ValueState<number>>(
    'value',
    VALUE,
    (state, value) => state.update(value),
    (state) => state.value(),
  ),
  way<ValueState<number>>(
    'value, asynchronously',
    VALUE,
    (state, value) => state.asyncUpdate(value),
    (state) => state.asyncValue(),
  ),
  way<Numbers>(
    'list, replaced',
    REPLACED_LIST,
    (state, value) => state.update([value]),
    (state) => state.get(),
  ),
  way<Numbers>(
    'list, replaced asynchronously',
    REPLACED_LIST,
    (state, value) => state.asyncUpdate([value]),
    (state) => state.asyncGet(),
  ),
  way<Numbers>(
    'list',
    LIST,
    (state, value) => state.add(value),
    (state) => state.get(),
  ),
  way<Numbers>(
    'list, asynchronously',
    LIST,
    (state, value) => state.asyncAdd(value),
    (state) => state.asyncGet(),
  ),
  way<Numbers>(
    'list, iterated',
    LIST,
    (state, value) => state.addAll([value]),
    (state) => [...state],
  ),
  way<Numbers>(
    'list, iterated asynchronously',
    LIST,
    (state, value) => state.asyncAddAll([value]),
    (state) => collected(state as AsyncIterable<number>),
  ),
  way<NumberMap>(
    'map',
    ENTRY,
    (state, value) => state.put(MAP_KEY, value),
    (state) => state.get(MAP_KEY),
  ),
  way<NumberMap>(
    'map, asynchronously',
    ENTRY,
    (state, value) => state.asyncPut(MAP_KEY, value),
    (state) => state.asyncGet(MAP_KEY),
  ),
  way<NumberMap>(
    'map, entries',
    ENTRIES,
    (state, value) => state.putAll([[MAP_KEY, value]]),
    (state) => [...state].map(({ key, value }) => [key, value]),
  ),
  way<NumberMap>(
    'map, entries asynchronously',
    ENTRIES,
    (state, value) => state.asyncPutAll([[MAP_KEY, value]]),
    pairsOf,
  ),
  way<NumberMap>(
    'map, keys',
    KEYS,
    (state, value) => state.put(MAP_KEY, value),
    (state) => [...state.keys()],
  ),
  way<NumberMap>(
    'map, keys asynchronously',
    KEYS,
    (state, value) => state.asyncPut(MAP_KEY, value),
    (state) => collected(state.asyncKeys()),
  ),
  way<NumberMap>(
    'map, values',
    VALUES,
    (state, value) => state.put(MAP_KEY, value),
    (state) => [...state.values()],
  ),
  way<NumberMap>(
    'map, values asynchronously',
    VALUES,
    (state, value) => state.asyncPut(MAP_KEY, value),
    (state) => collected(state.asyncValues()),
  ),
  way<Folding>(
    'reducing',
    REDUCING,
    (state, value) => state.add(value),
    (state) => state.get(),
  ),
  way<Folding>(
    'reducing, asynchronously',
    REDUCING,
    (state, value) => state.asyncAdd(value),
    (state) => state.asyncGet(),
  ),
  way<Folding>(
    'aggregating',
    AGGREGATING,
    (state, value) => state.add(value),
    (state) => state.get(),
  ),
  way<Folding>(
    'aggregating, asynchronously',
    AGGREGATING,
    (state, value) => state.asyncAdd(value),
    (state) => state.asyncGet(),
  ),
];
