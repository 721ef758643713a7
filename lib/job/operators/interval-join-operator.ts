// Joins the elements of two keyed streams whose times are close to each other.

import { MapStateDescriptor } from '../../api/descriptors.ts';
import type { MapState } from '../../api/state.ts';
import type { InternalTimer, InternalTimerService, Triggerable } from '../../api/timers.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import { Types } from '../../bytes/types.ts';
import { rangeError, typeError } from '../../errors.ts';
import { closeFunction, type FunctionOr, functionMaker, openFunction } from '../functions/function-object.ts';
import type { ProcessJoinContext, ProcessJoinFunction } from '../functions/join-functions.ts';
import type { DurationLike } from '../watermarks/watermark-strategy.ts';
import { toMilliseconds } from '../windows/window-duration.ts';
import { bufferEntryType } from './buffer-entry-type.ts';
import { NO_TIMESTAMP, type OutputTag } from './output.ts';
import type { MaybePromise, OperatorContext, OperatorFactory, TwoInputOperator } from './stream-operator.ts';
import { TimestampedCollector } from './timestamped-collector.ts';

// Flink's names: its savepoints have the states and the timers.
const LEFT_BUFFER = 'LEFT_BUFFER';
const RIGHT_BUFFER = 'RIGHT_BUFFER';
const CLEANUP_TIMER = 'CLEANUP_TIMER';
const CLEANUP_LEFT = 'CLEANUP_LEFT';
const CLEANUP_RIGHT = 'CLEANUP_RIGHT';

/** Which pairs there are, and what becomes of them. */
export interface IntervalJoinOptions<I1, I2, O> {
  /** How much later than the left element the right one is at least: milliseconds or text, often negative. */
  readonly lowerBound: DurationLike;
  /** How much later than the left element the right one is at most. */
  readonly upperBound: DurationLike;
  /** Default: exactly at the lower bound is a pair. */
  readonly lowerBoundExclusive?: boolean | undefined;
  /** Default: exactly at the upper bound is a pair. */
  readonly upperBoundExclusive?: boolean | undefined;
  readonly leftType: TypeInformation<I1>;
  readonly rightType: TypeInformation<I2>;
  readonly function: FunctionOr<ProcessJoinFunction<I1, I2, O>, 'processElement'>;
  /** Where left elements go that come later than the watermark. Default: they are dropped. */
  readonly leftLateTag?: OutputTag<I1> | undefined;
  /** As `leftLateTag`. */
  readonly rightLateTag?: OutputTag<I2> | undefined;
}

/**
 * Joins each left element with the right ones of its key whose times are within bounds of its own.
 *
 * @throws RangeError `ERR_INVALID_INTERVAL` for a lower bound above the upper one.
 * @throws TypeError `ERR_INVALID_FUNCTION`.
 */
export function intervalJoinOperator<I1, I2, O>(
  options: IntervalJoinOptions<I1, I2, O>,
): OperatorFactory<TwoInputOperator<I1, I2>, O> {
  const plan = planOf(options);
  return (context) => new IntervalJoinOperator({ ...plan, function: plan.makeFunction() }, context);
}

/** A side of the join: where its elements wait, and where those of the other side are in time from it. */
interface Side<T> {
  readonly buffer: MapStateDescriptor<number, T[]>;
  /** The namespace of the timers that end the wait. */
  readonly cleanup: string;
  /** How much later than an element of this side those of the other one are at least, and at most. */
  readonly lower: number;
  readonly upper: number;
  readonly lateTag: OutputTag<T> | undefined;
}

interface IntervalJoinPlan<I1, I2, O> {
  readonly left: Side<I1>;
  readonly right: Side<I2>;
  readonly function: ProcessJoinFunction<I1, I2, O>;
}

function planOf<I1, I2, O>(
  options: IntervalJoinOptions<I1, I2, O>,
): Omit<IntervalJoinPlan<I1, I2, O>, 'function'> & { makeFunction(): ProcessJoinFunction<I1, I2, O> } {
  const { leftType, rightType, leftLateTag, rightLateTag } = options;
  const lowerMs = toMilliseconds('The lower bound of an interval join', options.lowerBound);
  const upperMs = toMilliseconds('The upper bound of an interval join', options.upperBound);
  if (lowerMs > upperMs) {
    throw rangeError(
      'ERR_INVALID_INTERVAL',
      `The lower bound of an interval join must not be above the upper one; received ${lowerMs} ms and ${upperMs} ms.`,
    );
  }
  const lower = options.lowerBoundExclusive === true ? lowerMs + 1 : lowerMs;
  const upper = options.upperBoundExclusive === true ? upperMs - 1 : upperMs;
  return {
    left: { ...bufferOf(LEFT_BUFFER, leftType), cleanup: CLEANUP_LEFT, lower, upper, lateTag: leftLateTag },
    right: {
      ...bufferOf(RIGHT_BUFFER, rightType),
      ...{ cleanup: CLEANUP_RIGHT, lower: -upper, upper: -lower, lateTag: rightLateTag },
    },
    makeFunction: functionMaker<ProcessJoinFunction<I1, I2, O>, 'processElement'>(options.function, 'processElement'),
  };
}

function bufferOf<T>(name: string, type: TypeInformation<T>): Pick<Side<T>, 'buffer'> {
  return { buffer: new MapStateDescriptor(name, Types.LONG, Types.LIST(bufferEntryType(type))) };
}

class IntervalJoinOperator<I1, I2, O>
  implements TwoInputOperator<I1, I2>, Triggerable<unknown, string>, ProcessJoinContext
{
  leftTimestamp: number = NO_TIMESTAMP;
  rightTimestamp: number = NO_TIMESTAMP;
  readonly #plan: IntervalJoinPlan<I1, I2, O>;
  readonly #context: OperatorContext<O>;
  readonly #collector: TimestampedCollector<O>;
  // Set by `open`, which comes before anything else.
  #timers!: InternalTimerService<string>;
  #lefts!: MapState<number, I1[]>;
  #rights!: MapState<number, I2[]>;

  constructor(plan: IntervalJoinPlan<I1, I2, O>, context: OperatorContext<O>) {
    this.#plan = plan;
    this.#context = context;
    this.#collector = new TimestampedCollector(context.output);
  }

  open(): MaybePromise {
    const { keyed } = this.#context;
    this.#timers = this.#context.timerService(CLEANUP_TIMER, { namespaceType: Types.STRING, triggerable: this });
    this.#lefts = keyed.getMapState(this.#plan.left.buffer);
    this.#rights = keyed.getMapState(this.#plan.right.buffer);
    return openFunction(this.#plan.function, this.#context);
  }

  processElement1(left: I1, timestamp: number): void {
    const { left: side } = this.#plan;
    if (this.#isWaiting(side, this.#lefts, left, timestamp)) {
      this.#eachBetween(this.#rights, timestamp + side.lower, timestamp + side.upper, (right, rightTimestamp) => {
        this.#join(left, right, timestamp, rightTimestamp);
      });
      this.#registerCleanup(side, timestamp);
    }
  }

  processElement2(right: I2, timestamp: number): void {
    const { right: side } = this.#plan;
    if (this.#isWaiting(side, this.#rights, right, timestamp)) {
      this.#eachBetween(this.#lefts, timestamp + side.lower, timestamp + side.upper, (left, leftTimestamp) => {
        this.#join(left, right, leftTimestamp, timestamp);
      });
      this.#registerCleanup(side, timestamp);
    }
  }

  onEventTime({ namespace, timestamp }: InternalTimer<unknown, string>): void {
    const { left, right } = this.#plan;
    if (namespace === CLEANUP_LEFT) {
      this.#lefts.remove(timestamp - Math.max(left.upper, 0));
    } else {
      this.#rights.remove(timestamp - Math.max(right.upper, 0));
    }
  }

  onProcessingTime(): void {}

  processWatermark(timestamp: number): void {
    this.#context.output.emitWatermark(timestamp);
  }

  close(): MaybePromise {
    return closeFunction(this.#plan.function);
  }

  get timestamp(): number {
    return Math.max(this.leftTimestamp, this.rightTimestamp);
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#context.output.collectSide(tag, value, this.timestamp);
  }

  /** Has an element wait for others, unless it is too late. */
  #isWaiting<T>(side: Side<T>, buffer: MapState<number, T[]>, value: T, timestamp: number): boolean {
    if (timestamp === NO_TIMESTAMP) {
      throw typeError(
        'ERR_MISSING_TIMESTAMP',
        'An element without a timestamp (-Infinity) can not be joined by intervals of event time. Give the source a ' +
          'watermark strategy that assigns timestamps.',
      );
    }
    if (timestamp < this.#timers.currentWatermark) {
      if (side.lateTag !== undefined) {
        this.#context.output.collectSide(side.lateTag, value, timestamp);
      }
      return false;
    }
    buffer.put(timestamp, [...(buffer.get(timestamp) ?? []), value]);
    return true;
  }

  #eachBetween<T>(
    buffer: MapState<number, T[]>,
    from: number,
    to: number,
    use: (value: T, timestamp: number) => void,
  ): void {
    for (const entry of buffer) {
      if (entry.key >= from && entry.key <= to) {
        for (const value of entry.value ?? []) {
          use(value, entry.key);
        }
      }
    }
  }

  #join(left: I1, right: I2, leftTimestamp: number, rightTimestamp: number): void {
    this.leftTimestamp = leftTimestamp;
    this.rightTimestamp = rightTimestamp;
    this.#collector.timestamp = this.timestamp;
    this.#plan.function.processElement(left, right, this, this.#collector);
  }

  // Later than that, nothing of the other side is in reach.
  #registerCleanup<T>({ cleanup, upper }: Side<T>, timestamp: number): void {
    this.#timers.registerEventTimeTimer(cleanup, timestamp + Math.max(upper, 0));
  }
}
