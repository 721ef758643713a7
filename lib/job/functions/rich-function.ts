// What functions of a job may implement beside their work: a beginning, an end, and access to state.
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../api/descriptors.ts';
import type { MetricGroup } from '../../api/metrics.ts';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../../api/state.ts';

/** State of the current key. */
export interface KeyedStateStore {
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getMapState<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): MapState<UK, UV>;
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT>;
}

/** Where a function runs, and its keyed state: asking for that in a stream without keys is a `StateAccessError`. */
export interface RuntimeContext extends KeyedStateStore {
  readonly taskName: string;
  /** From 0 on. */
  readonly indexOfThisSubtask: number;
  readonly numberOfParallelSubtasks: number;
  readonly maxNumberOfParallelSubtasks: number;
  /** How often the job was started before, after failures. */
  readonly attemptNumber: number;
  readonly metricGroup: MetricGroup;
}

/** What every function of a job may implement. */
export interface RichFunction {
  /** Called in each subtask before anything else; the place to ask for state. */
  open?(context: RuntimeContext): void | Promise<void>;
  /** Called in each subtask at the end, also after a failure. */
  close?(): void | Promise<void>;
}

/** Takes what a function puts out. */
export interface Collector<T> {
  collect(value: T): void;
}
