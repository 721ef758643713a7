// Synchronous against asynchronous reads of a value state that is larger than the block cache (8 MB): from the page cache
// of the system, and, with direct reads, from the device.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DataSet, fill } from './async-reads/data-set.ts';
import { readers } from './async-reads/readers.ts';
import { measure, type Row } from './harness/measure.ts';
import { saveResults } from './harness/results.ts';
import { printTable } from './harness/table.ts';

const { values: settings } = parseArgs({
  options: {
    keys: { type: 'string', default: '1000000' },
    reads: { type: 'string', default: '5000' },
    repetitions: { type: 'string', default: '11' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log('Options: --keys N, --reads N a repetition, --repetitions N, --directory PATH on the device to measure');
  process.exit(0);
}
const keyCount = Number(settings.keys);
const sections: Record<string, Row[]> = {};
const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  const sizeBytes = await fill(directory, keyCount);
  console.log(`${keyCount} keys, ${Math.round(sizeBytes / 2 ** 20)} MiB of files, block cache 8 MB`);
  for (const [title, options] of [
    ['from the page cache', { directReads: false }],
    ['from the device (use_direct_reads)', { directReads: true }],
  ] as const) {
    const data = await DataSet.open(directory, options);
    const rows = await measure({
      variants: readers(data, keyCount),
      operations: Number(settings.reads),
      repetitions: Number(settings.repetitions),
    });
    printTable(`Reads ${title}`, rows);
    sections[title] = rows;
    await data.close();
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
console.log(`\nSaved to ${saveResults('async-reads', { settings, sections })}`);
