// What is written to the shared states, and what a backend has in them. SharedContents.java writes the same.
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { AppendingState, ListState, MapState, State, ValueState } from '../../lib/api/state.ts';
import { fromGolden } from './flink-goldens.ts';
import { placesOf, READ_TYPES, SHARED_KEYS, SHARED_STATES, type SharedState, stateIn } from './shared-states.ts';

/** Something in a state: a list as an array, a map as a `Map`. */
export interface Listed {
  readonly state: string;
  readonly key: unknown;
  /** `null` is that of state without one. */
  readonly namespace: unknown;
  readonly value: unknown;
}

/** Where something is written: the numbers of its key and its namespace. */
interface Place {
  readonly key: number;
  readonly namespace: number;
}

export type SharedKeyType = keyof typeof SHARED_KEYS;

/** Puts something into every state. */
export function begin<K>(keyed: KeyedStateBackend<K>, keyType: SharedKeyType): void {
  everywhere(keyed, keyType, (state, kind, place) => {
    const text = `${place.key}.${place.namespace}`;
    if (kind === 'VALUE') {
      (state as ValueState<string>).update(`first ${text}`);
    } else if (kind === 'LIST') {
      (state as ListState<string>).addAll(['a', text]);
    } else if (kind === 'MAP') {
      (state as MapState<string, number | null>).putAll(firstEntries(place));
    } else {
      (state as AppendingState<number, unknown>).add(place.key);
      (state as AppendingState<number, unknown>).add(10 + place.namespace);
    }
  });
}

/** Clears some, leaves some, and changes the others: which ones depends on the number of the round. */
export function change<K>(keyed: KeyedStateBackend<K>, keyType: SharedKeyType, round: number): void {
  everywhere(keyed, keyType, (state, kind, place) => {
    const what = (place.key + round) % 4;
    if (what === 0) {
      (state as State).clear();
    } else if (what === 1) {
      return;
    } else if (kind === 'VALUE') {
      (state as ValueState<string>).update(`round ${round}`);
    } else if (kind === 'LIST') {
      (state as ListState<string>).add(`later, in round ${round}`);
    } else if (kind === 'MAP') {
      (state as MapState<string, number>).remove('gone');
      (state as MapState<string, number>).put('round', round);
    } else {
      (state as AppendingState<number, unknown>).add(100 * round);
    }
  });
}

function firstEntries(place: Place): [string, number | null][] {
  const many = Array.from({ length: place.key === 1 ? 300 : 0 }, (_, n): [string, number] => [`entry ${n}`, n]);
  return [['one', 1], ['gone', 2], ['nothing', null], ...many];
}

function everywhere<K>(
  keyed: KeyedStateBackend<K>,
  keyType: SharedKeyType,
  write: (state: unknown, kind: SharedState['kind'], place: Place) => void,
): void {
  for (const shared of SHARED_STATES) {
    SHARED_KEYS[keyType].forEach((currentKey, key) => {
      keyed.setCurrentKey(currentKey as K);
      shared.namespaces.forEach((current, namespace) => {
        write(stateIn(keyed, shared, current), shared.kind, { key, namespace });
      });
    });
  }
}

/** All that a backend has in the shared states, in the order of its listing. */
export function list<K>(keyed: KeyedStateBackend<K>): Listed[] {
  return SHARED_STATES.flatMap((shared) =>
    placesOf(keyed, shared).map(([key, namespace]) => {
      keyed.setCurrentKey(key);
      return { state: shared.descriptor.name, key, namespace, value: read(stateIn(keyed, shared, namespace), shared) };
    }),
  );
}

function read(state: unknown, { kind }: SharedState): unknown {
  switch (kind) {
    case 'VALUE':
      return (state as ValueState<string>).value();
    case 'MAP':
      return new Map([...(state as MapState<string, number>)].map(({ key, value }) => [key, value]));
    default:
      return (state as AppendingState<number, unknown>).get();
  }
}

/** What Flink listed, as ours. */
export function fromFlink(listed: readonly Listed[], keyType: SharedKeyType): Listed[] {
  const states = new Map(SHARED_STATES.map((shared) => [shared.descriptor.name, shared]));
  return listed.map(({ state, key, namespace, value }) => {
    const { namespaceType, kind } = states.get(state) as SharedState;
    return {
      state,
      key: fromGolden(keyType, key),
      namespace: fromGolden(namespaceType, namespace),
      value: fromGolden(READ_TYPES[kind], value),
    };
  });
}
