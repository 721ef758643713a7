// A job that ends in one way or another, and nothing behind it that ends the process: it must end by itself.
// Usage: ends.mjs DIRECTORY SCENARIO. Prints the job's status at its end.
import { join } from 'node:path';
import { EmbeddedRocksDBStateBackend, Types, ValueStateDescriptor } from '../../../dist/index.js';
import { FileSink } from '../../../dist/job/sinks/file-sink.js';
import { StreamExecutionEnvironment } from '../../../dist/job/stream-execution-environment.js';

const [directory, scenario] = process.argv.slice(2);

class Counting {
  open(context) {
    this.count = context.getState(new ValueStateDescriptor('count', Types.LONG));
  }

  processElement(_, { timerService }, out) {
    this.count.update((this.count.value() ?? 0) + 1);
    // Nobody waits so long.
    timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + 3_600_000);
    out.collect(`${this.count.value()}`);
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment({
  'state.backend.rocksdb.localdir': join(directory, 'local'),
  'restart-strategy.type': 'none',
});
env.setStateBackend(new EmbeddedRocksDBStateBackend(true)).setParallelism(2).enableCheckpointing(20);
env.getCheckpointConfig().setCheckpointStorage(join(directory, 'checkpoints')).setCheckpointTimeout('1 h');
const isBounded = scenario === 'finish' || scenario === 'fail';
env
  .fromGenerator((n) => n, { recordsPerSecond: 1000, ...(isBounded && { count: 200 }) })
  .map((n) => {
    if (scenario === 'fail' && n === 150) {
      throw new Error('bad record');
    }
    return n;
  })
  .keyBy((n) => n % 10, Types.LONG)
  .process(Counting)
  .sinkTo(new FileSink(join(directory, 'results')));
if (!isBounded) {
  env.fromGenerator((n) => n, { recordsPerSecond: 0.001 }).addSink(() => {});
  env
    .fromAsyncIterable({
      open: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
      positionOf: () => 0,
    })
    .addSink(() => {});
}
const client = await env.executeAsync();
if (!isBounded) {
  while (client.checkpointStatistics.counts.completed < 3) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (scenario === 'cancel') {
    await client.cancel();
  } else {
    await client.stopWithSavepoint({ directory: join(directory, 'savepoint') });
  }
}
await client.result.catch(() => {});
console.log(client.status);
