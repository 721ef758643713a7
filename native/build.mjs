// Builds the addon into build/Release, fetching and building RocksDB first when the cache has none.
// Run by `npm run build`, by `npx rockstate build`, and by prebuildify in the place of node-gyp.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a build needs from the system: the command, and Debian's package of it. */
const SYSTEM_TOOLS = [
  { commands: ['c++', 'g++', 'clang++'], package: 'g++' },
  { commands: ['cmake'], package: 'cmake' },
  { commands: ['ninja', 'make'], package: 'ninja-build' },
];
const BUILD_PACKAGES = ['cmake-js', 'node-addon-api', 'node-api-headers'];

/** Ends the process with one sentence. */
export function stop(sentence) {
  console.error(`\nrockstate: ${sentence}`);
  process.exit(1);
}

function isInstalled(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;
}

/** Makes sure that system tools are there: on Debian, as root, installs what is missing; else says what to install. */
export function requireSystemTools(tools) {
  const missing = tools.filter(({ commands }) => !commands.some(isInstalled)).map((tool) => tool.package);
  if (missing.length === 0) {
    return;
  }
  const install = `apt-get install -y ${missing.join(' ')}`;
  if (process.getuid?.() === 0 && isInstalled('apt-get')) {
    console.log(`Installing ${missing.join(', ')}`);
    const done = spawnSync('sh', ['-c', `apt-get update -qq && DEBIAN_FRONTEND=noninteractive ${install} -qq`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (done.status === 0) {
      return;
    }
  }
  stop(`${missing.join(', ')} must be installed first; on Debian: sudo ${install}`);
}

/** Identifies the sources of the addon: the same for the same files. */
export function sourceId() {
  const hash = createHash('sha256');
  const files = ['CMakeLists.txt'];
  for (const folder of ['deps', 'native', 'native/binding', 'native/core']) {
    files.push(...readdirSync(join(root, folder)).map((name) => join(folder, name)));
  }
  for (const file of files.filter((name) => /\.(cc|h|cmake|txt|map)$/.test(name)).sort()) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The build's npm packages: those of a development checkout, or, in an installed package, fetched on demand. */
function buildPackages() {
  const require = createRequire(join(root, 'package.json'));
  const find = (from, name) => dirname(from.resolve(`${name}/package.json`));
  try {
    return Object.fromEntries(BUILD_PACKAGES.map((name) => [name, find(require, name)]));
  } catch {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const tools = join(root, 'build', 'tools');
    mkdirSync(tools, { recursive: true });
    const wanted = BUILD_PACKAGES.map((name) => `${name}@${devDependencies[name]}`);
    console.log(`Fetching ${wanted.join(', ')}`);
    execFileSync('npm', ['install', '--no-save', '--no-audit', '--prefix', tools, ...wanted], { stdio: 'inherit' });
    const fetched = createRequire(join(tools, 'package.json'));
    return Object.fromEntries(BUILD_PACKAGES.map((name) => [name, find(fetched, name)]));
  }
}

/** Builds the addon. `options` are further CMake definitions; `directory` is where build/ is made. */
export function buildAddon({ directory = join(root, 'build'), definitions = {} } = {}) {
  requireSystemTools(SYSTEM_TOOLS);
  const packages = buildPackages();
  mkdirSync(directory, { recursive: true });
  const errorFile = join(directory, 'error.txt');
  rmSync(errorFile, { force: true });
  const all = {
    ROCKSTATE_BUILD_ID: sourceId(),
    NODE_ADDON_API_DIR: packages['node-addon-api'],
    NODE_API_HEADERS_DIR: packages['node-api-headers'],
    ...definitions,
  };
  const cmakeJs = join(packages['cmake-js'], 'bin', 'cmake-js');
  const args = ['--directory', root, '--out', directory, '--log-level', 'warn'];
  args.push(...Object.entries(all).map(([name, value]) => `--CD${name}=${value}`));
  // To compile alone would keep the definitions of an earlier build, the identity of its sources among them.
  const succeeds = (command) =>
    spawnSync(process.execPath, [cmakeJs, command, ...args], {
      stdio: 'inherit',
      env: { ...process.env, ROCKSTATE_BUILD_ERROR_FILE: errorFile },
    }).status === 0;
  if (!succeeds('configure') || !succeeds('compile')) {
    const sentence = existsSync(errorFile)
      ? readFileSync(errorFile, 'utf8')
      : 'The build failed; its messages are above.';
    stop(sentence.replace(/\s+/g, ' '));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sanitize = process.argv.includes('--sanitize');
  const options = sanitize
    ? { directory: join(root, 'build', 'sanitize', 'build'), definitions: { ROCKSTATE_SANITIZE: 'ON' } }
    : {};
  buildAddon(options);
}
