// The package as users get it: packed, installed without a compiler or a network, and used on every release of Node.js.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NodeRelease, nodeReleases, npmCli } from '../support/node-versions.ts';

const ROOT = join(import.meta.dirname, '../..');
const MIB = 1024 * 1024;

let directory = '';
let tarball = '';
let releases: NodeRelease[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rockstate-package-'));
  const prebuild = "import('./scripts/prebuild.mjs').then(({ prebuild }) => prebuild())";
  execFileSync(process.execPath, ['-e', prebuild], { cwd: ROOT, stdio: 'ignore' });
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
  execFileSync(process.execPath, [npmCli(), ...pack], { cwd: ROOT, stdio: 'ignore' });
  const [file] = (await readdir(directory)).filter((name) => name.endsWith('.tgz'));
  tarball = join(directory, file ?? '');
  releases = nodeReleases();
}, 600_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

function objdump(): string {
  return execFileSync('objdump', ['-T', join(ROOT, 'prebuilds/linux-x64/rockstate.glibc.node')], { encoding: 'utf8' });
}

describe('the packed file', () => {
  it('holds the compiled package, the prebuilt binary, licences and what a build from source needs, nothing else', () => {
    const names = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    const allowed = [
      /^package\/(package\.json|README\.md|LICENSE)$/,
      /^package\/dist\/.*\.(js|d\.ts)$/,
      /^package\/prebuilds\/linux-x64\/rockstate\.glibc\.node$/,
      /^package\/licenses\/(rocksdb-LICENSE\.(Apache|leveldb)|snappy-COPYING|lz4-LICENSE|zstd-LICENSE|node-addon-api-LICENSE\.md)$/,
      /^package\/(CMakeLists\.txt|deps\/[\w-]+\.(cmake|sh)|native\/(build\.mjs|exports\.map|addon\.cc|(core|binding)\/\w+\.(cc|h)))$/,
      /^package\/node_modules\/node-gyp-build\//,
      /^package\/node_modules\/leven\//,
      /^package\/node_modules\/yaml\//,
    ];
    expect(names.filter((name) => !allowed.some((pattern) => pattern.test(name)))).toEqual([]);
    for (const needed of allowed) {
      expect(names.some((name) => needed.test(name))).toBe(true);
    }
    expect(names.filter((name) => name.startsWith('package/licenses/'))).toHaveLength(6);
  });

  it('is under 10 MB', async () => {
    expect((await stat(tarball)).size).toBeLessThan(10 * MIB);
  });

  it('has no script that runs at install', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|pack|publish)/.test(name))).toEqual([]);
  });
});

describe('the prebuilt binary', () => {
  it('needs nothing but libc and libm', () => {
    const needed = execFileSync('ldd', [join(ROOT, 'prebuilds/linux-x64/rockstate.glibc.node')], { encoding: 'utf8' });
    const libraries = [...needed.matchAll(/^\s*(?:\/\S*\/)?([\w.+-]+?)\.so/gm)].map((match) => match[1]);
    expect(libraries.sort()).toEqual(['ld-linux-x86-64', 'libc', 'libm', 'linux-vdso']);
  });

  it('asks for no newer glibc than the README says', async () => {
    const versions = [...objdump().matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(
      (match) => Number(match[1]) * 1000 + Number(match[2]),
    );
    const newest = Math.max(...versions);
    const text = `${Math.floor(newest / 1000)}.${newest % 1000}`;
    console.log(`The prebuilt binary needs glibc ${text}.`);
    expect(await readFile(join(ROOT, 'README.md'), 'utf8')).toContain(`glibc ${text} or newer`);
  });

  it('exports only what Node looks for', () => {
    const exported = objdump()
      .split('\n')
      .filter((line) => /^[0-9a-f]{16}/.test(line) && !line.includes('*UND*') && !line.includes('*ABS*'))
      .map((line) => line.split(/\s+/).at(-1));
    expect(exported.sort()).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1']);
  });
});

// Only what a machine without development tools has.
async function barePath(): Promise<string> {
  const path = join(directory, 'bin');
  await mkdir(path, { recursive: true });
  for (const tool of ['sh', 'env']) {
    await symlink(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(path, tool)).catch(() => {});
  }
  return path;
}

describe.each(['current', '22', '24', '26'])('on Node.js %s, without compiler and network', (wanted) => {
  let node = '';
  let project = '';
  let env: NodeJS.ProcessEnv = {};

  beforeAll(async () => {
    const release = releases.find(({ version }) => wanted === 'current' || version.startsWith(`${wanted}.`));
    node = release?.binary ?? 'no such release';
    project = join(directory, `project-${wanted}`);
    env = { PATH: await barePath(), HOME: project };
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{ "private": true }');
    const install = ['install', '--offline', '--no-audit', '--no-fund', '--cache', join(project, 'npm-cache'), tarball];
    execFileSync(node, [npmCli(), ...install], { cwd: project, env, stdio: 'pipe' });
  }, 120_000);

  function run(script: string): string {
    return execFileSync(node, [script], { cwd: project, env, encoding: 'utf8' });
  }

  it('installs without running a script, and runs the example of the README twice', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    await writeFile(join(project, 'example.mjs'), example);
    expect(run('example.mjs')).toMatch(/^checkpoint 1: \d+ files; call = 2\n$/);
    expect(run('example.mjs')).toMatch(/^checkpoint 2: \d+ files; call = 4\n$/);
  });

  it('is required as well as imported', async () => {
    await writeFile(
      join(project, 'required.cjs'),
      `const { RocksDB } = require('rockstate/rocksdb');
       const { Types } = require('rockstate');
       RocksDB.open('./db').then(async (db) => {
         db.put('whale', 'white');
         console.log(Types.LONG.name, Buffer.from(db.get('whale')).toString());
         await db.close();
       });`,
    );
    expect(run('required.cjs')).toBe('LONG white\n');
  });
});

it('where no binary fits, loading fails with one sentence that says what to run', async () => {
  const project = join(directory, 'no-binary');
  await mkdir(project);
  execFileSync('tar', ['xzf', tarball, '-C', project]);
  await rm(join(project, 'package/prebuilds/linux-x64'), { recursive: true });
  await mkdir(join(project, 'package/prebuilds/plan9-mips'));
  const script = `import('./package/dist/index.js').catch((error) => console.log(error.name + ': ' + error.message))`;
  expect(execFileSync(process.execPath, ['-e', script], { cwd: project, encoding: 'utf8' })).toBe(
    'NativeBindingError: No native binary of rockstate could be loaded for linux-x64 (shipped: plan9-mips); ' +
      'run `npx rockstate build` to build it from source.\n',
  );
});
