// The timers of one name: two domains, how far time is in each, and who is told of what is due.
import type { InternalTimer, InternalTimerService, InternalTimerServiceOptions, Triggerable } from '../api/timers.ts';
import { describe, StateAccessError, typeError } from '../errors.ts';
import { TimeSlice } from '../heap/time-slice.ts';
import type { TimerDomain } from './timer-domain.ts';
import { checkTime } from './timestamps.ts';

// Asking for the time takes as long as a part of a timer.
const TIMERS_BETWEEN_LOOKS = 8;

/** The two sets of timers. */
export interface TimerDomains<K, N> {
  readonly event: TimerDomain<K, N>;
  readonly processing: TimerDomain<K, N>;
}

type Handler<K, N> = (timer: InternalTimer<K, N>) => void | Promise<void>;

export class TimerService<K, N> implements InternalTimerService<N> {
  readonly #event: TimerDomain<K, N>;
  readonly #processing: TimerDomain<K, N>;
  #triggerable!: Triggerable<K, N>;
  #clock: () => number = Date.now;
  #watermark: number = Number.NEGATIVE_INFINITY;
  #isFiring = false;
  readonly #onEventTime: Handler<K, N> = (timer) => this.#triggerable.onEventTime(timer);
  readonly #onProcessingTime: Handler<K, N> = (timer) => this.#triggerable.onProcessingTime(timer);

  constructor({ event, processing }: TimerDomains<K, N>) {
    this.#event = event;
    this.#processing = processing;
  }

  /** Says who is told from now on. */
  setTarget({ triggerable, clock = Date.now }: Pick<InternalTimerServiceOptions<K, N>, 'triggerable' | 'clock'>): void {
    this.#triggerable = triggerable;
    this.#clock = clock;
  }

  get currentWatermark(): number {
    return this.#watermark;
  }

  currentProcessingTime(): number {
    return this.#clock();
  }

  get nextProcessingTime(): number | undefined {
    return this.#processing.next;
  }

  registerEventTimeTimer(namespace: N, timestamp: number): void {
    this.#event.register(namespace, timestamp);
  }

  registerProcessingTimeTimer(namespace: N, timestamp: number): void {
    this.#processing.register(namespace, timestamp);
  }

  deleteEventTimeTimer(namespace: N, timestamp: number): void {
    this.#event.delete(namespace, timestamp);
  }

  deleteProcessingTimeTimer(namespace: N, timestamp: number): void {
    this.#processing.delete(namespace, timestamp);
  }

  advanceWatermark(timestamp: number): void | Promise<void> {
    checkTime(timestamp);
    this.#checkIdle();
    if (timestamp >= this.#watermark) {
      this.#watermark = timestamp;
      return this.#advance(this.#event, timestamp, this.#onEventTime);
    }
  }

  advanceProcessingTime(timestamp: number = this.#clock()): void | Promise<void> {
    checkTime(timestamp);
    this.#checkIdle();
    return this.#advance(this.#processing, timestamp, this.#onProcessingTime);
  }

  forEachEventTimeTimer(visit: (namespace: N, timestamp: number) => void): void {
    this.#event.forEach(visit);
  }

  forEachProcessingTimeTimer(visit: (namespace: N, timestamp: number) => void): void {
    this.#processing.forEach(visit);
  }

  numEventTimeTimers(namespace?: N): number {
    return this.#event.count(namespace);
  }

  numProcessingTimeTimers(namespace?: N): number {
    return this.#processing.count(namespace);
  }

  #advance(domain: TimerDomain<K, N>, time: number, handler: Handler<K, N>): void | Promise<void> {
    const slice = new TimeSlice();
    this.#isFiring = true;
    let pending: Promise<void> | undefined;
    try {
      pending = fire(domain, { time, handler, slice });
    } finally {
      this.#isFiring = pending !== undefined;
    }
    return pending && this.#advanceOn(pending, domain, { time, handler, slice });
  }

  async #advanceOn(first: Promise<void>, domain: TimerDomain<K, N>, firing: Firing<K, N>): Promise<void> {
    const { slice } = firing;
    try {
      for (let pending: Promise<void> | undefined = first; pending !== undefined; pending = fire(domain, firing)) {
        await pending;
        if (slice.isOver) {
          await slice.next();
        }
      }
    } finally {
      this.#isFiring = false;
    }
  }

  #checkIdle(): void {
    if (this.#isFiring) {
      throw new StateAccessError(
        'ERR_TIMERS_FIRING',
        'Time can not advance while timers are fired; await the promise of the advance before, and call it from no handler.',
      );
    }
  }
}

interface Firing<K, N> {
  readonly time: number;
  readonly handler: Handler<K, N>;
  readonly slice: TimeSlice;
}

/** Fires what is due until a handler or the event loop has to be waited for; answers that, or `undefined` at the end. */
function fire<K, N>(domain: TimerDomain<K, N>, { time, handler, slice }: Firing<K, N>): Promise<void> | undefined {
  for (let fired = 1; ; fired++) {
    while (domain.load(time)) {
      if (slice.isOver) {
        return slice.next();
      }
    }
    const timer = domain.take(time);
    if (timer === undefined) {
      return undefined;
    }
    const pending = handler(timer);
    if (pending !== undefined) {
      return pending;
    }
    if (fired % TIMERS_BETWEEN_LOOKS === 0 && slice.isOver) {
      return slice.next();
    }
  }
}

/** @throws TypeError `ERR_INVALID_TRIGGERABLE`. */
export function checkTriggerable(triggerable: Partial<Triggerable<unknown, unknown>>): void {
  if (typeof triggerable?.onEventTime !== 'function' || typeof triggerable.onProcessingTime !== 'function') {
    throw typeError(
      'ERR_INVALID_TRIGGERABLE',
      `Timers need a triggerable with onEventTime and onProcessingTime; received ${describe(triggerable)}.`,
    );
  }
}
