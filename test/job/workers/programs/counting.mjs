// A job whose subtasks run in workers. Arguments: directory, backend, parallelism, workers, records, what happens on the way.
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { ValueStateDescriptor } from '../../../../dist/api/descriptors.js';
import { EmbeddedRocksDBStateBackend } from '../../../../dist/backend/embedded-rocksdb-state-backend.js';
import { HashMapStateBackend } from '../../../../dist/backend/hash-map-state-backend.js';
import { Types } from '../../../../dist/bytes/types.js';
import { RestartStrategies } from '../../../../dist/job/coordinator/restart-strategy.js';
import { FileSink } from '../../../../dist/job/sinks/file-sink.js';
import { StreamExecutionEnvironment } from '../../../../dist/job/stream-execution-environment.js';

const [directory, backend, parallelism, workers, records, event = 'none'] = process.argv.slice(2);
const KEYS = 10;

class Numbering {
  open(context) {
    this.count = context.getState(new ValueStateDescriptor('count', Types.LONG));
    this.isFirst = context.attemptNumber === 0;
    this.seen = 0;
  }
  processElement(_, context, out) {
    const count = (this.count.value() ?? 0) + 1;
    this.count.update(count);
    if (event === 'fails' && this.isFirst && ++this.seen > Number(records) / 8) {
      throw Object.assign(new Error('a bad record'), { code: 'ERR_BAD' });
    }
    out.collect(event === 'function' ? () => {} : `${context.getCurrentKey()}:${count}`);
  }
}

if (event === 'never' && !isMainThread) {
  await new Promise((resolve) => setInterval(resolve, 2 ** 30, 'never'));
}
if (event === 'crashes' && !isMainThread) {
  setTimeout(() => process.exit(7), 300);
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env
  .setParallelism(Number(parallelism))
  .setStateBackend(backend === 'RocksDB' ? new EmbeddedRocksDBStateBackend(true) : new HashMapStateBackend());
env.enableCheckpointing(20).getCheckpointConfig().setCheckpointStorage(join(directory, 'checkpoints'));
env.setRestartStrategy(RestartStrategies.fixedDelayRestart(event === 'fails' ? 20 : 0, 0));
env
  .fromGenerator((n) => n, {
    count: Number(records),
    ...(event !== 'none' && { recordsPerSecond: event === 'stopped' ? 2000 : 10_000 }),
  })
  .keyBy((n) => n % KEYS, Types.LONG)
  .process(Numbering)
  .uid('numbering')
  .rebalance()
  .map((text) => text)
  .sinkTo(new FileSink(join(directory, 'results')))
  .uid('results');
const fromSavepoint = event === 'restored' ? join(directory, 'savepoint') : undefined;
const client = await env.executeAsync({
  jobName: 'numbering',
  workers: { count: Number(workers), module: import.meta.url },
  ...(fromSavepoint && { fromSavepoint }),
});
if (event === 'never') {
  setTimeout(() => client.cancel(), 200);
}
if (event === 'stopped') {
  while (client.checkpointStatistics.counts.completed < 2) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await client.stopWithSavepoint({ directory: join(directory, 'savepoint') });
}
const told = await client.result.catch((error) => ({ error: error.message, code: error.cause?.code }));
console.log(JSON.stringify({ ...told, isMainThread, checkpoints: client.checkpointStatistics.counts.completed }));
