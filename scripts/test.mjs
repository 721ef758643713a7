// `npm test`: sets up, runs the tests, and ends with a line that counts them. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root, setUp } from './set-up.mjs';

setUp();
const report = join(root, 'build', 'test-report.json');
rmSync(report, { force: true });
const done = spawnSync(
  bin('vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
if (!existsSync(report)) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
// A file that could not be loaded fails the run without a failed test.
const failed = Math.max(numFailedTests, done.status === 0 ? 0 : 1);
console.log(`${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`);
process.exit(failed > 0 || numPassedTests === 0 ? 1 : 0);
