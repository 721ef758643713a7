// Checkpoints of a large state: what they cost, how fast they are restored and rescaled, and how long they hold up the
// event loop; the first two beside Flink's RocksDB state backend, where asked for (needs Java 17 and Maven).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCosts } from './checkpoints/costs.ts';
import { type DelayRow, measureDelays } from './checkpoints/event-loop.ts';
import { FlinkSide } from './checkpoints/flink-side.ts';
import { measureRestores } from './checkpoints/restores.ts';
import { RockstateSide } from './checkpoints/rockstate-side.ts';
import { Rows } from './checkpoints/rows.ts';
import type { Side } from './checkpoints/side.ts';
import { type Column, printComparison } from './harness/comparison-table.ts';
import { saveResults } from './harness/results.ts';
import type { Samples } from './harness/samples.ts';
import { printLines } from './harness/table.ts';

const { values: options } = parseArgs({
  options: {
    part: { type: 'string', default: 'costs' },
    vs: { type: 'string' },
    megabytes: { type: 'string', default: '5000' },
    'value-bytes': { type: 'string', default: '1000' },
    repetitions: { type: 'string', default: '3' },
    memory: { type: 'string', default: '256mb' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
const PARTS = ['costs', 'restores', 'delays'];
if (options.help || !PARTS.includes(options.part) || ![undefined, 'flink'].includes(options.vs)) {
  console.log(
    `Options: --part ${PARTS.join('|')}, --vs flink (costs, restores), --megabytes N of state, --value-bytes N, ` +
      '--repetitions N, --memory SIZE for RocksDB, --directory PATH with six times the space (twelve times with Flink)',
  );
  process.exit(options.help ? 0 : 1);
}

/** Of a row beside its value: key group, key, namespace, length, RocksDB's own number. */
const ROW_BYTES = 22;
const COSTS: readonly Column[] = [
  { quantity: 'capturedMs', heading: 'captured ms' },
  { quantity: 'totalMs', heading: 'total ms' },
  { quantity: 'writtenBytes', heading: 'MB', unit: 1e6 },
];
const RESTORES: readonly Column[] = [
  { quantity: 'openMs', heading: 'open ms' },
  { quantity: 'compactedMs', heading: 'compaction ms' },
];

const valueBytes = Number(options['value-bytes']);
const rows = new Rows(Math.floor((Number(options.megabytes) * 1e6) / (valueBytes + ROW_BYTES)), valueBytes);
// Everything else is the default, which is the same on both sides.
const settings = { 'state.backend.rocksdb.memory.fixed-per-slot': options.memory };
const repetitions = Number(options.repetitions);
const directory = await mkdtemp(join(options.directory, 'rockstate-bench-'));
const rockstate = new RockstateSide(join(directory, 'rockstate'), rows);
const sides: Side[] = [rockstate];
try {
  if (options.vs === 'flink' && options.part !== 'delays') {
    sides.push(await FlinkSide.start(join(directory, 'flink'), rows));
  }
  console.log(`${rows.keyCount} rows of ${valueBytes} bytes, ${options.memory} for RocksDB`);
  const results = await measurePart();
  console.log(`\nSaved to ${saveResults(`checkpoints-${options.part}`, { settings: options, results })}`);
} finally {
  for (const side of sides) {
    await side.end();
  }
  await rm(directory, { recursive: true, force: true });
}

async function measurePart(): Promise<object> {
  if (options.part === 'delays') {
    const delays = await measureDelays({ side: rockstate, rows, settings, directory });
    printDelays(delays);
    return delays;
  }
  const isCosts = options.part === 'costs';
  const samples = isCosts
    ? await measureCosts({ sides, settings, repetitions })
    : await measureRestores({ sides, settings, rows, repetitions });
  print(samples, isCosts ? COSTS : RESTORES);
  return samples;
}

function print(samples: Samples, columns: readonly Column[]): void {
  const title = options.part === 'costs' ? 'Checkpoints' : 'Restores, for each backend';
  const compared = options.part === 'costs' ? 'totalMs' : 'openMs';
  printComparison({ title, samples, columns, compared, sides: sides.map(({ name }) => name) });
}

function printDelays(delays: readonly DelayRow[]): void {
  const lines = delays.map((row) => [
    `${row.application}; checkpoint: ${row.checkpoint}`,
    (row.durationMs / 1000).toFixed(1),
    ...[row.p50, row.p99, row.max].map((ms) => ms.toFixed(1)),
    String(Math.round(row.writesPerSecond)),
  ]);
  printLines('Delays of the event loop, in ms', [['', 's', 'p50', 'p99', 'max', 'updates/s'], ...lines]);
}
