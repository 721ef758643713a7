// How point access, memory, and the time to open and to close grow with the number of keys and with the number of states,
// which are column families of RocksDB.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case } from './growth/case.ts';
import { compareCases } from './growth/compare.ts';
import { accessChart, memoryChart, printGrown } from './growth/report.ts';
import { saveChart, saveResults } from './harness/results.ts';

const { values: settings } = parseArgs({
  options: {
    keys: { type: 'string', default: '1e5,1e6,1e7' },
    states: { type: 'string', default: '1,10,50,200' },
    'state-keys': { type: 'string', default: '1e6' },
    memory: { type: 'string', default: '256mb' },
    calls: { type: 'string', default: '200000' },
    'warm-ups': { type: 'string', default: '2' },
    repetitions: { type: 'string', default: '7' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log(
    'Options: --keys 1e5,1e6,1e7,1e8 in one state, --states 1,10,50,200, --state-keys N in all of these together, ' +
      '--memory SIZE of a slot, --calls N of a sample, --warm-ups N, --repetitions N, --directory PATH; ' +
      'an empty --keys or --states leaves that part out',
  );
  process.exit(0);
}
const numbers = (text: string) =>
  text
    .split(',')
    .filter((word) => word !== '')
    .map(Number);
const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
const compare = (cases: readonly Case[]) =>
  compareCases({
    cases,
    memory: settings.memory,
    calls: Number(settings.calls),
    warmUps: Number(settings['warm-ups']),
    repetitions: Number(settings.repetitions),
    directory,
  });
try {
  const byKeys = numbers(settings.keys).map((keys) => ({ keys, states: 1 }));
  const byStates = numbers(settings.states).map((states) => ({ keys: Number(settings['state-keys']), states }));
  const keys = byKeys.length === 0 ? undefined : await compare(byKeys);
  if (keys !== undefined) {
    printGrown('By keys', byKeys, keys);
    saveChart('growth-keys', accessChart(byKeys, keys));
  }
  const states = byStates.length === 0 ? undefined : await compare(byStates);
  if (states !== undefined) {
    printGrown('By states', byStates, states);
    saveChart('growth-states', memoryChart(byStates, states));
  }
  console.log(`\nSaved to ${saveResults('growth', { settings, keys, states })}, with charts beside it`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
