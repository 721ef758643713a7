// What a trigger, or an evictor, may use of an operator, for the window that is current.
import type { StateDescriptor } from '../../api/descriptors.ts';
import type { MetricGroup } from '../../api/metrics.ts';
import type { InternalTimerService } from '../../api/timers.ts';
import { NO_TIMESTAMP } from '../operators/output.ts';
import type { EvictorContext } from './evictors/evictor.ts';
import type { PartitionedStates } from './partitioned-states.ts';
import type { OnMergeContext } from './triggers/trigger.ts';
import type { Window } from './window.ts';

export class WindowTriggerContext<W extends Window> implements OnMergeContext, EvictorContext {
  readonly metricGroup: MetricGroup;
  readonly #timers: InternalTimerService<W>;
  readonly #states: PartitionedStates<W>;
  #window: W | undefined;
  #merged: readonly W[] = [];
  // The timers that were registered or deleted last, since the window became current: at most one of either is a time.
  #eventTime: number = NO_TIMESTAMP;
  #deletedEventTime: number = NO_TIMESTAMP;
  #processingTime: number = NO_TIMESTAMP;
  #deletedProcessingTime: number = NO_TIMESTAMP;

  constructor(timers: InternalTimerService<W>, states: PartitionedStates<W>, metricGroup: MetricGroup) {
    this.#timers = timers;
    this.#states = states;
    this.metricGroup = metricGroup;
  }

  /** Makes a window the current one. */
  enter(window: W): this {
    this.#window = window;
    this.#eventTime = NO_TIMESTAMP;
    this.#deletedEventTime = NO_TIMESTAMP;
    this.#processingTime = NO_TIMESTAMP;
    this.#deletedProcessingTime = NO_TIMESTAMP;
    return this;
  }

  /** Makes the one window current that others have become. */
  enterMerge(window: W, merged: readonly W[]): this {
    this.#merged = merged;
    return this.enter(window);
  }

  /** As {@link registerEventTimeTimer}, unless that was the last thing that was done about timers of the window. */
  ensureEventTimeTimer(timestamp: number): void {
    if (this.#eventTime !== timestamp) {
      this.registerEventTimeTimer(timestamp);
    }
  }

  /** As {@link ensureEventTimeTimer}. */
  ensureProcessingTimeTimer(timestamp: number): void {
    if (this.#processingTime !== timestamp) {
      this.registerProcessingTimeTimer(timestamp);
    }
  }

  /** As {@link deleteEventTimeTimer}, unless that was the last thing that was done about timers of the window. */
  ensureNoEventTimeTimer(timestamp: number): void {
    if (this.#deletedEventTime !== timestamp) {
      this.deleteEventTimeTimer(timestamp);
    }
  }

  /** As {@link ensureNoEventTimeTimer}. */
  ensureNoProcessingTimeTimer(timestamp: number): void {
    if (this.#deletedProcessingTime !== timestamp) {
      this.deleteProcessingTimeTimer(timestamp);
    }
  }

  get currentWatermark(): number {
    return this.#timers.currentWatermark;
  }

  currentProcessingTime(): number {
    return this.#timers.currentProcessingTime();
  }

  registerEventTimeTimer(timestamp: number): void {
    this.#timers.registerEventTimeTimer(this.#window as W, timestamp);
    this.#eventTime = timestamp;
    this.#deletedEventTime = NO_TIMESTAMP;
  }

  registerProcessingTimeTimer(timestamp: number): void {
    this.#timers.registerProcessingTimeTimer(this.#window as W, timestamp);
    this.#processingTime = timestamp;
    this.#deletedProcessingTime = NO_TIMESTAMP;
  }

  deleteEventTimeTimer(timestamp: number): void {
    this.#timers.deleteEventTimeTimer(this.#window as W, timestamp);
    this.#eventTime = NO_TIMESTAMP;
    this.#deletedEventTime = timestamp;
  }

  deleteProcessingTimeTimer(timestamp: number): void {
    this.#timers.deleteProcessingTimeTimer(this.#window as W, timestamp);
    this.#processingTime = NO_TIMESTAMP;
    this.#deletedProcessingTime = timestamp;
  }

  getPartitionedState<S>(descriptor: StateDescriptor<S>): S {
    return this.#states.get(descriptor, this.#window as W);
  }

  mergePartitionedState(descriptor: StateDescriptor<unknown>): void {
    this.#states.merge(descriptor, this.#window as W, this.#merged);
  }
}
