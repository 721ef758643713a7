// The clock by which values expire, shared by the states of a keyed backend.
import type { TtlTimeProvider } from '../api/state-ttl.ts';
import { describe, typeError } from '../errors.ts';

export class TtlClock {
  readonly #provider: TtlTimeProvider | undefined;
  #newest: number = Number.NEGATIVE_INFINITY;
  #advanced: ((nowMs: number) => void) | undefined;

  /** @param provider - without one, the clock is the system's. @throws TypeError `ERR_INVALID_TTL_TIME_PROVIDER`. */
  constructor(provider?: TtlTimeProvider) {
    if (provider !== undefined && typeof provider?.currentTimestamp !== 'function') {
      throw typeError(
        'ERR_INVALID_TTL_TIME_PROVIDER',
        `ttlTimeProvider must be an object with a method currentTimestamp; received ${describe(provider)}.`,
      );
    }
    this.#provider = provider;
  }

  /** Whether it is not the system's. */
  get isOwn(): boolean {
    return this.#provider !== undefined;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#provider === undefined ? Date.now() : this.#ask(this.#provider);
  }

  /** Has another clock, which can't ask the provider, follow: it is told whenever a provider has answered something newer. */
  follow(advanced: (nowMs: number) => void): void {
    if (this.#provider !== undefined) {
      this.#advanced = advanced;
      advanced(this.now());
    }
  }

  #ask(provider: TtlTimeProvider): number {
    const answer = provider.currentTimestamp();
    if (!Number.isFinite(answer)) {
      throw typeError(
        'ERR_INVALID_TTL_TIME_PROVIDER',
        `currentTimestamp of ttlTimeProvider must answer milliseconds since 1970; it answered ${describe(answer)}.`,
      );
    }
    const now = Math.floor(answer);
    if (now > this.#newest) {
      this.#newest = now;
      this.#advanced?.(now);
    }
    return now;
  }
}
