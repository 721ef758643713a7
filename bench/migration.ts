// How long rows of value state take to be written again when the type of their values has changed: natively, and in
// JavaScript. The same checkpoint is restored with and without the change, and the difference is what the change takes.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { saveResults } from './harness/results.ts';
import { Samples } from './harness/samples.ts';
import { STORED_VALUES } from './migration/cases.ts';
import { measureChanges } from './migration/measure-changes.ts';
import { printReport } from './migration/report.ts';

const names = STORED_VALUES.map(({ name }) => name);
const { values: settings } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    stored: { type: 'string', default: names.join(',') },
    repetitions: { type: 'string', default: '3' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
const chosen = settings.stored.split(',');
if (settings.help || chosen.some((name) => !names.includes(name))) {
  console.log(
    `Options: --rows N, --stored ${names.join(',')}, --repetitions N, --directory PATH on the device to measure`,
  );
  process.exit(settings.help ? 0 : 1);
}

const rows = Number(settings.rows);
const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  const samples = new Samples();
  for (const stored of STORED_VALUES.filter(({ name }) => chosen.includes(name))) {
    const own = join(directory, stored.name);
    await mkdir(own);
    await measureChanges(samples, stored, { rows, directory: own, repetitions: Number(settings.repetitions) });
    await rm(own, { recursive: true });
  }
  printReport(`Migration of ${rows} rows of value state`, samples, rows);
  console.log(`\nSaved to ${saveResults('migration', { settings, samples })}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
