// `npm run test:sanitize`: builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer, and runs the tests of
// the low-level surface with it. Arguments go to vitest.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { buildAddon, stop } from '../native/build.mjs';
import { bin, root, setUp } from './set-up.mjs';

const prebuild = join(root, 'build', 'sanitize');
const addon = join(prebuild, 'build', 'Release', 'rockstate.node');

// The sanitizer's runtime must be in the process before the addon; answers its bare name when there is none.
function runtime() {
  const library = execFileSync('c++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
  return isAbsolute(library) ? library : stop('libasan.so was not found; it comes with the compiler g++.');
}

function sanitizedEnvironment() {
  return {
    ...process.env,
    LD_PRELOAD: runtime(),
    // node-gyp-build looks here for build/Release, before anywhere else.
    ROCKSTATE_PREBUILD: prebuild,
    // Node frees little when it exits, which would drown a leak of the addon. Freed memory is kept back for a while to
    // catch late uses; a modest amount, as some tests watch the size of a process.
    ASAN_OPTIONS: 'halt_on_error=1:detect_leaks=0:quarantine_size_mb=16:strict_string_checks=1',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
  };
}

// A run with another binary would be clean and prove nothing: the one that the library loads must be ours, instrumented.
function requireSanitizedBinary(env) {
  const entry = JSON.stringify(join(root, 'dist', 'rocksdb.js'));
  const ask = `await import(${entry}); process.stdout.write(require('node:fs').readFileSync('/proc/self/maps', 'utf8'));`;
  const answer = spawnSync(process.execPath, ['-e', `(async () => { ${ask} })()`], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  const binaries = new Set(answer.stdout.split('\n').flatMap((line) => /\/\S*\.node$/.exec(line) ?? []));
  if (answer.status !== 0 || binaries.size !== 1 || !binaries.has(addon)) {
    stop(`the sanitized addon was not loaded, but ${[...binaries].join(', ') || 'none'}. ${answer.stderr}`);
  }
  const symbols = execFileSync('nm', ['-D', addon], { encoding: 'utf8' });
  if (!symbols.includes('__asan_init') || !symbols.includes('__ubsan_handle')) {
    stop(`${addon} is not instrumented.`);
  }
}

setUp();
buildAddon({ directory: join(prebuild, 'build'), definitions: { ROCKSTATE_SANITIZE: 'ON' } });
if (!existsSync(addon)) {
  stop(`the build did not make ${addon}.`);
}
const env = sanitizedEnvironment();
requireSanitizedBinary(env);
const done = spawnSync(
  bin('vitest'),
  ['run', 'test/binding', 'test/state', 'test/storage/checked-copy', ...process.argv.slice(2)],
  {
    cwd: root,
    env,
    stdio: 'inherit',
  },
);
console.log(
  done.status === 0
    ? 'Clean: the sanitizers found nothing in the addon.'
    : 'Not clean: a test failed or a sanitizer reported; its report is above.',
);
process.exit(done.status === 0 ? 0 : 1);
