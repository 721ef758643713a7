// State of the current key and one window, as functions ask for it.
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../api/descriptors.ts';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../../api/state.ts';
import type { KeyedStateStore } from '../functions/rich-function.ts';
import type { PartitionedStates } from './partitioned-states.ts';
import type { Window } from './window.ts';

export class WindowStateStore<W extends Window> implements KeyedStateStore {
  readonly #states: PartitionedStates<W>;
  readonly #window: () => W;

  constructor(states: PartitionedStates<W>, window: () => W) {
    this.#states = states;
    this.#window = window;
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#states.get(descriptor, this.#window());
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#states.get(descriptor, this.#window());
  }

  getMapState<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): MapState<UK, UV> {
    return this.#states.get(descriptor, this.#window());
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#states.get(descriptor, this.#window());
  }

  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT> {
    return this.#states.get(descriptor, this.#window());
  }
}
