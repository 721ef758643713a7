// One round of timers on a fresh backend, phase by phase.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type KeyedStateBackend, type StateBackend, Types } from '../../lib/index.ts';

/** What is measured: `select` is making a key current, which the times of registering and deleting are without. */
export const PHASES = ['select', 'register', 'delete', 'fire'] as const;
export type Phase = (typeof PHASES)[number];

export interface TimerWorkload {
  readonly timers: number;
  readonly keys: number;
}

export interface TimerRound {
  /** Microseconds for each timer. */
  readonly phases: Readonly<Record<Phase, number>>;
  /** The longest that the event loop was held up while timers were fired. */
  readonly longestDelayMs: number;
}

export async function runTimers(backend: StateBackend, localDir: string, workload: TimerWorkload): Promise<TimerRound> {
  await using keyed = await backend.createKeyedStateBackend({ keyType: Types.STRING, localDir });
  let fired = 0;
  const onEventTime = () => {
    fired++;
  };
  const timers = keyed.getTimerService('bench', {
    namespaceType: Types.VOID,
    triggerable: { onEventTime, onProcessingTime() {} },
  });
  const calls = new TimerCalls(keyed, workload);
  globalThis.gc?.();
  const { timers: count } = workload;
  const select = calls.time(1, () => {});
  const register = calls.time(1, (timestamp) => timers.registerEventTimeTimer(undefined, timestamp)) - select;
  const remove = calls.time(2, (timestamp) => timers.deleteEventTimeTimer(undefined, timestamp)) - select;
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const start = performance.now();
  await timers.advanceWatermark(Number.MAX_SAFE_INTEGER);
  const fire = ((performance.now() - start) * 1000) / fired;
  await new Promise(setImmediate);
  delays.disable();
  if (fired !== count - Math.ceil(count / 2)) {
    throw new Error(`${fired} timers of ${count} were fired`);
  }
  return { phases: { select, register, delete: remove, fire }, longestDelayMs: delays.max / 1e6 };
}

class TimerCalls {
  readonly #keyed: KeyedStateBackend<string>;
  readonly #keys: readonly string[];
  readonly #count: number;

  constructor(keyed: KeyedStateBackend<string>, workload: TimerWorkload) {
    this.#keyed = keyed;
    this.#keys = Array.from({ length: workload.keys }, (_, index) => `user-${index}`);
    this.#count = workload.timers;
  }

  /** Calls with the timestamp of every timer, or of every so many, its key current; answers microseconds for each. */
  time(every: number, call: (timestamp: number) => void): number {
    const keys = this.#keys;
    const count = this.#count;
    const start = performance.now();
    for (let index = 0; index < count; index += every) {
      this.#keyed.setCurrentKey(keys[(index * 7919) % keys.length] as string);
      call(((index * 104_729) % count) * 10);
    }
    return ((performance.now() - start) * 1000) / Math.ceil(count / every);
  }
}
