// What is computed: the sessions of each user, which end when the user has not been there for half an hour.
import {
  type InternalTimerService,
  type KeyedStateBackend,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from 'rockstate';
import type { Click } from './partition.ts';

const GAP_MS = 30 * 60 * 1000;

/** What state keeps of a session that has not ended. */
interface OpenSession {
  readonly startMs: number;
  readonly lastMs: number;
  readonly clicks: number;
}

export interface Session {
  readonly user: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly clicks: number;
}

export const SESSION: ValueStateDescriptor<OpenSession> = new ValueStateDescriptor(
  'session',
  Types.JSON<OpenSession>(),
);

export class Sessions {
  readonly #keyed: KeyedStateBackend<string>;
  readonly #session: ValueState<OpenSession>;
  readonly #timers: InternalTimerService<undefined>;
  readonly #ended: (session: Session) => void;

  /** @param ended - is told of each session that has ended. */
  constructor(keyed: KeyedStateBackend<string>, ended: (session: Session) => void) {
    this.#keyed = keyed;
    this.#ended = ended;
    this.#session = keyed.getState(SESSION);
    this.#timers = keyed.getTimerService('session-ends', {
      namespaceType: Types.VOID,
      // While a timer is handled, its key is the current one.
      triggerable: { onEventTime: ({ key }) => this.#end(key as string), onProcessingTime() {} },
    });
  }

  add({ user, timeMs }: Click): void {
    this.#keyed.setCurrentKey(user);
    let session = this.#session.value();
    if (session !== undefined) {
      this.#timers.deleteEventTimeTimer(undefined, session.lastMs + GAP_MS);
      if (timeMs >= session.lastMs + GAP_MS) {
        // Time has not been advanced since: other partitions are behind.
        this.#end(user);
        session = undefined;
      }
    }
    const { startMs, clicks } = session ?? { startMs: timeMs, clicks: 0 };
    this.#session.update({ startMs, lastMs: timeMs, clicks: clicks + 1 });
    this.#timers.registerEventTimeTimer(undefined, timeMs + GAP_MS);
  }

  /** No event before this time comes any more. */
  advance(timeMs: number): void | Promise<void> {
    return this.#timers.advanceWatermark(timeMs);
  }

  #end(user: string): void {
    const session = this.#session.value();
    if (session !== undefined) {
      this.#ended({ user, startMs: session.startMs, endMs: session.lastMs, clicks: session.clicks });
      this.#session.clear();
    }
  }
}
