// A job for tests of `rockstate run`: numbers the records of each key, and writes them to files. Its arguments are the
// directory of the files, how many records there are, how many a second, and the record that it fails at.
import { FileSink, StreamExecutionEnvironment, Types, ValueStateDescriptor } from 'rockstate';

const KEYS = 10;
const [directory, count, perSecond, failsAt] = process.argv.slice(2);

class Numbering {
  open(context) {
    this.count = context.getState(new ValueStateDescriptor('count', Types.LONG));
  }

  processElement(_, context, out) {
    const count = (this.count.value() ?? 0) + 1;
    this.count.update(count);
    out.collect(`${context.getCurrentKey()}:${count}`);
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env
  .fromGenerator((index) => index, {
    count: Number(count),
    ...(Number(perSecond) > 0 && { recordsPerSecond: Number(perSecond) }),
  })
  .uid('numbers')
  .map((n) => {
    if (n === Number(failsAt)) {
      throw new TypeError(`bad record ${n}`);
    }
    return n;
  })
  .keyBy((n) => n % KEYS, Types.LONG)
  .process(Numbering)
  .uid('numbering')
  .sinkTo(new FileSink(directory))
  .uid('results');
const { restarts } = await env.execute('numbering');
console.log(`Done after ${restarts} restarts.`);
