// Arena block sizes of memtables with many states on a small budget: how often RocksDB flushes, how many files come of it,
// and how fast writes are.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ArenaRow, runStates } from './arena-blocks/run-states.ts';
import { saveResults } from './harness/results.ts';

const { values: settings } = parseArgs({
  options: {
    budget: { type: 'string', default: '32' },
    states: { type: 'string', default: '8,64,200,500' },
    blocks: { type: 'string', default: 'ours,1024' },
    megabytes: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '8' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log(
    'Options: --budget MEBIBYTES, --states N,…, --blocks KIBIBYTES,… (or ours), --megabytes to write, --seconds at most, ' +
      '--directory PATH',
  );
  process.exit(0);
}
const rows: ArenaRow[] = [];
console.log('states  block KiB   writes/s   MiB/s   flushes  KiB/flush  files  most memtables MiB');
for (const states of settings.states.split(',').map(Number)) {
  for (const block of settings.blocks.split(',')) {
    const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
    try {
      const row = await runStates({
        directory,
        states,
        budgetMebibytes: Number(settings.budget),
        blockKibibytes: block === 'ours' ? undefined : Number(block),
        bytes: Number(settings.megabytes) * 1e6,
        seconds: Number(settings.seconds),
      });
      rows.push(row);
      console.log(
        [
          String(row.states).padStart(6),
          `${row.blockBytes / 1024}${block === 'ours' ? '*' : ' '}`.padStart(11),
          Math.round(row.writesPerSecond).toString().padStart(10),
          row.mebibytesPerSecond.toFixed(1).padStart(7),
          String(row.flushes).padStart(9),
          Math.round(row.bytesPerFlush / 1024)
            .toString()
            .padStart(10),
          String(row.files).padStart(6),
          (row.mostMemtableBytes / 2 ** 20).toFixed(1).padStart(9),
        ].join(' '),
      );
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}
console.log(`\n* what the library chooses. Saved to ${saveResults('arena-blocks', { settings, rows })}`);
