// A stream that is broadcast reaches every subtask, beside a keyed stream and one without keys.
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MapStateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import type { BroadcastProcessFunction } from '../../lib/job/functions/broadcast-functions.ts';
import { StreamExecutionEnvironment } from '../../lib/job/stream-execution-environment.ts';
import { JOB_BACKENDS, withJobs } from '../support/job-backends.ts';

const FACTOR = new MapStateDescriptor('factor', Types.STRING, Types.LONG);
const PARALLELISM = 3;

// Numbers come when the factor is there in their subtask.
const multiply: BroadcastProcessFunction<number, number, number> = {
  processElement(n, context, out) {
    out.collect(n * (context.getBroadcastState(FACTOR).get('is') ?? Number.NaN));
  },
  processBroadcastElement(factor, context, out) {
    context.getBroadcastState(FACTOR).put('is', factor);
    out.collect(-factor);
  },
};

test.each(['keyed', 'plain'])('every subtask gets what is broadcast beside a %s stream', async (kind) => {
  const env = StreamExecutionEnvironment.getExecutionEnvironment().setParallelism(PARALLELISM);
  const numbers = env.fromSequence(1, 30);
  const stream = kind === 'keyed' ? numbers.keyBy((n) => n, Types.LONG) : numbers;
  const out = await stream
    .connect(env.fromElements(7).broadcast(FACTOR))
    .process(multiply)
    .filter((n) => n < 0)
    .executeAndCollect();
  expect(out).toEqual(Array.from({ length: PARALLELISM }, () => -7));
});

test('a function without both methods is refused', () => {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  const connected = env.fromElements(1).connect(env.fromElements(2).broadcast(FACTOR));
  expect(() => connected.process({ processElement() {} } as never)).toThrow("a method 'processBroadcastElement'");
});

describe.each(Object.entries(JOB_BACKENDS))('on %s', (_, create) => {
  test('what was broadcast is there after a savepoint, in more subtasks than before', () =>
    withJobs(create, async ({ directory, environment }) => {
      const savepoint = join(directory, 'savepoint');
      const first = environment();
      const numbers = first.fromAsyncIterable({ open: nothing, positionOf: () => 0 }).uid('numbers');
      const arrived = new EventEmitter();
      numbers
        .keyBy((n) => n, Types.LONG)
        .connect(first.fromElements(5).uid('factors').broadcast(FACTOR))
        .process(multiply)
        .uid('multiply')
        .addSink((n) => {
          arrived.emit('record', n);
        });
      const record = once(arrived, 'record');
      const client = await first.executeAsync();
      expect(await record).toEqual([-5]);
      await client.stopWithSavepoint({ directory: savepoint });

      const second = environment({ 'execution.state-recovery.ignore-unclaimed-state': true }).setParallelism(2);
      const out: number[] = [];
      second
        .fromSequence(1, 4)
        .keyBy((n) => n, Types.LONG)
        .connect(second.fromCollection<number>([]).broadcast(FACTOR))
        .process(multiply)
        .uid('multiply')
        .addSink((n) => {
          out.push(n);
        });
      await second.execute({ fromSavepoint: savepoint });
      expect(out.toSorted((a, b) => a - b)).toEqual([5, 10, 15, 20]);
    }));
});

/** No records, and no end. */
async function* nothing(): AsyncGenerator<number> {
  await new Promise(() => {});
}
