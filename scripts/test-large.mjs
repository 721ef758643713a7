// `npm run test:large`: lists, keys and values of gigabytes. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { stop } from '../native/build.mjs';
import { bin, root, setUp } from './set-up.mjs';

const GIB = 2 ** 30;
const NEEDED_MEMORY_GIB = 16;
const NEEDED_DISK_GIB = 24;

function requireRoom() {
  const memory = totalmem() / GIB;
  const { bavail, bsize } = statfsSync(tmpdir());
  const disk = (bavail * bsize) / GIB;
  if (memory < NEEDED_MEMORY_GIB || disk < NEEDED_DISK_GIB) {
    stop(
      `the large tests need ${NEEDED_MEMORY_GIB} GiB of memory and ${NEEDED_DISK_GIB} GiB free in ${tmpdir()}; ` +
        `there are ${memory.toFixed(1)} and ${disk.toFixed(1)}. TMPDIR chooses another directory.`,
    );
  }
}

requireRoom();
setUp();
const done = spawnSync(bin('vitest'), ['run', '--config', 'vitest.large.config.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(done.status ?? 1);
