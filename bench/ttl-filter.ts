// What it costs that compactions drop expired rows: RocksDB compacts the same rows with the filter and without. Where asked
// for, beside Flink's RocksDB backend and its filter (needs Java 17 and Maven).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { saveResults } from './harness/results.ts';
import { compareCompactions } from './ttl-filter/compare.ts';
import { KINDS } from './ttl-filter/kinds.ts';
import { printReport } from './ttl-filter/report.ts';
import { flinkSide, ROCKSTATE } from './ttl-filter/side.ts';

const names = Object.keys(KINDS);
const { values: settings } = parseArgs({
  options: {
    kinds: { type: 'string', default: names.join(',') },
    entries: { type: 'string', default: '2000000' },
    repetitions: { type: 'string', default: '5' },
    vs: { type: 'string', default: '' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
const kinds = settings.kinds.split(',');
if (settings.help || kinds.some((kind) => !names.includes(kind)) || !['', 'flink'].includes(settings.vs)) {
  console.log(
    `Options: --kinds ${names.join(',')}, --entries N (elements of lists, entries of maps), --repetitions N, --vs flink, ` +
      '--directory PATH on the device to measure',
  );
  process.exit(settings.help ? 0 : 1);
}

const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  const sides = settings.vs === 'flink' ? [ROCKSTATE, await flinkSide()] : [ROCKSTATE];
  const samples = await compareCompactions(sides, {
    kinds,
    entries: Number(settings.entries),
    repetitions: Number(settings.repetitions),
    directory: join(directory, 'databases'),
  });
  const title = `Compaction of a million entries, with and without the filter of state with TTL`;
  printReport(
    title,
    samples,
    sides.map(({ name }) => name),
  );
  console.log(`\nSaved to ${saveResults('ttl-filter', { settings, samples })}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
