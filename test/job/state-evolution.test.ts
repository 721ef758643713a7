// Jobs whose functions ask for state of another type, or with a time to live, than the checkpoint has that they go on from.
import { describe, expect, test } from 'vitest';
import { type StateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { ValueState } from '../../lib/api/state.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateTtlConfig } from '../../lib/config/state-ttl-config.ts';
import { StateMigrationError } from '../../lib/errors.ts';
import { StateReader } from '../../lib/inspect/state-reader.ts';
import { RestartStrategies } from '../../lib/job/coordinator/restart-strategy.ts';
import type { KeyedProcessContext, KeyedProcessFunction } from '../../lib/job/functions/process-functions.ts';
import type { Collector, RuntimeContext } from '../../lib/job/functions/rich-function.ts';
import type { JobClient } from '../../lib/job/job-client.ts';
import { CollectSink } from '../../lib/job/sinks/collect-sink.ts';
import type { StreamExecutionEnvironment } from '../../lib/job/stream-execution-environment.ts';
import { JOB_BACKENDS, type JobBench, withJobs } from '../support/job-backends.ts';

const KEYS = 10;
const RECORDS = 3000;
const OF_A_KEY = RECORDS / KEYS;

// All jobs of a test store their checkpoints in one directory, and begin with those of others.
const KEEPING = {
  'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
  'execution.checkpointing.num-retained': 1000,
};

interface Counted {
  readonly count: number;
  readonly label?: string;
}

const INTS = Types.STRUCT({ count: Types.INT }) as TypeInformation<Counted>;
const LONGS = Types.STRUCT({
  label: { type: Types.STRING, default: 'old' },
  count: Types.LONG,
}) as TypeInformation<Counted>;
const TEXTS = Types.STRUCT({ count: Types.STRING }) as unknown as TypeInformation<Counted>;

const of = (type: TypeInformation<Counted>) => new ValueStateDescriptor('count', type);
const expiring = (type: TypeInformation<Counted>) => of(type).enableTimeToLive(StateTtlConfig.newBuilder(1e9).build());

/** Numbers the records of each key. */
class Numbering implements KeyedProcessFunction<number, number, string> {
  readonly #descriptor: StateDescriptor<ValueState<Counted>>;
  #state!: ValueState<Counted>;

  constructor(descriptor: StateDescriptor<ValueState<Counted>>) {
    this.#descriptor = descriptor;
  }

  open(context: RuntimeContext): void {
    this.#state = context.getState(this.#descriptor as ValueStateDescriptor<Counted>);
  }

  processElement(_: number, context: KeyedProcessContext<number>, out: Collector<string>): void {
    const found = this.#state.value() ?? { count: 0 };
    const count = found.count + 1;
    this.#state.update({ ...found, count });
    out.collect(`${context.getCurrentKey()}:${count}:${found.label}`);
  }
}

interface Program {
  readonly descriptor: StateDescriptor<ValueState<Counted>>;
  readonly perSecond?: number;
  /** Called with each record before it is processed. */
  readonly before?: (n: number) => void;
}

function numbering(env: StreamExecutionEnvironment, { descriptor, perSecond, before = () => {} }: Program) {
  return env
    .fromGenerator((index) => index, {
      count: RECORDS,
      ...(perSecond !== undefined && { recordsPerSecond: perSecond }),
    })
    .uid('numbers')
    .map((n) => {
      before(n);
      return n;
    })
    .keyBy((n) => n % KEYS, Types.LONG)
    .process(
      class extends Numbering {
        constructor() {
          super(descriptor);
        }
      },
    )
    .uid('numbering');
}

/** Runs a program up to a checkpoint in its midst, and says where that is. */
async function checkpointed(
  { environment }: JobBench,
  program: Program,
  { parallelism = 2, from }: { readonly parallelism?: number; readonly from?: string } = {},
): Promise<string> {
  const env = environment(KEEPING).setParallelism(parallelism).enableCheckpointing(60_000);
  env.setRestartStrategy(RestartStrategies.noRestart());
  let seen = 0;
  const counted = { ...program, before: () => void seen++ };
  numbering(env, { ...counted, perSecond: 2000 })
    .sinkTo(new CollectSink())
    .uid('collected');
  const client = await env.executeAsync({ ...(from !== undefined && { fromSavepoint: from }) });
  await until(client, () => seen >= RECORDS / 4);
  const { location } = await client.triggerCheckpoint();
  await client.cancel();
  return location;
}

async function until(client: JobClient, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (client.status === 'FAILED' || client.status === 'FINISHED') {
      await client.result;
      throw new Error('The job has finished too early.');
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Each key has its records numbered once, and goes on from what was counted; answers the labels. */
function expectGoesOn(out: readonly string[]): Set<string> {
  const all = out.map((line) => line.split(':') as [key: string, count: string, label: string]);
  for (let key = 0; key < KEYS; key++) {
    const counts = all.filter(([own]) => own === String(key)).map(([, count]) => Number(count));
    const sorted = counts.toSorted((a, b) => a - b);
    const first = OF_A_KEY - counts.length + 1;
    expect(sorted).toEqual(counts.map((_, index) => first + index));
    expect(first).toBeGreaterThan(1);
  }
  return new Set(all.map(([, , label]) => label));
}

/** How the types of the job's only state are called in a checkpoint. */
async function storedType(checkpoint: string): Promise<string | undefined> {
  await using reader = await StateReader.open(checkpoint);
  const states = await Promise.all(reader.operators.map((operator) => operator.keyedStates()));
  return states.flat().find(({ name }) => name === 'count')?.valueType;
}

describe.each(Object.entries(JOB_BACKENDS))('on %s', (_, create) => {
  test.each([
    ['another type', LONGS, INTS, of, of],
    ['a time to live', INTS, INTS, expiring, of],
    ['no time to live any more', INTS, INTS, of, expiring],
    ['another type, and a time to live', LONGS, INTS, expiring, of],
  ])('a job whose state has %s goes on, fails, goes on again, and is restored from its own checkpoint', (...change) =>
    withJobs(create, async (bench) => {
      const [, type, storedAs, now, before] = change;
      const descriptor = now(type);
      const old = await checkpointed(bench, { descriptor: before(storedAs) });
      const own = await checkpointed(bench, { descriptor }, { from: old, parallelism: 3 });
      expect(await storedType(own)).not.toBe(await storedType(old));

      const env = bench.environment(KEEPING).setParallelism(2).enableCheckpointing(10);
      env.setRestartStrategy(RestartStrategies.fixedDelayRestart(2, 0));
      const sink = new CollectSink<string>();
      let failures = 0;
      const fail = (n: number) => {
        // The first time with what is still to be migrated, and then from a checkpoint of its own, however late that is.
        const isTime = failures === 0 || (failures === 1 && client.checkpointStatistics.counts.completed > 0);
        if (isTime || (failures === 1 && n > RECORDS - 10)) {
          failures++;
          throw new Error(`failure ${failures}`);
        }
      };
      numbering(env, { descriptor, perSecond: 5000, before: fail }).sinkTo(sink).uid('collected');
      const client = await env.executeAsync({ fromSavepoint: old });
      await client.result;
      expect(failures).toBe(2);
      const label = type === LONGS ? 'old' : 'undefined';
      expect(expectGoesOn(sink.collected)).toEqual(new Set([label]));

      const sinkOfLast = new CollectSink<string>();
      const last = bench.environment().setParallelism(1);
      numbering(last, { descriptor }).sinkTo(sinkOfLast).uid('collected');
      await last.execute({ fromSavepoint: own });
      expect(expectGoesOn(sinkOfLast.collected)).toEqual(new Set([label]));
    }),
  );

  test('a job whose state has a type that does not fit fails, saying which, and the old one goes on', () =>
    withJobs(create, async (bench) => {
      const old = await checkpointed(bench, { descriptor: of(INTS) });
      const env = bench.environment().setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 0));
      numbering(env, { descriptor: of(TEXTS) })
        .sinkTo(new CollectSink())
        .uid('collected');
      const failure = await env.execute({ jobName: 'misfit', fromSavepoint: old }).catch((error) => error);
      expect(failure).toMatchObject({ code: 'ERR_JOB_FAILED' });
      expect(failure.message).toBe(
        "Job 'misfit' failed: State 'count' is stored as STRUCT(count: INT), which can not be used as " +
          "STRUCT(count: STRING): field 'count': INT can not become STRING.",
      );
      expect(failure.cause).toBeInstanceOf(StateMigrationError);

      const again = bench.environment();
      const sink = new CollectSink<string>();
      numbering(again, { descriptor: of(INTS) })
        .sinkTo(sink)
        .uid('collected');
      await again.execute({ fromSavepoint: old });
      expectGoesOn(sink.collected);
    }));
});
