// `npm run demo`: sets up, and runs the phrase-counting job. Arguments go to the job.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

setUp();
const job = spawn(
  process.execPath,
  [join(root, 'build', 'examples', 'count-phrases', 'main.js'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
// The terminal sends Ctrl-C to the job as well; it ends cleanly, and this process ends with it.
process.on('SIGINT', () => {});
job.on('exit', (status, signal) => process.exit(signal === null ? status : 130));
