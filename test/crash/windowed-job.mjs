// A job with windows, timers, a replayable source of each kind and a file sink, which takes checkpoints all the time.
// Usage: windowed-job.mjs JSON, of { backend, directory, files, parallelism, pace?, interval?, killAt? }: `pace` is in records
// a second; `killAt` { phase, count } lets the process kill itself when it comes to a phase for the count-th time.
// Prints the phases that it comes to on lines: "restore", "running", "capture", "upload", "complete", "commit", "done".
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  HashMapStateBackend,
  ListStateDescriptor,
  MapStateDescriptor,
  Types,
} from '../../dist/index.js';
import { OutputTag } from '../../dist/job/operators/output.js';
import { FileSink } from '../../dist/job/sinks/file-sink.js';
import { FileLinesSource } from '../../dist/job/sources/file-lines-source.js';
import { StreamExecutionEnvironment } from '../../dist/job/stream-execution-environment.js';
import { WatermarkStrategy } from '../../dist/job/watermarks/watermark-strategy.js';
import { EventTimeSessionWindows } from '../../dist/job/windows/assigners/event-time-session-windows.js';
import { TumblingEventTimeWindows } from '../../dist/job/windows/assigners/tumbling-event-time-windows.js';
import { EventTimeTrigger } from '../../dist/job/windows/triggers/event-time-trigger.js';
import { PurgingTrigger } from '../../dist/job/windows/triggers/purging-trigger.js';

const RECORDS = 12_000;
const KEYS = 7;
// How far timestamps go back.
const JITTER_MS = 40;
const BUCKET_MS = 250;

const { backend, directory, files, parallelism, pace, interval, killAt } = JSON.parse(process.argv[2]);
const comings = {};

function say(phase) {
  comings[phase] = (comings[phase] ?? 0) + 1;
  writeSync(1, `${phase}\n`);
  if (killAt?.phase === phase && killAt.count === comings[phase]) {
    process.kill(process.pid, 'SIGKILL');
  }
}

class SayingStorage extends FileSystemCheckpointStorage {
  async begin(checkpointId) {
    const writer = await super.begin(checkpointId);
    say('capture');
    return {
      checkpointId,
      upload(path, options) {
        say('upload');
        return writer.upload(path, options);
      },
      reuse: (file) => writer.reuse(file),
      async complete(handles, attachment) {
        say('complete');
        return writer.complete(handles, attachment);
      },
      abort: () => writer.abort(),
    };
  }
}

class SayingSink extends FileSink {
  async createWriter(context) {
    const writer = await super.createWriter(context);
    const { commit } = writer;
    writer.commit = (pending) => {
      say('commit');
      return commit.call(writer, pending);
    };
    return writer;
  }
}

// As far as its records are about: number 0, 1, 2, … 20 a second, each up to JITTER_MS old.
function recordOf(index) {
  return { index, key: (index * 31) % KEYS, time: index * 20 - ((index * 17) % JITTER_MS) };
}

/** Counts each key's records in buckets of event time, and puts each count out by a timer at the bucket's end. */
class CountBuckets {
  open(context) {
    this.counts = context.getMapState(new MapStateDescriptor('buckets', Types.LONG, Types.LONG));
  }

  processElement({ time }, context) {
    const end = Math.floor(time / BUCKET_MS) * BUCKET_MS + BUCKET_MS;
    this.counts.put(end, (this.counts.get(end) ?? 0) + 1);
    context.timerService.registerEventTimeTimer(end);
  }

  onTimer(end, context, out) {
    out.collect(`bucket ${context.getCurrentKey()} ${end} ${this.counts.get(end)}`);
    this.counts.remove(end);
  }
}

/** Puts each record out some time later by the clock, those that are left at the end of time. */
class Delay {
  open(context) {
    this.waiting = context.getListState(new ListStateDescriptor('waiting', Types.LONG));
  }

  processElement({ index }, context) {
    this.waiting.add(index);
    context.timerService.registerProcessingTimeTimer(context.timerService.currentProcessingTime() + 7);
    context.timerService.registerEventTimeTimer(Number.MAX_SAFE_INTEGER);
  }

  onTimer(_, context, out) {
    for (const index of this.waiting.get() ?? []) {
      out.collect(`delayed ${context.getCurrentKey()} ${index}`);
    }
    this.waiting.clear();
  }
}

say('restore');
const localDir = join(directory, 'local');
const env = StreamExecutionEnvironment.getExecutionEnvironment({ 'state.backend.rocksdb.localdir': localDir });
env.setStateBackend(backend === 'hashmap' ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend(true));
env
  .setParallelism(parallelism)
  .setMaxParallelism(12)
  .enableCheckpointing(interval ?? 20);
env.getCheckpointConfig().setCheckpointStorage(new SayingStorage(join(directory, 'checkpoints'), { retained: 2 }));

const inOrder = WatermarkStrategy.forBoundedOutOfOrderness(JITTER_MS).withTimestampAssigner(({ time }) => time);
const numbers = env
  .fromGenerator(recordOf, { count: RECORDS, ...(pace && { recordsPerSecond: pace }) })
  .uid('numbers')
  .assignTimestampsAndWatermarks(inOrder)
  .uid('times');

const buckets = numbers
  .keyBy(({ key }) => key, Types.LONG)
  .process(CountBuckets)
  .uid('buckets');
const delayed = numbers
  .keyBy(({ key }) => key, Types.LONG)
  .process(Delay)
  .uid('delayed');
// A key's records are 140 ms apart, but for those that are not used.
const sessions = numbers
  .filter(({ index }) => Math.floor(index / KEYS) % 5 !== 0)
  .uid('gaps')
  .keyBy(({ key }) => key, Types.LONG)
  .window(EventTimeSessionWindows.withGap(200))
  .process((key, { window }, records, out) => {
    out.collect(
      `session ${key} ${window.start} ${window.end} ${[...records].map(({ index }) => index).sort((a, b) => a - b)}`,
    );
  })
  .uid('sessions');

// Files are read one after another: records come late, and too late, and each is put out once all the same.
const tooLate = new OutputTag('too late');
const lines = env
  .fromSource(new FileLinesSource(files), WatermarkStrategy.noWatermarks(), 'files')
  .uid('lines')
  .process(async (line, _, out) => {
    const [index, time] = line.split(' ').map(Number);
    if (pace && index % 50 === 0) {
      await wait(50_000 / pace);
    }
    out.collect({ index, time });
  })
  .uid('paced')
  .assignTimestampsAndWatermarks(
    WatermarkStrategy.forBoundedOutOfOrderness(JITTER_MS).withTimestampAssigner(({ time }) => time),
  )
  .uid('line times')
  .keyBy(({ index }) => index % KEYS, Types.LONG);
const fired = lines
  .window(TumblingEventTimeWindows.of(1000))
  .trigger(PurgingTrigger.of(EventTimeTrigger.create()))
  .allowedLateness(20_000)
  .sideOutputLateData(tooLate)
  .process((key, _, records, out) => {
    for (const { index } of records) {
      out.collect(`line ${key} ${index}`);
    }
  })
  .uid('tumbling');
const late = fired
  .getSideOutput(tooLate)
  .map(({ index }) => `line ${index % KEYS} ${index}`)
  .uid('late');

buckets
  .union(delayed, sessions, fired, late)
  .sinkTo(new SayingSink(join(directory, 'results')))
  .uid('results');

const client = await env.executeAsync({ jobName: 'windowed', fromSavepoint: 'latest' });
while (client.status === 'INITIALIZING') {
  await new Promise((resolve) => setImmediate(resolve));
}
say('running');
await client.result;
say('done');
