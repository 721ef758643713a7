// Collects the elements of each key in windows, and puts out what a function makes of a window when its trigger fires.
import { ListStateDescriptor } from '../../api/descriptors.ts';
import type { Counter } from '../../api/metrics.ts';
import type { InternalTimer, InternalTimerService, TimeDomain, Triggerable } from '../../api/timers.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import { Types } from '../../bytes/types.ts';
import { closeFunction, openFunction } from '../functions/function-object.ts';
import type { MaybePromise, OneInputOperator, OperatorContext, OperatorFactory } from '../operators/stream-operator.ts';
import { TimestampedCollector } from '../operators/timestamped-collector.ts';
import { MergingWindowSet, type WindowMerge, type WindowPair } from './merging-window-set.ts';
import { PartitionedStates } from './partitioned-states.ts';
import { EvictedContents, PlainContents, type StoredContents } from './stored-contents.ts';
import { isFire, isPurge, type TriggerResult } from './triggers/trigger.ts';
import { describeWindow, maxTimestamp, type Window } from './window.ts';
import { isMerging } from './window-assigner.ts';
import { WindowFunctionContext } from './window-function-context.ts';
import { WindowLifetime } from './window-lifetime.ts';
import { planWindows, type WindowOperatorOptions, type WindowPlan } from './window-plan.ts';
import { WindowTriggerContext } from './window-trigger-context.ts';

// Flink's names: its savepoints have the timers and the state.
const TIMERS = 'window-timers';
const MERGING_WINDOW_SET = 'merging-window-set';

/**
 * The operator of keyed windows.
 *
 * @throws TypeError or RangeError for parts that do not go together: `ERR_INVALID_TRIGGER`, `ERR_INVALID_EVICTOR`,
 *   `ERR_INVALID_LATENESS`.
 */
export function windowOperator<T, E, R, K, W extends Window>(
  options: WindowOperatorOptions<T, E, R, K, W>,
): OperatorFactory<OneInputOperator<T>, R> {
  const plan = planWindows(options);
  return (context) => new WindowOperator({ ...plan, ...plan.makeFunctions() }, context);
}

/** What there is once the operator is open. */
interface OpenWindows<T, E, W extends Window> {
  readonly timers: InternalTimerService<W>;
  readonly contents: StoredContents<T, E, W>;
  readonly triggerContext: WindowTriggerContext<W>;
  readonly functionContext: WindowFunctionContext<W>;
  readonly lifetime: WindowLifetime<W>;
  readonly merging: MergingWindowSet<T, W> | undefined;
}

class WindowOperator<T, E, R, K, W extends Window> implements OneInputOperator<T>, Triggerable<unknown, W> {
  readonly #plan: WindowPlan<T, E, R, K, W>;
  readonly #context: OperatorContext<R>;
  readonly #collector: TimestampedCollector<R>;
  readonly #late: Counter;
  // Made by `open`, which comes before anything else.
  #open!: OpenWindows<T, E, W>;

  constructor(plan: WindowPlan<T, E, R, K, W>, context: OperatorContext<R>) {
    this.#plan = plan;
    this.#context = context;
    this.#collector = new TimestampedCollector(context.output);
    this.#late = context.metricGroup.counter('numLateRecordsDropped');
  }

  open(): MaybePromise {
    const { keyed } = this.#context;
    const { assigner, allowedLateness } = this.#plan;
    const { windowType, isEventTime } = assigner;
    const timers = this.#context.timerService(TIMERS, { namespaceType: windowType, triggerable: this });
    const states = new PartitionedStates(keyed, windowType);
    const triggerContext = new WindowTriggerContext(timers, states, this.#context.metricGroup);
    this.#open = {
      ...{ timers, triggerContext },
      contents: this.#contentsIn(states, triggerContext),
      functionContext: new WindowFunctionContext({
        ...{ operator: this.#context, timers },
        states: isMerging(assigner) ? undefined : states,
      }),
      lifetime: new WindowLifetime({ isEventTime, allowedLateness }, timers),
      merging: this.#mergingWindows(),
    };
    return openFunction(this.#plan.userFunction, this.#context);
  }

  processElement(value: T, timestamp: number): void {
    const { timers, merging, lifetime } = this.#open;
    const windows = this.#plan.assigner.assignWindows(value, timestamp, timers);
    const isAdded =
      merging === undefined ? this.#addToAll(windows, value, timestamp) : this.#addMerging(windows, value, timestamp);
    if (!isAdded && lifetime.isElementLate(timestamp)) {
      this.#drop(value, timestamp);
    }
  }

  onEventTime({ namespace, timestamp }: InternalTimer<unknown, W>): void {
    this.#onTimer(namespace, timestamp, 'EVENT_TIME');
  }

  onProcessingTime({ namespace, timestamp }: InternalTimer<unknown, W>): void {
    this.#onTimer(namespace, timestamp, 'PROCESSING_TIME');
  }

  processWatermark(timestamp: number): void {
    this.#context.output.emitWatermark(timestamp);
  }

  close(): MaybePromise {
    return closeFunction(this.#plan.userFunction);
  }

  #contentsIn(states: PartitionedStates<W>, context: WindowTriggerContext<W>): StoredContents<T, E, W> {
    const { contents, eviction } = this.#plan;
    return eviction === undefined
      ? new PlainContents(states, contents)
      : new EvictedContents({ ...eviction, states, contents, context });
  }

  #mergingWindows(): MergingWindowSet<T, W> | undefined {
    const { assigner } = this.#plan;
    if (!isMerging(assigner)) {
      return undefined;
    }
    const { windowType } = assigner;
    const pairs = Types.TUPLE(windowType, windowType) as TypeInformation<WindowPair<W>>;
    const state = this.#context.keyed.getListState(new ListStateDescriptor(MERGING_WINDOW_SET, pairs));
    return new MergingWindowSet(assigner, state, (merge) => this.#merge(merge));
  }

  #addToAll(windows: readonly W[], value: T, timestamp: number): boolean {
    const { contents, lifetime } = this.#open;
    let isAdded = false;
    for (const window of windows) {
      if (!lifetime.isOver(window)) {
        isAdded = true;
        contents.select(window);
        this.#add(window, value, timestamp);
      }
    }
    return isAdded;
  }

  #addMerging(windows: readonly W[], value: T, timestamp: number): boolean {
    const { contents, lifetime } = this.#open;
    const merging = this.#open.merging as MergingWindowSet<T, W>;
    let isAdded = false;
    merging.load();
    for (const added of windows) {
      const window = merging.add(added);
      if (lifetime.isOver(window)) {
        merging.retire(window);
      } else {
        isAdded = true;
        contents.select(merging.stateWindowOf(window) as W);
        this.#add(window, value, timestamp);
      }
    }
    merging.persist();
    return isAdded;
  }

  #add(window: W, value: T, timestamp: number): void {
    const { contents, lifetime, triggerContext } = this.#open;
    contents.add(value, timestamp);
    this.#act(this.#plan.trigger.onElement(value, timestamp, window, triggerContext.enter(window)), window);
    lifetime.registerCleanup(window, triggerContext);
  }

  #onTimer(window: W, time: number, domain: TimeDomain): void {
    const { contents, lifetime, merging, triggerContext } = this.#open;
    merging?.load();
    const stateWindow = merging === undefined ? window : merging.stateWindowOf(window);
    // The timer may be one of a window that was merged into another.
    if (stateWindow === undefined) {
      return;
    }
    contents.select(stateWindow);
    const { trigger } = this.#plan;
    const context = triggerContext.enter(window);
    const isEventTime = domain === 'EVENT_TIME';
    const result = isEventTime
      ? trigger.onEventTime(time, window, context)
      : trigger.onProcessingTime(time, window, context);
    this.#act(result, window);
    if (lifetime.isCleanupTime(window, time, domain)) {
      this.#remove(window);
    }
    merging?.persist();
  }

  #act(result: TriggerResult, window: W): void {
    if (isFire(result)) {
      this.#open.contents.fire(window, this.#fire);
    }
    if (isPurge(result)) {
      this.#open.contents.clear();
    }
  }

  readonly #fire = (window: W, elements: readonly E[]): void => {
    this.#collector.timestamp = maxTimestamp(window);
    const key = this.#context.keyed.getCurrentKey() as K;
    this.#plan.function.process(key, this.#open.functionContext.enter(window), elements, this.#collector);
  };

  #merge({ result, merged, stateWindow, mergedStateWindows }: WindowMerge<W>): void {
    const { contents, lifetime, triggerContext } = this.#open;
    const { trigger } = this.#plan;
    if (lifetime.isPast(result)) {
      throw new Error(
        `The window ${describeWindow(result)} is past, so that no windows can become it: the assigner made it end before ` +
          'the windows that were merged.',
      );
    }
    trigger.onMerge?.(result, triggerContext.enterMerge(result, merged));
    for (const window of merged) {
      trigger.clear(window, triggerContext.enter(window));
      lifetime.deleteCleanup(window, triggerContext);
    }
    if (mergedStateWindows.length > 0) {
      contents.merge(stateWindow, mergedStateWindows);
    }
  }

  #remove(window: W): void {
    const { contents, functionContext, merging, triggerContext } = this.#open;
    contents.clear();
    this.#plan.trigger.clear(window, triggerContext.enter(window));
    this.#plan.function.clear?.(functionContext.enter(window));
    merging?.retire(window);
  }

  #drop(value: T, timestamp: number): void {
    const { lateDataTag } = this.#plan;
    if (lateDataTag === undefined) {
      this.#late.inc();
    } else {
      this.#context.output.collectSide(lateDataTag, value, timestamp);
    }
  }
}
