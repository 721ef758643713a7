// Our side: the queries as jobs in this process.
import { mkdir } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { GeneratorSource, type Sink, StreamExecutionEnvironment } from '../../lib/index.ts';
import { addEvent, Checksum, ResultSum } from './checksum.ts';
import { watermarkEvery } from './every-events.ts';
import { NexmarkGenerator } from './generator/generator.ts';
import type { NexmarkSettings } from './generator/settings.ts';
import { QUERIES } from './queries/all.ts';
import type { Events } from './queries/parts.ts';
import type { Result } from './results.ts';
import type { Ran, RunRequest, Side } from './side.ts';

export class RockstateSide implements Side {
  readonly name = 'rockstate';
  readonly #directory: string;
  readonly #generator: NexmarkGenerator;

  constructor(directory: string, settings: NexmarkSettings) {
    this.#directory = directory;
    this.#generator = new NexmarkGenerator(settings);
  }

  checksumOfEvents(events: number): number {
    const checksum = new Checksum();
    for (let count = 0; count < events; count++) {
      addEvent(checksum, this.#generator.event(count));
    }
    return checksum.bits;
  }

  async run({ query, backend, events, managedMemory, ...watermarks }: RunRequest): Promise<Ran> {
    await mkdir(this.#directory, { recursive: true });
    const env = StreamExecutionEnvironment.getExecutionEnvironment({
      'state.backend.type': backend,
      'state.backend.rocksdb.localdir': this.#directory,
      'taskmanager.memory.managed.size': managedMemory,
    });
    const sum = new ResultSum();
    const times = { startMs: 0, endMs: 0 };
    const makeEvent = (number: number) => {
      if (number === 0) {
        times.startMs = performance.now();
      }
      return this.#generator.event(number);
    };
    const source = new GeneratorSource(makeEvent, { count: events });
    const strategy = watermarkEvery({ events: watermarks.watermarkEvery, delayMs: watermarks.watermarkDelayMs });
    queryOf(query)(env.fromSource(source, strategy, 'events')).sinkTo(countingSink(sum, times));
    await env.execute(query);
    return { seconds: (times.endMs - times.startMs) / 1000, count: sum.count, checksum: sum.checksum };
  }

  async end(): Promise<void> {}
}

function queryOf(name: string): (typeof QUERIES)[string] {
  const query = QUERIES[name];
  if (query === undefined) {
    throw new Error(`There is no query ${name}; there are: ${Object.keys(QUERIES).join(', ')}`);
  }
  return (events: Events) => query(events);
}

function countingSink(sum: ResultSum, times: { endMs: number }): Sink<Result> {
  return {
    createWriter: () => ({
      write: (result) => sum.add(result),
      // At the end of the input.
      snapshot() {
        times.endMs = performance.now();
        return [];
      },
    }),
  };
}
