// `npm run test:crash`: the tests that kill processes, with many more kills than `npm test`. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './set-up.mjs';

const KILLS = '300';
const KILLS_OF_JOBS = '120';
const done = spawnSync(
  process.execPath,
  [join(root, 'scripts', 'test.mjs'), 'test/crash/kill-checkpoints', 'test/crash/kill-jobs', ...process.argv.slice(2)],
  { cwd: root, env: { KILLS, KILLS_OF_JOBS, ...process.env }, stdio: 'inherit' },
);
process.exit(done.status ?? 1);
