// What functions are told beside the element, for operators that hand over one element after another.
import type { InternalTimerService, TimeDomain } from '../../api/timers.ts';
import type { OnTimerContext, TimerService } from '../functions/process-functions.ts';
import { NO_TIMESTAMP, type OutputTag } from './output.ts';
import type { OperatorContext } from './stream-operator.ts';

/** Of a keyed stream. The operator sets timestamp and time domain before each call. */
export class FunctionContext<K> implements OnTimerContext<K> {
  timestamp: number = NO_TIMESTAMP;
  timeDomain: TimeDomain = 'EVENT_TIME';
  readonly timerService: TimerService;
  readonly #operator: OperatorContext;

  constructor(operator: OperatorContext, timerService: TimerService) {
    this.#operator = operator;
    this.timerService = timerService;
  }

  getCurrentKey(): K {
    return this.#operator.keyed.getCurrentKey() as K;
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#operator.output.collectSide(tag, value, this.timestamp);
  }
}

/** Timers of the current key alone. */
export class KeyTimerService implements TimerService {
  readonly #timers: InternalTimerService<undefined>;

  constructor(timers: InternalTimerService<undefined>) {
    this.#timers = timers;
  }

  get currentWatermark(): number {
    return this.#timers.currentWatermark;
  }

  currentProcessingTime(): number {
    return this.#timers.currentProcessingTime();
  }

  registerEventTimeTimer(timestamp: number): void {
    this.#timers.registerEventTimeTimer(undefined, timestamp);
  }

  registerProcessingTimeTimer(timestamp: number): void {
    this.#timers.registerProcessingTimeTimer(undefined, timestamp);
  }

  deleteEventTimeTimer(timestamp: number): void {
    this.#timers.deleteEventTimeTimer(undefined, timestamp);
  }

  deleteProcessingTimeTimer(timestamp: number): void {
    this.#timers.deleteProcessingTimeTimer(undefined, timestamp);
  }
}

/** Time without timers, of a stream without keys. */
export class UnkeyedTimerService implements TimerService {
  currentWatermark: number = NO_TIMESTAMP;
  readonly #now: () => number;

  constructor(operator: OperatorContext) {
    this.#now = () => operator.processingTime.now();
  }

  currentProcessingTime(): number {
    return this.#now();
  }

  registerEventTimeTimer(): never {
    throw noKeys();
  }

  registerProcessingTimeTimer(): never {
    throw noKeys();
  }

  deleteEventTimeTimer(): never {
    throw noKeys();
  }

  deleteProcessingTimeTimer(): never {
    throw noKeys();
  }
}

function noKeys(): Error {
  return new Error('Timers belong to keys: a stream without keys has none. Call keyBy before process.');
}
