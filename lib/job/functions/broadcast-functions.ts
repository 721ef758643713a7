// Functions of two streams, of which one goes to all subtasks whole: rules, for example.
import type { MapStateDescriptor, StateDescriptor } from '../../api/descriptors.ts';
import type { BroadcastState, ReadOnlyBroadcastState } from '../operator-state/operator-state-store.ts';
import type { OutputTag } from '../operators/output.ts';
import type { OnTimerContext, TimerService } from './process-functions.ts';
import type { Collector, RichFunction } from './rich-function.ts';

/** What both sides are told beside the element. It is good until the call, or its promise, is done. */
export interface BaseBroadcastContext {
  /** Of the element, or of the timer; `-Infinity` for an element without one. */
  readonly timestamp: number;
  /** `-Infinity` before the first watermark. */
  readonly currentWatermark: number;
  /** Milliseconds since 1970. */
  currentProcessingTime(): number;
  /** Puts a record out beside the main output, with this timestamp. */
  output<X>(tag: OutputTag<X>, value: X): void;
}

/** What the side is told that is not broadcast. */
export interface ReadOnlyBroadcastContext extends BaseBroadcastContext {
  /** @throws TypeError `ERR_UNKNOWN_BROADCAST_STATE` for a descriptor that the stream was not broadcast with. */
  getBroadcastState<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): ReadOnlyBroadcastState<UK, UV>;
}

/** What the side is told that is broadcast. */
export interface BroadcastContext extends BaseBroadcastContext {
  /** As of {@link ReadOnlyBroadcastContext}, to be changed: in all subtasks alike, so by the element alone. */
  getBroadcastState<UK, UV>(descriptor: MapStateDescriptor<UK, UV>): BroadcastState<UK, UV>;
}

/** What the keyed side is told. */
export interface KeyedReadOnlyBroadcastContext<K> extends ReadOnlyBroadcastContext {
  readonly timerService: TimerService;
  getCurrentKey(): K;
}

/** What timers of the keyed side are told. */
export interface OnTimerBroadcastContext<K>
  extends KeyedReadOnlyBroadcastContext<K>,
    Pick<OnTimerContext<K>, 'timeDomain'> {}

/** What the side is told that is broadcast, beside a keyed one. */
export interface KeyedBroadcastContext<K> extends BroadcastContext {
  /** Calls `visit` with every key of this subtask that has something in a state, and the state. */
  applyToKeyedState<S>(descriptor: StateDescriptor<S>, visit: (key: K, state: S) => void): void;
}

/** A stream without keys, beside one that is broadcast. */
export interface BroadcastProcessFunction<I1, I2, O> extends RichFunction {
  processElement(value: I1, context: ReadOnlyBroadcastContext, out: Collector<O>): void | Promise<void>;
  processBroadcastElement(value: I2, context: BroadcastContext, out: Collector<O>): void | Promise<void>;
}

/** A keyed stream, beside one that is broadcast. */
export interface KeyedBroadcastProcessFunction<K, I1, I2, O> extends RichFunction {
  processElement(value: I1, context: KeyedReadOnlyBroadcastContext<K>, out: Collector<O>): void | Promise<void>;
  processBroadcastElement(value: I2, context: KeyedBroadcastContext<K>, out: Collector<O>): void | Promise<void>;
  /** As in `KeyedProcessFunction`. */
  onTimer?(timestamp: number, context: OnTimerBroadcastContext<K>, out: Collector<O>): void | Promise<void>;
}
