import { describe, expect, test } from 'vitest';
import { DescriptiveHistogram } from '../../lib/metrics/descriptive-histogram.ts';
import { MetricRegistry } from '../../lib/metrics/metric-registry.ts';
import { identifierOf, type RegisteredMetric } from '../../lib/metrics/registered-metric.ts';
import { warningsDuring } from '../support/warnings.ts';

describe('a registry', () => {
  test('lists and reads gauges, counters and histograms by where they are', () => {
    const registry = new MetricRegistry();
    let depth = 3;
    registry.root.gauge('depth', () => depth);
    const operator = registry.root.addGroup('operator', 'count');
    const records = operator.counter('numRecords');
    const sizes = operator.addGroup('sizes').histogram('bytes', new DescriptiveHistogram(10));
    records.inc();
    records.inc(5);
    records.dec();
    records.dec(2);
    sizes.update(4);
    depth = 4;
    expect(registry.snapshot()).toEqual({
      depth: 4,
      'operator.count.numRecords': 3,
      'operator.count.sizes.bytes': {
        count: 1,
        sum: 4,
        min: 4,
        max: 4,
        mean: 4,
        standardDeviation: 0,
        median: 4,
        p95: 4,
        p99: 4,
      },
    });
    expect(registry.find('operator.count.numRecords')).toMatchObject({
      name: 'numRecords',
      kind: 'counter',
      scope: ['operator', 'count'],
      logicalScope: ['operator'],
      variables: { operator: 'count' },
    });
    expect(registry.find('operator.numRecords')).toBeUndefined();
    expect(JSON.parse(JSON.stringify(registry.snapshot()))).toEqual(registry.snapshot());
  });

  test('has one group per name, and per key and value', () => {
    const { root } = new MetricRegistry();
    expect(root.addGroup('a')).toBe(root.addGroup('a'));
    expect(root.addGroup('a', 'x')).toBe(root.addGroup('a', 'x'));
    expect(root.addGroup('a', 'x')).not.toBe(root.addGroup('a', 'y'));
    expect(root.addGroup('a', 'x')).not.toBe(root.addGroup('a').addGroup('x'));
    expect(root.addGroup('a', 'x').addGroup('b', 'y').variables).toEqual({ a: 'x', b: 'y' });
  });

  test('forgets a closed group and those within it, but not the others', () => {
    const registry = new MetricRegistry();
    const group = registry.root.addGroup('a');
    const counter = group.addGroup('b').counter('inner');
    group.counter('outer');
    registry.root.addGroup('c').counter('other');
    group.close();
    counter.inc();
    expect(counter.count).toBe(1);
    group.counter('late');
    group.addGroup('d').counter('later');
    expect(Object.keys(registry.snapshot())).toEqual(['c.other']);
    registry.root.addGroup('a').counter('new');
    expect(Object.keys(registry.snapshot())).toEqual(['c.other', 'a.new']);
  });

  test('lists the newer of two metrics of the same name, and warns', async () => {
    const registry = new MetricRegistry();
    registry.root.gauge('depth', () => 1);
    const warnings = await warningsDuring(() => registry.root.gauge('depth', () => 2));
    expect(warnings).toEqual([expect.stringContaining("Metric 'depth' was added again")]);
    expect(registry.snapshot()).toEqual({ depth: 2 });
  });

  test('tells listeners of what there is, and of what comes and goes', () => {
    const registry = new MetricRegistry();
    registry.root.counter('before');
    const told: string[] = [];
    const tell = (what: string) => (metric: RegisteredMetric) => told.push(`${what} ${identifierOf(metric)}`);
    const stop = registry.listen({ added: tell('added'), removed: tell('removed') });
    const group = registry.root.addGroup('g');
    group.counter('after');
    group.close();
    stop();
    registry.root.counter('untold');
    expect(told).toEqual(['added before', 'added g.after', 'removed g.after']);
  });

  test.each([[''], [7 as unknown as string], [undefined as unknown as string]])('refuses the name %j', (name) => {
    const { root } = new MetricRegistry();
    const refused = expect.objectContaining({ code: 'ERR_INVALID_METRIC_NAME' });
    expect(() => root.addGroup(name)).toThrow(refused);
    expect(() => root.gauge(name, () => 1)).toThrow(refused);
    expect(() => root.counter(name)).toThrow(refused);
    expect(() => root.histogram(name, new DescriptiveHistogram(1))).toThrow(refused);
  });
});

describe('a histogram', () => {
  const filled = (size: number, values: readonly number[]) => {
    const histogram = new DescriptiveHistogram(size);
    for (const value of values) {
      histogram.update(value);
    }
    return histogram;
  };
  const oneToHundred = Array.from({ length: 100 }, (_, i) => i + 1);

  test('is all zero while it is empty', () => {
    const histogram = new DescriptiveHistogram(4);
    expect([histogram.count, histogram.sum]).toEqual([0, 0]);
    expect(Object.values(histogram.statistics())).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('knows the distribution of its numbers', () => {
    const { standardDeviation, ...rest } = filled(100, oneToHundred.toReversed()).statistics();
    expect(rest).toEqual({
      min: 1,
      max: 100,
      mean: 50.5,
      median: 50.5,
      p95: expect.closeTo(95.95),
      p99: expect.closeTo(99.99),
    });
    // The root of (n² − 1) / 12 · n / (n − 1).
    expect(standardDeviation).toBeCloseTo(Math.sqrt(((100 ** 2 - 1) / 12) * (100 / 99)), 10);
  });

  test('forgets the oldest when it is full, but counts them', () => {
    const histogram = filled(10, oneToHundred);
    expect([histogram.count, histogram.sum]).toEqual([100, 5050]);
    expect(histogram.statistics()).toMatchObject({ min: 91, max: 100, mean: 95.5 });
  });

  test('tells listeners of each number', () => {
    const histogram = new DescriptiveHistogram(2);
    const told: number[] = [];
    const stop = histogram.onUpdate((value) => told.push(value));
    histogram.update(1);
    histogram.update(2);
    stop();
    histogram.update(3);
    expect(told).toEqual([1, 2]);
  });

  test.each([0, -1, 1.5, Number.NaN])('of size %d is refused', (size) => {
    expect(() => new DescriptiveHistogram(size)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_HISTORY_SIZE', message: expect.stringContaining(String(size)) }),
    );
  });
});
