// A clock for time to live that stands still until a test sets it.
import type { TtlTimeProvider } from '../../lib/api/state-ttl.ts';

export class HandSetClock implements TtlTimeProvider {
  nowMs: number;

  constructor(nowMs = 0) {
    this.nowMs = nowMs;
  }

  currentTimestamp(): number {
    return this.nowMs;
  }
}
