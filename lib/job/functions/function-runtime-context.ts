// What functions are told of where they run, made of what their operator runs with.
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../api/descriptors.ts';
import type { MetricGroup } from '../../api/metrics.ts';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../../api/state.ts';
import type { OperatorContext } from '../operators/stream-operator.ts';
import type { RuntimeContext } from './rich-function.ts';

export class FunctionRuntimeContext implements RuntimeContext {
  readonly #operator: OperatorContext;

  constructor(operator: OperatorContext) {
    this.#operator = operator;
  }

  get taskName(): string {
    return this.#operator.operatorName;
  }

  get indexOfThisSubtask(): number {
    return this.#operator.subtaskIndex;
  }

  get numberOfParallelSubtasks(): number {
    return this.#operator.parallelism;
  }

  get maxNumberOfParallelSubtasks(): number {
    return this.#operator.maxParallelism;
  }

  get attemptNumber(): number {
    return this.#operator.attemptNumber;
  }

  get metricGroup(): MetricGroup {
    return this.#operator.metricGroup;
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#operator.keyed.getState(descriptor);
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#operator.keyed.getListState(descriptor);
  }

  getMapState<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): MapState<UK, UV> {
    return this.#operator.keyed.getMapState(descriptor);
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#operator.keyed.getReducingState(descriptor);
  }

  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT> {
    return this.#operator.keyed.getAggregatingState(descriptor);
  }
}
