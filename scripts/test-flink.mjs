// `npm run test:flink`: the tests that compare us with Flink; those that run it fail, and are not skipped, where it can't
// be run. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { requireJavaTools } from './java-tools.mjs';
import { bin, root, setUp } from './set-up.mjs';

setUp();
requireJavaTools();
const done = spawnSync(bin('vitest'), ['run', 'test/flink', ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, ROCKSTATE_REQUIRE_FLINK: '1' },
  stdio: 'inherit',
});
process.exit(done.status ?? 1);
