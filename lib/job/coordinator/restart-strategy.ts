// Whether, and after what time, a job that has failed is started again.
import type { ReadableConfig } from '../../config/configuration.ts';
import { describe, rangeError, typeError } from '../../errors.ts';
import { RestartStrategyOptions } from '../../options/job-options.ts';
import { type DurationLike, durationMs } from '../watermarks/watermark-strategy.ts';

/** Decides what follows a failure. One for each execution of a job. */
export interface RestartBackoff {
  /** How long to wait before the job is started again, in milliseconds; `undefined` when it is not. */
  afterFailure(nowMs: number): number | undefined;
}

/** How a job is started again after failures. */
export interface RestartStrategy {
  readonly name: 'none' | 'fixed-delay' | 'exponential-delay';
  start(): RestartBackoff;
}

/** What an exponential delay is made of; Flink's defaults. */
export interface ExponentialDelay {
  /** Default 1 s. */
  readonly initialBackoff?: DurationLike;
  /** Default 1 min. */
  readonly maxBackoff?: DurationLike;
  /** By how much the delay grows with each failure. Default 1.5. */
  readonly backoffMultiplier?: number;
  /** After so long without a failure the delay is the initial one again. Default 1 h. */
  readonly resetBackoffThreshold?: DurationLike;
  /** Largest random part of a delay that is added or taken away, from 0 to 1. Default 0.1. */
  readonly jitterFactor?: number;
  /** How often it is started again before the delay is reset. Default: without limit. */
  readonly attempts?: number;
}

/**
 * The restart strategies, as Flink has them.
 *
 * @example
 * ```ts
 * env.setRestartStrategy(RestartStrategies.fixedDelayRestart(3, '10 s'));
 * ```
 */
export const RestartStrategies: {
  /** The first failure is the job's. */
  noRestart(): RestartStrategy;
  /** @throws RangeError `ERR_INVALID_RESTART_STRATEGY` for a negative number of attempts or delay. */
  fixedDelayRestart(attempts: number, delay: DurationLike): RestartStrategy;
  /** @throws RangeError `ERR_INVALID_RESTART_STRATEGY` for values that make no sense, naming the one. */
  exponentialDelayRestart(delay?: ExponentialDelay): RestartStrategy;
} = {
  noRestart: () => ({ name: 'none', start: () => ({ afterFailure: () => undefined }) }),

  fixedDelayRestart(attempts, delay) {
    check('attempts', attempts, attempts === Number.POSITIVE_INFINITY || (Number.isInteger(attempts) && attempts >= 0));
    const delayMs = durationMs(delay, 'delay');
    return {
      name: 'fixed-delay',
      start() {
        let failures = 0;
        return { afterFailure: () => (++failures > attempts ? undefined : delayMs) };
      },
    };
  },

  exponentialDelayRestart({
    initialBackoff = '1 s',
    maxBackoff = '1 min',
    backoffMultiplier = 1.5,
    resetBackoffThreshold = '1 h',
    jitterFactor = 0.1,
    attempts = Number.POSITIVE_INFINITY,
  } = {}) {
    const initialMs = durationMs(initialBackoff, 'initialBackoff');
    const maxMs = durationMs(maxBackoff, 'maxBackoff');
    const resetMs = durationMs(resetBackoffThreshold, 'resetBackoffThreshold');
    check('backoffMultiplier', backoffMultiplier, backoffMultiplier > 1);
    check('jitterFactor', jitterFactor, jitterFactor >= 0 && jitterFactor <= 1);
    check('attempts', attempts, attempts >= 0);
    check('maxBackoff', maxBackoff, maxMs >= initialMs);
    return {
      name: 'exponential-delay',
      start() {
        let backoffMs = initialMs;
        let lastMs = Number.NEGATIVE_INFINITY;
        let failures = 0;
        return {
          afterFailure(nowMs) {
            // From the end of the last wait on.
            if (nowMs - lastMs >= resetMs + backoffMs) {
              backoffMs = initialMs;
              failures = 0;
            } else {
              backoffMs = Math.min(backoffMs * backoffMultiplier, maxMs);
            }
            lastMs = nowMs;
            const jitterMs = backoffMs * jitterFactor * (2 * Math.random() - 1);
            return ++failures > attempts ? undefined : Math.max(0, Math.min(backoffMs + jitterMs, maxMs));
          },
        };
      },
    };
  },
};

/** The strategy of a configuration. @throws TypeError `ERR_INVALID_CONFIG_VALUE`. */
export function restartStrategyOf(config: ReadableConfig, isCheckpointed: boolean): RestartStrategy {
  const options = RestartStrategyOptions;
  const name = config.get(options.RESTART_STRATEGY) ?? (isCheckpointed ? 'exponential-delay' : 'none');
  switch (name.toLowerCase().replace(/-?delay$/, '')) {
    case 'none':
    case 'off':
    case 'disable':
      return RestartStrategies.noRestart();
    case 'fixed':
      return RestartStrategies.fixedDelayRestart(
        config.get(options.FIXED_DELAY_ATTEMPTS),
        config.get(options.FIXED_DELAY_DELAY),
      );
    case 'exponential':
      return RestartStrategies.exponentialDelayRestart({
        initialBackoff: config.get(options.EXPONENTIAL_DELAY_INITIAL_BACKOFF),
        maxBackoff: config.get(options.EXPONENTIAL_DELAY_MAX_BACKOFF),
        backoffMultiplier: config.get(options.EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER),
        resetBackoffThreshold: config.get(options.EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD),
        jitterFactor: config.get(options.EXPONENTIAL_DELAY_JITTER_FACTOR),
        attempts: config.get(options.EXPONENTIAL_DELAY_ATTEMPTS),
      });
    default:
      throw typeError(
        'ERR_INVALID_CONFIG_VALUE',
        `Option '${options.RESTART_STRATEGY.key}' must be none, fixed-delay or exponential-delay; received ${describe(name)}.`,
      );
  }
}

function check(name: string, value: unknown, isValid: boolean): void {
  if (!isValid) {
    throw rangeError('ERR_INVALID_RESTART_STRATEGY', `${name} of a restart strategy can't be ${describe(value)}.`);
  }
}
