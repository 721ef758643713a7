// The memory-budget run with each allocator that a Linux machine offers: what of the process's memory is theirs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { saveResults } from './harness/results.ts';
import type { Account } from './memory-budget/account.ts';

const { values: settings, positionals } = parseArgs({
  options: {
    jemalloc: { type: 'string', default: '/usr/lib/x86_64-linux-gnu/libjemalloc.so.2' },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
if (settings.help) {
  console.log('Options: --jemalloc LIBRARY, -- and then those of memory-budget');
  process.exit(0);
}
const environments: Record<string, NodeJS.ProcessEnv> = {
  glibc: {},
  'glibc, MALLOC_ARENA_MAX=2': { MALLOC_ARENA_MAX: '2' },
  ...(existsSync(settings.jemalloc) && { jemalloc: { LD_PRELOAD: settings.jemalloc } }),
};
const program = fileURLToPath(new URL('memory-budget.js', import.meta.url));
const runs = Object.entries(environments).map(([allocator, env], index) => {
  const name = `malloc-${index}`;
  console.log(`\n— ${allocator}`);
  const done = spawnSync(process.execPath, ['--expose-gc', program, ...positionals, '--name', name], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (done.status !== 0) {
    process.exit(1);
  }
  return { ...(JSON.parse(readFileSync(join('bench', 'results', `${name}.json`), 'utf8')) as Account), allocator };
});
const mebibytes = (bytes: number | undefined): string => ((bytes ?? Number.NaN) / 2 ** 20).toFixed(0).padStart(12);
console.log(`\n${' '.repeat(28)}    peak RSS  RSS at endnative growth        rest`);
for (const { allocator, peakRssBytes, rssAtTheEndBytes, most, anonymousMemory } of runs) {
  const sizes = [peakRssBytes, rssAtTheEndBytes, most.nativeGrowthBytes, anonymousMemory.rest];
  console.log(`${allocator.padEnd(28)}${sizes.map(mebibytes).join('')}`);
}
console.log(`\nMiB. Saved to ${saveResults('malloc', { runs: runs.map((run) => ({ ...run, samples: undefined })) })}`);
