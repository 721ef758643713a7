// Leaves a backend open whose metrics are read every few milliseconds: the process ends all the same.
import { EmbeddedRocksDBStateBackend, MetricRegistry, Types } from '../../../dist/index.js';

const registry = new MetricRegistry();
const backend = new EmbeddedRocksDBStateBackend().configure({
  'state.backend.rocksdb.metrics.num-snapshots': true,
  'state.backend.rocksdb.metrics.poll-interval': '5 ms',
});
await backend.createKeyedStateBackend({ keyType: Types.STRING, localDir: process.argv[2], metricGroup: registry.root });
setTimeout(() => console.log('ending'), 50);
