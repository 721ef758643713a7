// Makes a fresh clone ready: dependencies, the native addon, compiled TypeScript. What is there and current is left alone.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAddon, sourceId, stop } from '../native/build.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

const MINIMUM_NODE = [20, 19];

/** Runs a command in the checkout with its output shown, and stops when it fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (done.status !== 0) {
    stop(`'${command} ${args.join(' ')}' failed${done.error ? `: ${done.error.message}` : ''}.`);
  }
}

/** The path of a command that a dependency brings. */
export function bin(name) {
  return join(root, 'node_modules', '.bin', name);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    stop(`Node.js ${MINIMUM_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`);
  }
}

function installDependencies() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
    console.log('Installing dependencies');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
}

// A binary says which sources it was made from; another process asks, as a loaded one can't be replaced.
function hasCurrentBinary() {
  const ask = `process.stdout.write(require('node-gyp-build')(${JSON.stringify(root)}).buildId)`;
  const answer = spawnSync(process.execPath, ['-e', ask], { cwd: root, encoding: 'utf8' });
  return answer.status === 0 && answer.stdout === sourceId();
}

function provideAddon() {
  if (!hasCurrentBinary()) {
    console.log('Building the native addon');
    buildAddon();
  }
}

/** Everything that tests, checks and the demo need. */
export function setUp() {
  checkNode();
  installDependencies();
  provideAddon();
  run(bin('tsc'), ['-p', 'tsconfig.build.json']);
  run(bin('tsc'), ['-p', 'tsconfig.examples.json']);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
}
