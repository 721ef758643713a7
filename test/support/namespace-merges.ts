// What merging namespaces has to cope with: five values spread in several ways over a target and two sources.
import type { KeyedStateBackend, NamespaceOptions, PartitionedState } from '../../lib/api/backend.ts';
import type { StateDescriptor } from '../../lib/api/descriptors.ts';
import type { AppendingState } from '../../lib/api/state.ts';
import { Types } from '../../lib/bytes/types.ts';

const TARGET = 'target';
const SOURCES = ['source-1', 'source-2'] as const;

type Spread = Readonly<Record<typeof TARGET | (typeof SOURCES)[number], readonly number[]>>;

// Each is put under a key of its own.
const SPREADS: Readonly<Record<string, Spread>> = {
  nowhere: { target: [], 'source-1': [], 'source-2': [] },
  'in all three': { target: [33, 55], 'source-1': [11], 'source-2': [22, 44] },
  'in the sources': { target: [], 'source-1': [11, 22], 'source-2': [33, 44, 55] },
  'in one source': { target: [], 'source-1': [11, 22, 33, 44, 55], 'source-2': [] },
  'in the target': { target: [11, 22, 33, 44, 55], 'source-1': [], 'source-2': [] },
};

/** The values of each spread but the first, which has none. */
export const SPREAD_VALUES: readonly number[] = [11, 22, 33, 44, 55];

/** What the state gives, by spread. */
export type Spreads<R> = Record<string, R>;

function namespaced(namespace: string): NamespaceOptions<string> {
  return { namespace, namespaceType: Types.STRING };
}

/** Adds the values of every spread, each under its own key. */
export function addSpreads<R>(
  keyed: KeyedStateBackend<string>,
  descriptor: StateDescriptor<AppendingState<number, R>>,
): void {
  for (const [key, spread] of Object.entries(SPREADS)) {
    keyed.setCurrentKey(key);
    for (const [namespace, values] of Object.entries(spread)) {
      const state = keyed.getPartitionedState(descriptor, namespaced(namespace));
      for (const value of values) {
        state.add(value);
      }
    }
  }
}

/** Merges every spread into the target. */
export function mergeSpreads<R>(
  keyed: KeyedStateBackend<string>,
  descriptor: StateDescriptor<AppendingState<number, R>>,
): void {
  forEachSpread(keyed, descriptor, TARGET, (state) => state.mergeNamespaces(TARGET, SOURCES));
}

/** What the target holds. */
export function readTargets<R>(
  keyed: KeyedStateBackend<string>,
  descriptor: StateDescriptor<AppendingState<number, R>>,
): Spreads<R> {
  return forEachSpread(keyed, descriptor, TARGET, (state) => state.get());
}

/** What the sources hold. */
export function readSources<R>(
  keyed: KeyedStateBackend<string>,
  descriptor: StateDescriptor<AppendingState<number, R>>,
): Spreads<R>[] {
  return SOURCES.map((source) => forEachSpread(keyed, descriptor, source, (state) => state.get()));
}

export function clearTargets<R>(
  keyed: KeyedStateBackend<string>,
  descriptor: StateDescriptor<AppendingState<number, R>>,
): void {
  forEachSpread(keyed, descriptor, TARGET, (state) => state.clear());
}

/** The same for every spread. */
export function everySpread<R>(result: R, nowhere: R): Spreads<R> {
  return Object.fromEntries(Object.keys(SPREADS).map((key) => [key, key === 'nowhere' ? nowhere : result]));
}

function forEachSpread<R, T>(
  keyed: KeyedStateBackend<string>,
  descriptor: StateDescriptor<AppendingState<number, R>>,
  namespace: string,
  use: (state: PartitionedState<AppendingState<number, R>, string>) => T,
): Spreads<T> {
  return Object.fromEntries(
    Object.keys(SPREADS).map((key) => {
      keyed.setCurrentKey(key);
      return [key, use(keyed.getPartitionedState(descriptor, namespaced(namespace)))];
    }),
  );
}
