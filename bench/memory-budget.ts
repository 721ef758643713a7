// Proof that the memory budget holds: loads many times the budget into eight states of three databases in one slot, and
// watches the block cache, memtables and the process.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EmbeddedRocksDBStateBackend } from '../lib/index.ts';
import { saveResults } from './harness/results.ts';
import { account, printAccount } from './memory-budget/account.ts';
import { runLoad } from './memory-budget/load.ts';
import { plot } from './memory-budget/plot.ts';
import { Samples } from './memory-budget/samples.ts';
import { States } from './memory-budget/states.ts';
import { tableReaderBytes } from './memory-budget/table-readers.ts';

const { values: settings } = parseArgs({
  options: {
    budget: { type: 'string', default: '128' },
    times: { type: 'string', default: '20' },
    reads: { type: 'string', default: '200000' },
    directory: { type: 'string', default: tmpdir() },
    arena: { type: 'string' },
    name: { type: 'string', default: 'memory-budget' },
    plot: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log(
    'Options: --budget MEBIBYTES, --times N budgets to load, --reads N afterwards, --directory PATH of the databases, ' +
      '--arena KIBIBYTES of a block of a memtable, --name of the results, --plot FILE.svg',
  );
  process.exit(0);
}
const budgetBytes = Number(settings.budget) * 2 ** 20;
const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  const backend = new EmbeddedRocksDBStateBackend().configure({
    'state.backend.rocksdb.memory.fixed-per-slot': `${settings.budget}mb`,
  });
  if (settings.arena !== undefined) {
    const arenaBlockBytes = Number(settings.arena) * 1024;
    backend.setRocksDBOptions({
      createDBOptions: (current) => current,
      createColumnOptions: (current) => current.set('arena_block_size', arenaBlockBytes),
    });
  }
  const states = await States.open(backend, (index) => join(directory, `backend-${index}`));
  const samples = new Samples(() => states.usage());
  globalThis.gc?.();
  samples.take(0);
  const values = await runLoad({
    states,
    samples,
    totalBytes: budgetBytes * Number(settings.times),
    reads: Number(settings.reads),
    checkpointDirectory: join(directory, 'checkpoints'),
  });
  const stateBytes = await states.sizeBytes();
  await states.close();
  samples.phase = 'closed';
  const readers = await tableReaderBytes(join(directory, 'checkpoints'));
  const result = account({ samples, budgetBytes, values, stateBytes, readers });
  printAccount(result);
  if (settings.plot !== undefined) {
    plot(settings.plot, samples.all, budgetBytes);
  }
  console.log(`\nSaved to ${saveResults(settings.name, { settings, ...result, samples: samples.all })}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
