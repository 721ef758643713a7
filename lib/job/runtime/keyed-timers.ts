// The timer services of a subtask: event time advances them all before the operator, and the clock wakes them.
import type { KeyedStateBackend } from '../../api/backend.ts';
import type { InternalTimerService, Triggerable } from '../../api/timers.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import type { MaybePromise } from '../operators/stream-operator.ts';
import type { SubtaskClock } from './processing-time.ts';

export class KeyedTimers {
  readonly #clock: SubtaskClock;
  readonly #services: InternalTimerService<never>[] = [];
  #wakeUp: { readonly timestamp: number; readonly callOff: () => void } | undefined;

  constructor(clock: SubtaskClock) {
    this.#clock = clock;
  }

  service<N>(
    keyed: KeyedStateBackend<unknown>,
    name: string,
    options: { readonly namespaceType: TypeInformation<N>; readonly triggerable: Triggerable<unknown, N> },
  ): InternalTimerService<N> {
    const service = keyed.getTimerService(name, { ...options, clock: () => this.#clock.now() });
    this.#services.push(service as InternalTimerService<never>);
    return service;
  }

  advanceWatermark(timestamp: number): MaybePromise {
    return this.#each((service) => service.advanceWatermark(timestamp));
  }

  /** Sees to being woken when the next timer in processing time is due. */
  rearm(): void {
    let next: number | undefined;
    for (const { nextProcessingTime } of this.#services) {
      if (nextProcessingTime !== undefined && (next === undefined || nextProcessingTime < next)) {
        next = nextProcessingTime;
      }
    }
    if (next === this.#wakeUp?.timestamp) {
      return;
    }
    this.#wakeUp?.callOff();
    this.#wakeUp = undefined;
    if (next !== undefined) {
      const callOff = this.#clock.schedule(next, () => {
        this.#wakeUp = undefined;
        const now = this.#clock.now();
        return this.#each((service) => service.advanceProcessingTime(now));
      });
      this.#wakeUp = { timestamp: next, callOff };
    }
  }

  #each(advance: (service: InternalTimerService<never>) => MaybePromise, from = 0): MaybePromise {
    for (let i = from; i < this.#services.length; i++) {
      const work = advance(this.#services[i] as InternalTimerService<never>);
      if (work !== undefined) {
        return work.then(() => this.#each(advance, i + 1));
      }
    }
  }
}
