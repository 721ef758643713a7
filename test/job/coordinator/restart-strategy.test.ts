import { describe, expect, test } from 'vitest';
import { Configuration } from '../../../lib/config/configuration.ts';
import { RestartStrategies, restartStrategyOf } from '../../../lib/job/coordinator/restart-strategy.ts';

describe('a fixed delay', () => {
  test('is the same each time, for so many failures', () => {
    const strategy = RestartStrategies.fixedDelayRestart(2, '3 s');
    const backoff = strategy.start();
    expect([1, 2, 3].map((now) => backoff.afterFailure(now))).toEqual([3000, 3000, undefined]);
    // Each execution has its own.
    expect(strategy.start().afterFailure(0)).toBe(3000);
  });

  test.each([
    [-1, 0],
    [1.5, 0],
    [1, -1],
  ])('can not be %d times after %d ms', (attempts, delay) => {
    expect(() => RestartStrategies.fixedDelayRestart(attempts, delay)).toThrow(RangeError);
  });
});

describe('an exponential delay', () => {
  const delay = {
    initialBackoff: 100,
    maxBackoff: 1000,
    backoffMultiplier: 2,
    resetBackoffThreshold: 5000,
    jitterFactor: 0,
  };

  test('grows with each failure up to the longest, and begins anew after a time without', () => {
    const backoff = RestartStrategies.exponentialDelayRestart(delay).start();
    const at = (now: number) => backoff.afterFailure(now);
    expect([at(0), at(200), at(700), at(1500), at(3000), at(4500)]).toEqual([100, 200, 400, 800, 1000, 1000]);
    // The wait is no time without failure.
    expect(at(4500 + 5999)).toBe(1000);
    expect(at(4500 + 5999 + 6000)).toBe(100);
    expect(at(4500 + 5999 + 6001)).toBe(200);
  });

  test('is spread, but not beyond the longest', () => {
    const backoff = RestartStrategies.exponentialDelayRestart({ ...delay, jitterFactor: 0.5 }).start();
    const delays = Array.from({ length: 200 }, (_, n) => backoff.afterFailure(n) ?? Number.NaN);
    expect(delays[0]).toBeGreaterThanOrEqual(50);
    expect(delays[0]).toBeLessThanOrEqual(150);
    expect(Math.min(...delays.slice(10))).toBeGreaterThanOrEqual(500);
    expect(Math.max(...delays)).toBeLessThanOrEqual(1000);
    expect(new Set(delays.slice(10)).size).toBeGreaterThan(10);
  });

  test('is given up after so many failures before it begins anew', () => {
    const backoff = RestartStrategies.exponentialDelayRestart({ ...delay, attempts: 2 }).start();
    expect([0, 1, 2].map((now) => backoff.afterFailure(now))).toEqual([100, 200, undefined]);
    const anew = RestartStrategies.exponentialDelayRestart({ ...delay, attempts: 1 }).start();
    expect([0, 100_000, 100_001].map((now) => anew.afterFailure(now))).toEqual([100, 100, undefined]);
  });

  test.each([
    { backoffMultiplier: 1 },
    { jitterFactor: 1.1 },
    { jitterFactor: -0.1 },
    { attempts: -1 },
    { initialBackoff: '2 min' },
  ])('can not have %j', (given) => {
    expect(() => RestartStrategies.exponentialDelayRestart(given)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_RESTART_STRATEGY' }),
    );
  });
});

test('without a restart the first failure is the last', () => {
  expect(RestartStrategies.noRestart().start().afterFailure(0)).toBeUndefined();
});

describe('the configuration says which it is', () => {
  test.each([
    [undefined, false, 'none'],
    [undefined, true, 'exponential-delay'],
    ['none', true, 'none'],
    ['off', true, 'none'],
    ['disable', true, 'none'],
    ['fixed-delay', false, 'fixed-delay'],
    ['fixeddelay', false, 'fixed-delay'],
    ['exponential-delay', false, 'exponential-delay'],
    ['exponentialdelay', false, 'exponential-delay'],
  ])('%s, checkpoints: %s', (type, isCheckpointed, name) => {
    const config = new Configuration(type === undefined ? {} : { 'restart-strategy.type': type });
    expect(restartStrategyOf(config, isCheckpointed).name).toBe(name);
  });

  test('with its numbers', () => {
    const fixed = {
      'restart-strategy.type': 'fixed-delay',
      'restart-strategy.fixed-delay.attempts': 1,
      'restart-strategy.fixed-delay.delay': '7 s',
    };
    const backoff = restartStrategyOf(new Configuration(fixed), true).start();
    expect([0, 1].map((now) => backoff.afterFailure(now))).toEqual([7000, undefined]);
  });

  test('and not what there is not', () => {
    const config = new Configuration({ 'restart-strategy.type': 'failure-rate' });
    expect(() => restartStrategyOf(config, true)).toThrow(/none, fixed-delay or exponential-delay; received/);
  });
});
