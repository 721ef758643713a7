// A job for tests of `rockstate run`: nobody waits for it, and it begins late.
import { StreamExecutionEnvironment } from 'rockstate';

setTimeout(() => {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  env
    .fromElements(...process.argv.slice(2), `parallelism ${env.getParallelism()}`)
    .setParallelism(1)
    .print()
    .setParallelism(1);
  env.execute();
}, 10);
