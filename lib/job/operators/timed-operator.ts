// What operators have in common whose functions set timers on keys.
import type { InternalTimer, TimeDomain, Triggerable } from '../../api/timers.ts';
import { Types } from '../../bytes/types.ts';
import { closeFunction, openFunction } from '../functions/function-object.ts';
import type { Collector } from '../functions/rich-function.ts';
import { type FunctionContext, KeyTimerService } from './function-context.ts';
import { NO_TIMESTAMP } from './output.ts';
import type { MaybePromise, OperatorContext, StreamOperator } from './stream-operator.ts';
import { TimestampedCollector } from './timestamped-collector.ts';

// Flink's name: its savepoints have the timers.
const USER_TIMERS = 'user-timers';

/** A function, as far as timers go. */
export interface TimedFunction<C, O> {
  onTimer?(timestamp: number, context: C, out: Collector<O>): MaybePromise;
}

export abstract class TimedOperator<C extends FunctionContext<unknown>, F extends TimedFunction<C, O>, O>
  implements StreamOperator, Triggerable<unknown, undefined>
{
  protected readonly operator: OperatorContext<O>;
  protected readonly function: F;
  protected readonly collector: TimestampedCollector<O>;
  // Made by `open`, which comes before anything else.
  protected context!: C;

  constructor(given: F, operator: OperatorContext<O>) {
    this.function = given;
    this.operator = operator;
    this.collector = new TimestampedCollector(operator.output);
  }

  /** Makes what the function is told beside the element. */
  protected abstract makeContext(timers: KeyTimerService): C;

  open(): MaybePromise {
    const timers = this.operator.timerService(USER_TIMERS, { namespaceType: Types.VOID, triggerable: this });
    this.context = this.makeContext(new KeyTimerService(timers));
    return openFunction(this.function, this.operator);
  }

  onEventTime({ timestamp }: InternalTimer<unknown, undefined>): MaybePromise {
    this.collector.timestamp = timestamp;
    return this.#onTimer(timestamp, 'EVENT_TIME');
  }

  onProcessingTime({ timestamp }: InternalTimer<unknown, undefined>): MaybePromise {
    this.collector.timestamp = NO_TIMESTAMP;
    return this.#onTimer(timestamp, 'PROCESSING_TIME');
  }

  processWatermark(timestamp: number): void {
    this.operator.output.emitWatermark(timestamp);
  }

  close(): MaybePromise {
    return closeFunction(this.function);
  }

  /** Has what the function puts out, and is told, the timestamp of an element. */
  protected enter(timestamp: number): void {
    this.collector.timestamp = timestamp;
    this.context.timestamp = timestamp;
  }

  #onTimer(timestamp: number, domain: TimeDomain): MaybePromise {
    this.context.timestamp = timestamp;
    this.context.timeDomain = domain;
    return this.function.onTimer?.(timestamp, this.context, this.collector);
  }
}
