// States of every kind that expire, with a clock that tests set; all are written and read in one way.
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import type {
  AggregatingState,
  AppendingState,
  ListState,
  MapState,
  MergingState,
  NamespacedState,
  State,
  ValueState,
} from '../../lib/api/state.ts';
import type { TtlSettings, TtlTimeProvider } from '../../lib/api/state-ttl.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateTtlConfig, type StateTtlConfigBuilder } from '../../lib/config/state-ttl-config.ts';
import { concatenate } from './functions.ts';

export const TTL_MS = 100;

/** A clock that stands still until it is set. */
export class SetClock implements TtlTimeProvider {
  now = 0;

  currentTimestamp(): number {
    return this.now;
  }
}

/** Values that live for {@link TTL_MS}. */
export function ttl(build: (builder: StateTtlConfigBuilder) => StateTtlConfigBuilder = (each) => each): TtlSettings {
  return build(StateTtlConfig.newBuilder(TTL_MS)).build();
}

type AnyState = State & NamespacedState<string>;

/** A kind of state that texts are written to. */
export interface TtlKind {
  readonly name: string;
  readonly isMerging: boolean;
  describe(settings: TtlSettings): StateDescriptor<unknown>;
  write(state: AnyState, text: string): void;
  asyncWrite(state: AnyState, text: string): Promise<void>;
  /** All that is there, as one text; `undefined` for nothing. */
  read(state: AnyState): string | undefined;
  asyncRead(state: AnyState): Promise<string | undefined>;
}

const collected = {
  createAccumulator: () => ({ text: '' }),
  add: (letter: string, { text }: { text: string }) => ({ text: text + letter }),
  getResult: ({ text }: { text: string }) => text,
  merge: (first: { text: string }, second: { text: string }) => ({ text: first.text + second.text }),
};

function textOf(read: string | readonly string[] | undefined): string | undefined {
  const text = typeof read === 'object' ? read.join('') : read;
  return text === '' ? undefined : text;
}

type Appending = AnyState & AppendingState<string, string | string[] | undefined>;

function appending(name: string, describe: TtlKind['describe']): TtlKind {
  return {
    ...{ name, describe, isMerging: true },
    write: (state, text) => (state as Appending).add(text),
    asyncWrite: (state, text) => (state as Appending).asyncAdd(text),
    read: (state) => textOf((state as Appending).get()),
    asyncRead: async (state) => textOf(await (state as Appending).asyncGet()),
  };
}

/** What an asynchronous iteration comes by. */
export async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

const MAP_KEY = 'entry';

export const TTL_KINDS: readonly TtlKind[] = [
  {
    ...{ name: 'value', isMerging: false },
    describe: (settings) => new ValueStateDescriptor('value', Types.STRING).enableTimeToLive(settings),
    write: (state, text) => (state as unknown as ValueState<string>).update(text),
    asyncWrite: (state, text) => (state as unknown as ValueState<string>).asyncUpdate(text),
    read: (state) => (state as unknown as ValueState<string>).value(),
    asyncRead: (state) => (state as unknown as ValueState<string>).asyncValue(),
  },
  {
    ...{ name: 'map', isMerging: false },
    describe: (settings) => new MapStateDescriptor('map', Types.STRING, Types.STRING).enableTimeToLive(settings),
    write: (state, text) => (state as unknown as MapState<string, string>).put(MAP_KEY, text),
    asyncWrite: (state, text) => (state as unknown as MapState<string, string>).asyncPut(MAP_KEY, text),
    read: (state) => (state as unknown as MapState<string, string>).get(MAP_KEY),
    asyncRead: (state) => (state as unknown as MapState<string, string>).asyncGet(MAP_KEY),
  },
  {
    ...{ name: 'all of a map', isMerging: false },
    describe: (settings) => new MapStateDescriptor('map', Types.STRING, Types.STRING).enableTimeToLive(settings),
    write: (state, text) => (state as unknown as MapState<string, string>).putAll([[MAP_KEY, text]]),
    asyncWrite: (state, text) => (state as unknown as MapState<string, string>).asyncPutAll([[MAP_KEY, text]]),
    read: (state) => textOf([...(state as unknown as MapState<string, string>).values()]),
    async asyncRead(state) {
      return textOf(await gathered((state as unknown as MapState<string, string>).asyncValues()));
    },
  },
  appending('list', (settings) => new ListStateDescriptor('list', Types.STRING).enableTimeToLive(settings)),
  {
    ...appending('iterated list', (settings) =>
      new ListStateDescriptor('list', Types.STRING).enableTimeToLive(settings),
    ),
    read: (state) => textOf([...(state as unknown as ListState<string>)]),
    asyncRead: async (state) => textOf(await gathered(state as unknown as AsyncIterable<string>)),
  },
  appending('reducing', (settings) =>
    new ReducingStateDescriptor('reducing', concatenate, Types.STRING).enableTimeToLive(settings),
  ),
  appending('aggregating', (settings) =>
    new AggregatingStateDescriptor('aggregating', collected, Types.JSON<{ text: string }>()).enableTimeToLive(settings),
  ),
];

const NAMESPACE_TYPE = Types.STRING as TypeInformation<string>;

/** The state of a kind in a namespace. */
export function ttlState(
  keyed: KeyedStateBackend<string>,
  descriptor: StateDescriptor<unknown>,
  namespace = 'namespace',
): AnyState & MergingState<string> & AggregatingState<string, string> {
  return keyed.getPartitionedState(descriptor, { namespace, namespaceType: NAMESPACE_TYPE }) as never;
}
