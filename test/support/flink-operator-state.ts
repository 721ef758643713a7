// Operator state of the jobs of Flink: restored here or put together here, and as Flink says that it should be.
import type { OperatorStateSnapshot, StoredOperatorState } from '../../lib/api/operator-state.ts';
import type { SavepointOperator } from '../../lib/api/savepoint.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { ListStateDescriptor, MapStateDescriptor } from '../../lib/index.ts';
import type { OperatorStateBackend } from '../../lib/job/operator-state/operator-state-backend.ts';
import type { OperatorListState } from '../../lib/job/operator-state/operator-state-store.ts';
import { fromGolden, type GoldenType, typeOf } from './flink-goldens.ts';
import type { FlinkOperator, FlinkSavepoint, FlinkState } from './flink-jobs.ts';
import { neutral, sorted } from './neutral-values.ts';

const MODES: readonly string[] = ['SPLIT_DISTRIBUTE', 'UNION', 'BROADCAST'];

/** The states of an operator that are not keyed. */
export function operatorStatesOf({ states }: FlinkOperator): FlinkState[] {
  return states.filter(({ kind }) => MODES.includes(kind));
}

/** What a savepoint holds of an operator. */
export async function storedIn(operator: SavepointOperator): Promise<StoredOperatorState> {
  const { parallelism, types, location } = operator;
  return { parallelism, types, subtasks: await operator.operatorState(), source: location };
}

/** Snapshots with the subtasks that they are of. */
export function snapshotsOf(stores: readonly OperatorStateBackend[]): (OperatorStateSnapshot | undefined)[] {
  return stores.map((store) => store.snapshot());
}

/** What a subtask has of a state, in the form of an `expected.json`. */
export function contentsIn(store: OperatorStateBackend, state: FlinkState): unknown[] {
  const [key, value] = [state.keyType ?? 'LONG', state.valueType] as [GoldenType, GoldenType];
  if (state.kind !== 'BROADCAST') {
    return listOf(store, state)
      .get()
      .map((element) => neutral(element, value));
  }
  const map = store.getBroadcastState(new MapStateDescriptor(state.name, typeOf(key), typeOf(value)));
  return sorted(Array.from(map, ([k, v]) => [neutral(k, key), neutral(v, value)]));
}

/** Puts into stores what Flink's subtasks had: lists in turn, and maps into each. */
export function fillStores(
  stores: readonly OperatorStateBackend[],
  { uid, ...operator }: FlinkOperator,
  { operatorState }: Pick<FlinkSavepoint, 'operatorState'>,
): void {
  for (const [of, name, mode, subtask, elements] of operatorState) {
    const state = operator.states.find((each) => each.name === name && of === uid);
    if (state !== undefined) {
      const some = mode === 'BROADCAST' ? stores : [stores[subtask % stores.length] as OperatorStateBackend];
      for (const store of some) {
        fill(store, state, elements);
      }
    }
  }
}

function fill(store: OperatorStateBackend, state: FlinkState, elements: readonly unknown[]): void {
  const [key, value] = [state.keyType ?? 'LONG', state.valueType] as [GoldenType, GoldenType];
  if (state.kind !== 'BROADCAST') {
    listOf(store, state).addAll(elements.map((element) => fromGolden(value, element)));
    return;
  }
  const map = store.getBroadcastState(new MapStateDescriptor(state.name, typeOf(key), typeOf(value)));
  map.putAll((elements as [unknown, unknown][]).map(([k, v]) => [fromGolden(key, k), fromGolden(value, v)]));
}

function listOf(store: OperatorStateBackend, { name, kind, valueType }: FlinkState): OperatorListState<unknown> {
  const descriptor = new ListStateDescriptor(name, typeOf(valueType as GoldenType) as TypeInformation<unknown>);
  return kind === 'UNION' ? store.getUnionListState(descriptor) : store.getListState(descriptor);
}
