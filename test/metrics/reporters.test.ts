import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { DescriptiveHistogram } from '../../lib/metrics/descriptive-histogram.ts';
import { MetricRegistry } from '../../lib/metrics/metric-registry.ts';
import { NativeHistogram } from '../../lib/metrics/native-histogram.ts';
import { OpenTelemetryReporter } from '../../lib/metrics/open-telemetry-reporter.ts';
import { PrometheusReporter } from '../../lib/metrics/prometheus-reporter.ts';
import { warningsDuring } from '../support/warnings.ts';

const READING = {
  count: 7,
  sum: 700,
  min: 1,
  max: 300,
  mean: 100,
  standardDeviation: 5,
  median: 90,
  p95: 280,
  p99: 299,
};

// A metric of every sort, one of them in two column families.
function fill({ root }: MetricRegistry): void {
  root.addGroup('column_family', 'words').gauge('rocksdb.size', () => 5, { description: 'How large.', unit: 'bytes' });
  root
    .addGroup('column_family', 'say "hi"')
    .gauge('rocksdb.size', () => 6, { description: 'How large.', unit: 'bytes' });
  root.gauge('rocksdb.bytes_read', () => 100, { unit: 'bytes', cumulative: true });
  root.counter('numRecords').inc(3);
  const native = new NativeHistogram();
  native.update(READING);
  root.histogram('rocksdb.db_get_micros', native, { unit: 'us' });
}

describe('through prom-client', () => {
  function prometheus(options: { prefix?: string } = {}) {
    const registry = new MetricRegistry();
    const register = new promClient.Registry();
    const reporter = new PrometheusReporter(registry, promClient, { register, ...options });
    const lines = async () => (await register.metrics()).split('\n').filter((line) => line !== '');
    return { registry, register, reporter, lines };
  }

  test('every sort of metric is shown', async () => {
    const { registry, lines } = prometheus();
    fill(registry);
    expect(await lines()).toEqual([
      '# HELP rockstate_column_family_rocksdb_size How large. (bytes)',
      '# TYPE rockstate_column_family_rocksdb_size gauge',
      'rockstate_column_family_rocksdb_size{column_family="words"} 5',
      'rockstate_column_family_rocksdb_size{column_family="say \\"hi\\""} 6',
      '# HELP rockstate_rocksdb_bytes_read rockstate_rocksdb_bytes_read (bytes)',
      '# TYPE rockstate_rocksdb_bytes_read counter',
      'rockstate_rocksdb_bytes_read 100',
      '# HELP rockstate_numRecords rockstate_numRecords',
      '# TYPE rockstate_numRecords gauge',
      'rockstate_numRecords 3',
      '# HELP rockstate_rocksdb_db_get_micros rockstate_rocksdb_db_get_micros (us)',
      '# TYPE rockstate_rocksdb_db_get_micros gauge',
      'rockstate_rocksdb_db_get_micros{quantile="0.5"} 90',
      'rockstate_rocksdb_db_get_micros{quantile="0.95"} 280',
      'rockstate_rocksdb_db_get_micros{quantile="0.99"} 299',
      '# HELP rockstate_rocksdb_db_get_micros_count rockstate_rocksdb_db_get_micros_count',
      '# TYPE rockstate_rocksdb_db_get_micros_count counter',
      'rockstate_rocksdb_db_get_micros_count 7',
      '# HELP rockstate_rocksdb_db_get_micros_sum rockstate_rocksdb_db_get_micros_sum (us)',
      '# TYPE rockstate_rocksdb_db_get_micros_sum counter',
      'rockstate_rocksdb_db_get_micros_sum 700',
    ]);
  });

  test('each scrape shows the values of its moment, and totals do not add up', async () => {
    const { registry, lines } = prometheus();
    let bytes = 10;
    registry.root.gauge('bytes', () => bytes, { cumulative: true });
    expect(await lines()).toContain('rockstate_bytes 10');
    bytes = 30;
    expect(await lines()).toContain('rockstate_bytes 30');
    expect(await lines()).toContain('rockstate_bytes 30');
  });

  test('metrics that go are gone, the others of their name stay', async () => {
    const { registry, lines } = prometheus();
    fill(registry);
    registry.root.addGroup('column_family', 'words').close();
    const shown = await lines();
    expect(shown).toContain('rockstate_column_family_rocksdb_size{column_family="say \\"hi\\""} 6');
    expect(shown.join()).not.toContain('words');
    registry.root.close();
    expect(await lines()).toEqual([]);
  });

  test('metrics of the same name may have other variables', async () => {
    const { registry, lines } = prometheus({ prefix: '' });
    registry.root
      .addGroup('job', 'a')
      .addGroup('x')
      .gauge('n', () => 1);
    registry.root
      .addGroup('job')
      .addGroup('x')
      .gauge('n', () => 2);
    registry.root
      .addGroup('job', 'b')
      .addGroup('x', 'c')
      .gauge('n', () => 3);
    expect((await lines()).filter((line) => !line.startsWith('#'))).toEqual([
      'job_x_n{job="a"} 1',
      'job_x_n 2',
      'job_x_n{job="b",x="c"} 3',
    ]);
  });

  test('a name that is taken gives a warning, and leaves the other alone', async () => {
    const { registry, register, lines } = prometheus();
    new promClient.Gauge({ name: 'rockstate_taken', help: 'theirs', registers: [register] }).set(1);
    const warnings = await warningsDuring(() => registry.root.gauge('taken', () => 2));
    expect(warnings).toEqual([expect.stringContaining("'rockstate_taken' is not shown")]);
    registry.root.close();
    expect(await lines()).toContain('rockstate_taken 1');
  });

  test('a closed reporter leaves nothing behind', async () => {
    const { registry, reporter, lines } = prometheus();
    fill(registry);
    reporter.close();
    reporter.close();
    registry.root.counter('late');
    expect(await lines()).toEqual([]);
  });

  test('the client’s global registry is the default', async () => {
    const registry = new MetricRegistry();
    const reporter = new PrometheusReporter(registry, promClient);
    registry.root.gauge('global', () => 1);
    expect(await promClient.register.metrics()).toContain('rockstate_global 1');
    reporter.close();
  });
});

describe('through OpenTelemetry', () => {
  async function collected(use: (registry: MetricRegistry, reporter: OpenTelemetryReporter) => void) {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 });
    const provider = new MeterProvider({ readers: [reader] });
    const registry = new MetricRegistry();
    const reporter = new OpenTelemetryReporter(registry, provider.getMeter('test'));
    use(registry, reporter);
    const { resourceMetrics } = await reader.collect();
    await provider.shutdown();
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return metrics.map(({ descriptor, dataPointType, dataPoints }) => ({
      name: descriptor.name,
      unit: descriptor.unit,
      description: descriptor.description,
      dataPointType,
      isTotal: Reflect.get(descriptor, 'type') === 'OBSERVABLE_COUNTER',
      points: dataPoints.map(({ value, attributes }) => ({ value, attributes })),
    }));
  }

  test('every sort of metric is shown', async () => {
    const metrics = await collected(fill);
    expect(metrics).toMatchObject([
      {
        name: 'rockstate.column_family.rocksdb.size',
        unit: 'By',
        description: 'How large.',
        isTotal: false,
        points: [
          { value: 5, attributes: { column_family: 'words' } },
          { value: 6, attributes: { column_family: 'say "hi"' } },
        ],
      },
      { name: 'rockstate.rocksdb.bytes_read', unit: 'By', isTotal: true, points: [{ value: 100, attributes: {} }] },
      { name: 'rockstate.numRecords', unit: '', isTotal: false, points: [{ value: 3 }] },
      {
        name: 'rockstate.rocksdb.db_get_micros',
        unit: 'us',
        points: [
          { value: 90, attributes: { quantile: '0.5' } },
          { value: 280, attributes: { quantile: '0.95' } },
          { value: 299, attributes: { quantile: '0.99' } },
        ],
      },
      { name: 'rockstate.rocksdb.db_get_micros.count', unit: '', isTotal: true, points: [{ value: 7 }] },
      { name: 'rockstate.rocksdb.db_get_micros.sum', unit: 'us', isTotal: true, points: [{ value: 700 }] },
    ]);
  });

  test('a histogram passes its numbers on', async () => {
    const metrics = await collected(({ root }) => {
      const group = root.addGroup('state_name', 'count');
      const histogram = group.histogram('valueStateGetLatency', new DescriptiveHistogram(2), { unit: 'ns' });
      for (const value of [10, 20, 30]) {
        histogram.update(value);
      }
      group.close();
      histogram.update(1000);
    });
    expect(metrics).toMatchObject([
      {
        name: 'rockstate.state_name.valueStateGetLatency',
        unit: 'ns',
        points: [{ value: { count: 3, sum: 60, min: 10, max: 30 }, attributes: { state_name: 'count' } }],
      },
    ]);
  });

  test('metrics that go are gone, and may come again', async () => {
    const metrics = await collected(({ root }) => {
      root.addGroup('g').gauge('gone', () => 1);
      root.addGroup('g').gauge('back', () => 1);
      root.addGroup('g').close();
      root.addGroup('g').gauge('back', () => 2);
    });
    expect(metrics.filter(({ points }) => points.length > 0)).toMatchObject([
      { name: 'rockstate.g.back', points: [{ value: 2 }] },
    ]);
  });

  test('a closed reporter shows nothing', async () => {
    const metrics = await collected((registry, reporter) => {
      fill(registry);
      reporter.close();
      reporter.close();
      registry.root.counter('late');
    });
    expect(metrics.flatMap(({ points }) => points)).toEqual([]);
  });
});

test('neither library is loaded by the package', async () => {
  const { readFile, readdir } = await import('node:fs/promises');
  const lib = new URL('../../lib/', import.meta.url);
  const files = (await readdir(lib, { recursive: true })).filter((name) => name.endsWith('.ts'));
  for (const file of files) {
    const source = await readFile(new URL(file, lib), 'utf8');
    expect(source.match(/^(import|export) .*'(prom-client|@opentelemetry\/.*)'/m)).toBeNull();
  }
  expect(files.length).toBeGreaterThan(100);
});
