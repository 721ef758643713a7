// Whether point operations allocate anything on V8's heap but what they answer. Each runs in a process of its own whose space
// for new objects is so large that nothing is collected while its calls are counted (the process checks that): what the heap
// has grown by is what the calls have allocated. A collection afterwards tells what of it is state that is kept in memory.
// Where more is allocated than answered and kept, V8's sampling heap profiler names the functions.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { ITEMS } from './allocations/items.ts';
import type { ProgramAnswer, ProgramRequest } from './allocations/program.ts';
import { type Allocations, printAllocations, toAllocations } from './allocations/report.ts';
import { saveResults } from './harness/results.ts';
import type { BackendName } from './state/side.ts';

const { values: settings } = parseArgs({
  options: {
    items: { type: 'string', default: Object.keys(ITEMS).join(';') },
    backend: { type: 'string', default: 'rocksdb,hashmap' },
    calls: { type: 'string', default: '200000' },
    repetitions: { type: 'string', default: '7' },
    'new-space': { type: 'string', default: '256' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log(
    `Options: --items '${Object.keys(ITEMS).join(';')}', --backend rocksdb,hashmap, --calls N that are counted, ` +
      '--repetitions N, --new-space MEBIBYTES for what they allocate, --directory PATH for the databases',
  );
  process.exit(0);
}
const PROGRAM = fileURLToPath(new URL('allocations/program.js', import.meta.url));
const spaceOptions = ['--min-semi-space-size', '--max-semi-space-size'].map(
  (name) => `${name}=${settings['new-space']}`,
);
const run = async (request: ProgramRequest): Promise<ProgramAnswer> => {
  const args = ['--expose-gc', ...spaceOptions, PROGRAM, JSON.stringify(request)];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
};

const all: Allocations[] = [];
const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  for (const backend of settings.backend.split(',') as BackendName[]) {
    for (const item of settings.items.split(';')) {
      const { calls, repetitions } = { calls: Number(settings.calls), repetitions: Number(settings.repetitions) };
      const answer = await run({ item, backend, directory, calls, repetitions });
      all.push(toAllocations(`${item}, ${backend}`, ITEMS[item]?.answerBytes ?? 0, answer));
    }
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
printAllocations(all);
console.log(`\nSaved to ${saveResults('allocations', { settings, operations: all })}`);
