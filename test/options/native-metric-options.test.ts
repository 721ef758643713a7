import { describe, expect, test } from 'vitest';
import { Configuration } from '../../lib/config/configuration.ts';
import { NATIVE_METRICS, type NativeMetricKey } from '../../lib/options/native-metric.ts';
import { RocksDBNativeMetricOptions } from '../../lib/options/native-metric-options.ts';
import { FLINK_NATIVE_METRICS } from '../support/flink-native-metrics.ts';

describe('the rows', () => {
  test('have Flink’s 38 metrics, with its names', () => {
    const flinks = NATIVE_METRICS.filter(({ own }) => !own).map(({ option, kind, names }) => ({
      key: option.key,
      metrics: names.map(({ metric }) => metric),
      rocksdb: names.map(({ rocksdb }) => rocksdb),
      kind,
    }));
    expect(flinks).toHaveLength(38);
    expect(flinks).toEqual(FLINK_NATIVE_METRICS);
  });

  test('have keys and metric names that are unlike', () => {
    const keys = NATIVE_METRICS.map(({ key }) => key);
    const metrics = NATIVE_METRICS.flatMap(({ names }) => names.map(({ metric }) => metric));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(metrics).size).toBe(metrics.length);
    expect(metrics.filter((metric) => !/^rocksdb\.[a-z0-9_-]+$/.test(metric))).toEqual([]);
  });

  test('are off by default, and say in a sentence what they are', () => {
    expect(NATIVE_METRICS.filter(({ option }) => option.defaultValue !== false)).toEqual([]);
    expect(NATIVE_METRICS.filter(({ doc }) => !/^[A-Z0-9].*\.$/.test(doc))).toEqual([]);
  });
});

test('with nothing configured all is off, and nothing is counted (T162)', () => {
  const options = RocksDBNativeMetricOptions.fromConfig(new Configuration());
  expect(options.isEnabled).toBe(false);
  expect(options.enabled).toEqual([]);
  expect(options.statistics).toBe('off');
  expect(options.columnFamilyAsVariable).toBe(false);
  expect(options.pollIntervalMs).toBe(5000);
});

test.each(NATIVE_METRICS)('$key alone turns on just itself, and as much counting as it needs (T161)', (metric) => {
  const options = RocksDBNativeMetricOptions.fromConfig(new Configuration({ [metric.option.key]: true }));
  expect(options.isEnabled).toBe(true);
  expect(options.enabled).toEqual([metric]);
  const needed = {
    property: 'off',
    memory: 'off',
    ticker: 'tickers',
    histogram: metric.unit === 'us' ? 'timers' : 'histograms',
  };
  expect(options.statistics).toBe(needed[metric.kind]);
});

test('what is counted is what the most demanding metric needs', () => {
  const options = new RocksDBNativeMetricOptions().enable('bytes-read', 'bytes-per-read');
  expect(options.statistics).toBe('histograms');
  expect(options.enable('db-get-micros').statistics).toBe('timers');
});

test('the other options are read as well', () => {
  const prefix = 'state.backend.rocksdb.metrics';
  const config = new Configuration({
    [`${prefix}.column-family-as-variable`]: true,
    [`${prefix}.poll-interval`]: '10 ms',
  });
  const options = RocksDBNativeMetricOptions.fromConfig(config);
  expect(options.columnFamilyAsVariable).toBe(true);
  expect(options.pollIntervalMs).toBe(10);
  expect(options.isEnabled).toBe(false);
});

test('an unknown metric is refused by name', () => {
  const options = new RocksDBNativeMetricOptions();
  expect(() => options.enable('estimate-keys' as NativeMetricKey)).toThrow(
    expect.objectContaining({ code: 'ERR_UNKNOWN_METRIC', message: expect.stringContaining('"estimate-keys"') }),
  );
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 31])('a poll interval of %d is refused', (intervalMs) => {
  expect(() => new RocksDBNativeMetricOptions().setPollIntervalMs(intervalMs)).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_POLL_INTERVAL',
      message: expect.stringContaining(String(intervalMs)),
    }),
  );
});
