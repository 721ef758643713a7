// When the values of one state expire, and what reading them does.
import type { TtlSettings } from '../api/state-ttl.ts';
import type { TtlClock } from './ttl-clock.ts';

export class Expiry {
  /** Whether an expired value is answered once more. */
  readonly returnsExpired: boolean;
  /** Whether a value lives on by being read. */
  readonly refreshesOnRead: boolean;
  readonly #ttlMs: number;
  readonly #clock: TtlClock;

  constructor({ ttlMs, visibility, updateType }: TtlSettings, clock: TtlClock) {
    this.#ttlMs = ttlMs;
    this.returnsExpired = visibility === 'ReturnExpiredIfNotCleanedUp';
    this.refreshesOnRead = updateType === 'OnReadAndWrite';
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Whether a value that was used last then has expired now. A sum of numbers does not overflow. */
  isExpired(lastAccessMs: number, now: number): boolean {
    return lastAccessMs + this.#ttlMs <= now;
  }
}
