// What is in the keyed state of a golden of Flink, as a job of ours finds it, and as Flink says that it should be.
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { SavepointOperator } from '../../lib/api/savepoint.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { readBytesOf } from '../../lib/restore/savepoint-bytes.ts';
import { type KeyedHeader, readKeyedHeader } from '../../lib/savepoint/keyed-header.ts';
import { SavepointInput } from '../../lib/savepoint/savepoint-input.ts';
import { fromGolden, type GoldenType } from './flink-goldens.ts';
import type { FlinkOperator, FlinkSavepoint, FlinkState } from './flink-jobs.ts';

/** One key and namespace, and what a state has there. */
export type Content = readonly [key: unknown, namespace: unknown, value: unknown];

/** What a savepoint says of the states of an operator. */
export async function headerOf(operator: SavepointOperator): Promise<KeyedHeader> {
  const [state] = await operator.keyedState();
  if (state === undefined) {
    throw new Error(`${operator.uid} has no keyed state`);
  }
  const bytes = await readBytesOf(state.kind === 'incremental' ? state.metadata : state);
  return readKeyedHeader(new SavepointInput(bytes, 'golden'), operator.types.forms);
}

/** Descriptors with the types that the savepoint itself describes. */
export function descriptorsOf(
  { states }: KeyedHeader,
  operator: SavepointOperator,
): ReadonlyMap<string, () => StateDescriptor<unknown>> {
  return new Map(
    states.map(({ name, options, serializers }) => [
      name,
      () => {
        const { VALUE_SERIALIZER: value } = serializers;
        if (value === undefined) {
          throw new Error(`${name} has no serializer`);
        }
        const nested = value.kind === 'composite' ? value.nested : [];
        const typeOf = (part = value) => operator.types.typeOf(part, name) as TypeInformation<unknown>;
        switch (options.KEYED_STATE_TYPE) {
          case 'LIST':
            return new ListStateDescriptor(name, typeOf(nested[0]));
          case 'MAP':
            return new MapStateDescriptor(name, typeOf(nested[0]), typeOf(nested[1]));
          case 'REDUCING':
            return new ReducingStateDescriptor(name, (a) => a, typeOf());
          case 'AGGREGATING':
            return new AggregatingStateDescriptor(name, IDENTITY, typeOf());
          default:
            return new ValueStateDescriptor(name, typeOf());
        }
      },
    ]),
  );
}

const IDENTITY = {
  createAccumulator: (): unknown => undefined,
  add: (value: unknown) => value,
  getResult: (accumulator: unknown) => accumulator,
  merge: (a: unknown) => a,
};

/** All that a keyed backend has of a state. */
export function contentsOf(
  keyed: KeyedStateBackend<unknown>,
  state: FlinkState,
  descriptor: StateDescriptor<unknown>,
): Content[] {
  if (isVoid(state)) {
    const object = stateOf(keyed, descriptor);
    return [...keyed.getKeys(state.name)].map((key) => {
      keyed.setCurrentKey(key);
      return [key, null, contentOf(object, state.kind)];
    });
  }
  const type = Types[state.namespaceType as 'TIME_WINDOW'] as TypeInformation<unknown>;
  return [...keyed.getKeysAndNamespaces(state.name, type)].map(([key, namespace]) => {
    keyed.setCurrentKey(key);
    const object = keyed.getPartitionedState(descriptor, { namespace, namespaceType: type });
    return [key, namespace, contentOf(object, state.kind)];
  });
}

/** All that Flink says that a state has. */
export function expectedOf({ rows }: FlinkSavepoint, operator: FlinkOperator, state: FlinkState): Content[] {
  return rows
    .filter(([uid, name]) => uid === operator.uid && name === state.name)
    .map(([, , key, namespace, value]) => [
      fromGolden(operator.keyType as GoldenType, key),
      isVoid(state) ? null : fromGolden(state.namespaceType as GoldenType, namespace),
      fromGolden(state.valueType as GoldenType, value),
    ]);
}

/** By the texts of keys and namespaces. */
export function sorted(contents: readonly Content[]): Content[] {
  const textOf = ([key, namespace]: Content) => JSON.stringify([key, namespace]);
  return contents.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

/** The state of a descriptor, in no namespace. */
export function stateOf(keyed: KeyedStateBackend<unknown>, descriptor: StateDescriptor<unknown>): unknown {
  switch (descriptor.kind) {
    case 'VALUE':
      return keyed.getState(descriptor as ValueStateDescriptor<unknown>);
    case 'LIST':
      return keyed.getListState(descriptor as ListStateDescriptor<unknown>);
    case 'MAP':
      return keyed.getMapState(descriptor as MapStateDescriptor<unknown, unknown>);
    case 'REDUCING':
      return keyed.getReducingState(descriptor as ReducingStateDescriptor<unknown>);
    default:
      return keyed.getAggregatingState(descriptor as AggregatingStateDescriptor<unknown, unknown, unknown>);
  }
}

function contentOf(state: unknown, kind: string): unknown {
  if (kind === 'VALUE') {
    return (state as { value(): unknown }).value();
  }
  return kind === 'MAP'
    ? new Map([...(state as Iterable<{ key: unknown; value: unknown }>)].map(({ key, value }) => [key, value]))
    : (state as { get(): unknown }).get();
}

function isVoid({ namespaceType }: FlinkState): boolean {
  return namespaceType === undefined || namespaceType === 'VOID_NAMESPACE';
}
