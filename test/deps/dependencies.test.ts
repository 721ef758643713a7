import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../fixtures/dependencies');
const ROOT = join(import.meta.dirname, '../..');
const UNREACHABLE = 'http://127.0.0.1:1/tiny.tar.gz';

interface Outcome {
  readonly status: number | null;
  readonly output: string;
  /** The one sentence that says what went wrong. */
  readonly sentence: string;
}

let directory = '';
let tarball = '';
let sha256 = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rockstate-deps-'));
  tarball = join(directory, 'tiny.tar.gz');
  execFileSync('tar', ['czf', tarball, '-C', PROJECT, 'tiny']);
  sha256 = createHash('sha256')
    .update(await readFile(tarball))
    .digest('hex');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

let builds = 0;

/** Runs the build in a directory of its own, with a cache that tests share. */
async function build(settings: {
  url?: string;
  sha256?: string;
  cache?: string;
  env?: NodeJS.ProcessEnv;
}): Promise<Outcome> {
  const errorFile = join(directory, `error-${++builds}.txt`);
  const args = [
    ...['-S', PROJECT, '-B', join(directory, `build-${builds}`), '-G', 'Unix Makefiles'],
    `-DTINY_URL=${settings.url ?? pathToFileURL(tarball)}`,
    `-DTINY_SHA256=${settings.sha256 ?? sha256}`,
    `-DCACHE=${settings.cache ?? join(directory, 'cache')}`,
  ];
  const env = { ...process.env, ROCKSTATE_BUILD_ERROR_FILE: errorFile, ...settings.env };
  const child = spawn('cmake', args, { env });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, output, sentence: existsSync(errorFile) ? await readFile(errorFile, 'utf8') : '' };
}

function prefixOf(outcome: Outcome): string {
  return /prefix=(.*)/.exec(outcome.output)?.[1] ?? '';
}

describe('building the dependencies', () => {
  it('fetches, verifies, builds and keeps the result for the next build', async () => {
    const first = await build({});
    expect(first).toMatchObject({ status: 0, output: expect.stringContaining('Building tiny 1.0') });
    const prefix = prefixOf(first);
    expect(await readFile(join(prefix, 'lib/tiny.txt'), 'utf8')).toBe('tiny\n');
    expect(await readdir(join(prefix, 'licenses'))).toEqual(['tiny-tiny.txt']);

    const second = await build({ url: UNREACHABLE });
    expect(second.output).not.toContain('Building tiny');
    expect(prefixOf(second)).toBe(prefix);
  });

  it('uses a tarball that is in the cache already, without a network', async () => {
    await mkdir(join(directory, 'cache/sources'), { recursive: true });
    await cp(tarball, join(directory, 'cache/sources', sha256));
    expect((await build({ url: UNREACHABLE })).status).toBe(0);
  });

  it('does not use a damaged tarball of the cache', async () => {
    await mkdir(join(directory, 'cache/sources'), { recursive: true });
    await writeFile(join(directory, 'cache/sources', sha256), 'damaged');
    expect((await build({})).status).toBe(0);
  });

  it('stops at a wrong hash, naming both, and keeps nothing', async () => {
    const wrong = '0'.repeat(64);
    const outcome = await build({ sha256: wrong });
    expect(outcome.status).not.toBe(0);
    expect(outcome.sentence).toContain(
      `The source tarball of tiny has a wrong sha256: expected ${wrong}, got ${sha256}`,
    );
    expect(await readdir(join(directory, 'cache/sources'))).toEqual([]);
  });

  it('stops without a network, saying what it tried and where to put the file', async () => {
    const path = join(directory, 'no-apt');
    await mkdir(path);
    for (const tool of ['cmake', 'make', 'df', 'sh', 'mkdir']) {
      await symlink(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(path, tool));
    }
    const outcome = await build({ url: UNREACHABLE, env: { PATH: path } });
    expect(outcome.sentence).toMatch(
      /^The source of tiny 1\.0 could not be fetched: its release page failed .* and so did the Debian archive \(apt-get is not there/,
    );
    expect(outcome.sentence).toContain(
      `put the tarball with sha256 ${sha256} at ${join(directory, 'cache/sources', sha256)}`,
    );
  });

  // Only root can mount a small disk.
  it.runIf(process.getuid?.() === 0)('stops at a full disk, saying which', async () => {
    const disk = join(directory, 'small-disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      const outcome = await build({ cache: disk });
      expect(outcome.sentence).toMatch(
        /^The disk is too full for building RocksDB: .*small-disk has [01] MiB free, 1500 MiB are needed/,
      );
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('builds from a source tree that an environment variable names, and again when it changes', async () => {
    const tree = join(directory, 'tree');
    await cp(join(PROJECT, 'tiny'), tree, { recursive: true });
    const env = { TINY_SOURCE_DIR: tree };
    await writeFile(join(tree, 'tiny.txt'), 'other');
    const first = await build({ url: UNREACHABLE, env });
    expect(await readFile(join(prefixOf(first), 'lib/tiny.txt'), 'utf8')).toBe('other');
    await writeFile(join(tree, 'new.h'), '');
    const second = await build({ url: UNREACHABLE, env });
    expect(prefixOf(second)).not.toBe(prefixOf(first));

    const missing = await build({ env: { TINY_SOURCE_DIR: join(directory, 'nowhere') } });
    expect(missing.sentence).toMatch(/^TINY_SOURCE_DIR is .*nowhere, but there is no CMakeLists.txt in it/);
  });

  it('is done once when two builds start together', async () => {
    const outcomes = await Promise.all([build({}), build({}), build({})]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual([0, 0, 0]);
    expect(new Set(outcomes.map(prefixOf)).size).toBe(1);
    expect(outcomes.filter((outcome) => outcome.output.includes('Building tiny'))).toHaveLength(1);
    const left = (await readdir(join(directory, 'cache'))).filter((name) => name.includes('unfinished'));
    expect(left).toEqual([]);
  });
});

it('a missing tool is named, with the command that installs it', async () => {
  const path = join(directory, 'bare');
  await mkdir(path);
  await symlink(execFileSync('which', ['sh'], { encoding: 'utf8' }).trim(), join(path, 'sh'));
  const child = spawn(process.execPath, [join(ROOT, 'native/build.mjs')], { env: { PATH: path } });
  let output = '';
  child.stderr.on('data', (text) => {
    output += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status).toBe(1);
  expect(output.trim()).toBe(
    'rockstate: g++, cmake, ninja-build must be installed first; on Debian: sudo apt-get install -y g++ cmake ninja-build',
  );
});
