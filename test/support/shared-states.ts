// The states that rockstate and Flink exchange in tests: every kind in every type of namespace. SharedState.java has the
// same ones.
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { StoredState } from '../../lib/api/checkpoint.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  type StateKind,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import type { GoldenType } from './flink-goldens.ts';
import { mean, sum } from './functions.ts';

const KINDS = ['VALUE', 'LIST', 'MAP', 'REDUCING', 'AGGREGATING'] as const;

/** What is read from a state of each kind. */
export const READ_TYPES: Readonly<Record<StateKind, GoldenType>> = {
  VALUE: 'STRING',
  LIST: ['LIST', 'STRING'],
  MAP: ['MAP', 'STRING', 'LONG'],
  REDUCING: 'LONG',
  AGGREGATING: 'DOUBLE',
};

export type NamespaceTypeName = 'VOID_NAMESPACE' | 'TIME_WINDOW' | 'STRING' | 'GLOBAL_WINDOW';

const NAMESPACES: Readonly<Record<NamespaceTypeName, readonly unknown[]>> = {
  VOID_NAMESPACE: [null],
  TIME_WINDOW: [
    { start: -60_000, end: 0 },
    { start: 0, end: 60_000 },
  ],
  STRING: ['', 'n'.repeat(254)],
  GLOBAL_WINDOW: ['GlobalWindow'],
};

export interface SharedState {
  readonly kind: StateKind;
  readonly namespaceType: NamespaceTypeName;
  /** Those that the state is used in; `null` is that of state without one. */
  readonly namespaces: readonly unknown[];
  readonly descriptor: StateDescriptor<unknown>;
}

export const SHARED_STATES: readonly SharedState[] = [
  ...KINDS.flatMap((kind) =>
    (['VOID_NAMESPACE', 'TIME_WINDOW', 'STRING'] as const).map((namespaceType) => sharedState(kind, namespaceType)),
  ),
  sharedState('VALUE', 'GLOBAL_WINDOW'),
];

/** Twelve keys of each type. */
export const SHARED_KEYS: Readonly<Record<'STRING' | 'LONG', readonly unknown[]>> = {
  STRING: ['', 'a', 'hello', '€', '\u{1F600}', 'k'.repeat(253), '6', '7', '8', '9', '10', '11'],
  LONG: [0, -1, 42, 2 ** 40, -(2 ** 40), 2 ** 53 - 1, 6, 7, 8, 9, 10, 11],
};

function sharedState(kind: StateKind, namespaceType: NamespaceTypeName): SharedState {
  const descriptor = describeState(kind, `${kind} in ${namespaceType}`);
  return { kind, namespaceType, namespaces: NAMESPACES[namespaceType], descriptor };
}

function describeState(kind: StateKind, name: string): StateDescriptor<unknown> {
  switch (kind) {
    case 'VALUE':
      return new ValueStateDescriptor(name, Types.STRING);
    case 'LIST':
      return new ListStateDescriptor(name, Types.STRING);
    case 'MAP':
      return new MapStateDescriptor(name, Types.STRING, Types.NULLABLE(Types.LONG));
    case 'REDUCING':
      return new ReducingStateDescriptor(name, sum, Types.LONG);
    case 'AGGREGATING':
      return new AggregatingStateDescriptor(name, mean, Types.TUPLE(Types.LONG, Types.LONG));
  }
}

/** What a checkpoint keeps of the shared states. */
export function storedStates(): StoredState[] {
  return SHARED_STATES.map(({ descriptor: { name, kind, valueFormat }, namespaceType }) => {
    const { serializer } =
      namespaceType === 'VOID_NAMESPACE' ? { serializer: voidNamespaceSerializer } : Types[namespaceType];
    return { name, kind, valueFormat, namespaceFormat: serializer.id };
  });
}

/** The state of the current key in a namespace. */
export function stateIn<K>(keyed: KeyedStateBackend<K>, shared: SharedState, namespace: unknown): unknown {
  const { descriptor, namespaceType } = shared;
  if (namespaceType !== 'VOID_NAMESPACE') {
    const type = Types[namespaceType] as TypeInformation<unknown>;
    return keyed.getPartitionedState(descriptor, { namespace, namespaceType: type });
  }
  switch (descriptor.kind) {
    case 'VALUE':
      return keyed.getState(descriptor as ValueStateDescriptor<string>);
    case 'LIST':
      return keyed.getListState(descriptor as ListStateDescriptor<string>);
    case 'MAP':
      return keyed.getMapState(descriptor as MapStateDescriptor<string, number | null>);
    case 'REDUCING':
      return keyed.getReducingState(descriptor as ReducingStateDescriptor<number>);
    case 'AGGREGATING':
      return keyed.getAggregatingState(descriptor as AggregatingStateDescriptor<number, [number, number], number>);
  }
}

/** Every key and namespace that has something in a state, in the order of the backend. */
export function placesOf<K>(keyed: KeyedStateBackend<K>, shared: SharedState): (readonly [K, unknown])[] {
  const { descriptor, namespaceType } = shared;
  return namespaceType === 'VOID_NAMESPACE'
    ? [...keyed.getKeys(descriptor.name)].map((key) => [key, null])
    : [...keyed.getKeysAndNamespaces(descriptor.name, Types[namespaceType] as TypeInformation<unknown>)];
}
