// How many events a second the queries of Nexmark take, on both backends; where asked for beside the same queries in Flink's
// local cluster (needs Java 17 and Maven). Everything has parallelism 1.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printComparison } from './harness/comparison-table.ts';
import { saveResults } from './harness/results.ts';
import { compareEvents, compareRuns } from './nexmark/compare.ts';
import { FlinkSide } from './nexmark/flink-side.ts';
import { STANDARD } from './nexmark/generator/settings.ts';
import { RockstateSide } from './nexmark/rockstate-side.ts';
import type { BackendName, Side } from './nexmark/side.ts';

const COMPARED_EVENTS = 1_000_000;

const { values: settings } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    queries: { type: 'string', default: 'q4,q5,q7,q8,q11' },
    backends: { type: 'string', default: 'hashmap,rocksdb' },
    'warm-ups': { type: 'string', default: '2' },
    repetitions: { type: 'string', default: '3' },
    'watermark-every': { type: 'string', default: '1000' },
    'managed-memory': { type: 'string', default: '512m' },
    vs: { type: 'string' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help || ![undefined, 'flink'].includes(settings.vs)) {
  console.log(
    'Options: --events N, --queries q4,q5,…, --backends hashmap,rocksdb, --warm-ups N, --repetitions N, --watermark-every N ' +
      'events, --managed-memory SIZE for RocksDB, --vs flink, --directory PATH on the device to measure',
  );
  process.exit(settings.help ? 0 : 1);
}

const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
const sides: Side[] = [new RockstateSide(join(directory, 'rockstate'), STANDARD)];
try {
  if (settings.vs === 'flink') {
    sides.push(await FlinkSide.start(join(directory, 'flink'), STANDARD));
    await compareEvents(sides, COMPARED_EVENTS);
  }
  const samples = await compareRuns(sides, {
    queries: settings.queries.split(','),
    backends: settings.backends.split(',') as BackendName[],
    warmUps: Number(settings['warm-ups']),
    repetitions: Number(settings.repetitions),
    events: Number(settings.events),
    watermarkEvery: Number(settings['watermark-every']),
    watermarkDelayMs: 0,
    managedMemory: settings['managed-memory'],
  });
  printComparison({
    title: `Nexmark, ${settings.events} events`,
    samples,
    columns: [
      { quantity: 'eventsPerSecond', heading: 'k events/s', unit: 1000 },
      { quantity: 'count', heading: 'results' },
    ],
    sides: sides.map(({ name }) => name),
    compared: 'seconds',
  });
  console.log(`\nSaved to ${saveResults('nexmark', { settings, samples })}`);
} finally {
  await Promise.all(sides.map((side) => side.end()));
  await rm(directory, { recursive: true, force: true });
}
