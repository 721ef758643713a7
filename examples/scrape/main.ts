// A keyed backend under load whose metrics Prometheus can scrape.
//
//   npm run build && node build/examples/scrape/main.js [port]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as promClient from 'prom-client';
import { EmbeddedRocksDBStateBackend, MetricRegistry, PrometheusReporter, Types } from 'rockstate';
import { STATES, visit } from './load.ts';
import { serveMetrics } from './metrics-server.ts';

const METRICS = {
  'state.backend.rocksdb.metrics.bytes-written': true,
  'state.backend.rocksdb.metrics.bytes-read': true,
  'state.backend.rocksdb.metrics.block-cache-usage': true,
  'state.backend.rocksdb.metrics.estimate-num-keys': true,
  'state.backend.rocksdb.metrics.cur-size-all-mem-tables': true,
  'state.backend.rocksdb.metrics.num-running-compactions': true,
  'state.backend.rocksdb.metrics.db-get-micros': true,
  'state.backend.rocksdb.metrics.column-family-as-variable': true,
  'state.backend.rocksdb.metrics.poll-interval': '1 s',
  'state.latency-track.keyed-state-enabled': true,
};

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stop.abort());
}
const localDir = await mkdtemp(join(tmpdir(), 'scrape-'));
try {
  const registry = new MetricRegistry();
  const metricGroup = registry.root.addGroup('operator', 'visits');
  const backend = new EmbeddedRocksDBStateBackend().configure(METRICS);
  await using keyed = await backend.createKeyedStateBackend({
    keyType: Types.LONG,
    states: STATES,
    localDir,
    metricGroup,
  });
  const reporter = new PrometheusReporter(registry, promClient);
  const { server, url } = await serveMetrics(promClient.register, Number(process.argv[2] ?? 9249));
  console.log(`Metrics: ${url}`);
  await visit(keyed, metricGroup, stop.signal);
  server.close();
  server.closeAllConnections();
  reporter.close();
} finally {
  await rm(localDir, { recursive: true, force: true });
}
