import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { checkLocalDirectories, LocalDirectories, splitLocalDirectories } from '../../lib/backend/local-directories.ts';
import { Types } from '../../lib/bytes/types.ts';

const LOCAL = 'state.backend.rocksdb.localdir';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rockstate-test-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

/** A directory that nobody can write to, root neither: its parent is a file. */
async function unusable(): Promise<string> {
  const file = join(root, `file-${Math.random()}`);
  await writeFile(file, '');
  return join(file, 'directory');
}

describe('local directories', () => {
  it.each([
    ['/a', ['/a']],
    ['/a,/b', ['/a', '/b']],
    ['/a:/b', ['/a', '/b']],
    [' /a , /b ,', ['/a', '/b']],
    ['file:/a:/b', ['file:/a', '/b']],
    ['file:///a,file:///b', ['file:///a', 'file:///b']],
    ['file:///a:file:///b', ['file:///a', 'file:///b']],
    ['', []],
  ])('are separated in %j', (text, paths) => {
    expect(splitLocalDirectories(text)).toEqual(paths);
  });

  it('are absolute paths or URLs of files (T087, T093, T095)', () => {
    expect(checkLocalDirectories(['/a', 'file:///b', 'file:/c%20d'])).toEqual(['/a', '/b', '/c d']);
  });

  it.each([
    ['relative/path', 'relative paths are not supported'],
    ['./path', 'relative paths are not supported'],
    ['file:relative', 'relative'],
    ['s3://bucket/path', 'scheme that is not local'],
    ['hdfs:///path', 'scheme that is not local'],
    ['file://host/path', 'host must be'],
    ['', 'an absolute path is needed'],
    [' ', 'an absolute path is needed'],
    [undefined, 'an absolute path is needed'],
    [7, 'an absolute path is needed'],
  ])('are not %j', (path, reason) => {
    expect(() => checkLocalDirectories(['/a', path as string])).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_LOCAL_DIRECTORY', message: expect.stringContaining(reason) }),
    );
    expect(() => new EmbeddedRocksDBStateBackend().setDbStoragePaths('/a', path as string)).toThrow(TypeError);
  });

  it('take turns', async () => {
    const paths = ['a', 'b', 'c'].map((name) => join(root, name));
    const directories = new LocalDirectories(paths);
    const given = [];
    for (let i = 0; i < 6; i++) {
      given.push(await directories.next());
    }
    expect([...given].sort()).toEqual([...paths, ...paths].sort());
    expect(given.slice(3)).toEqual(given.slice(0, 3));
  });

  it('that can not be written to are passed over (T099)', async () => {
    const good = join(root, 'good');
    const directories = new LocalDirectories([await unusable(), good, await unusable()]);
    expect([await directories.next(), await directories.next(), await directories.next()]).toEqual([good, good, good]);
    expect(await readdir(good)).toEqual([]);
  });

  it('that can not be written to, none of them, are all named (T098)', async () => {
    const paths = [await unusable(), await unusable()];
    const error = await new LocalDirectories(paths).next().catch((each: Error) => each);
    expect(error).toMatchObject({ code: 'ERR_NO_LOCAL_DIRECTORY' });
    expect(String(error)).toContain('No local storage directories available');
    for (const path of paths) {
      expect(String(error)).toContain(path);
    }
  });

  it.skipIf(process.getuid?.() === 0)('that are read-only are passed over', async () => {
    const readOnly = join(root, 'read-only');
    await mkdir(readOnly);
    await chmod(readOnly, 0o555);
    await expect(new LocalDirectories([readOnly]).next()).rejects.toThrow(readOnly);
  });
});

describe('a keyed backend works below', () => {
  async function directoryOf(
    backend: EmbeddedRocksDBStateBackend,
    options: { localDir?: string } = {},
  ): Promise<string> {
    const before = await readdir(tmpdir());
    const keyed = await backend.createKeyedStateBackend({ keyType: Types.STRING, ...options });
    const found = await Promise.all(
      (await readdir(root)).map(async (name) => ((await readdir(join(root, name))).length > 0 ? name : '')),
    );
    const inTmp = (await readdir(tmpdir())).filter(
      (name) => /^rockstate-[\da-f-]{36}$/.test(name) && !before.includes(name),
    );
    await keyed.close();
    return found.find((name) => name !== '') ?? (inTmp.length > 0 ? 'tmp' : 'nowhere');
  }

  it('the directory of the configuration, or that of code, or its own', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(root, name)) as [string, string, string];
    const configured = new EmbeddedRocksDBStateBackend().configure({ [LOCAL]: a });
    expect(await directoryOf(configured)).toBe('a');
    configured.setDbStoragePath(pathToFileURL(b).href);
    expect(await directoryOf(configured)).toBe('b');
    expect(await directoryOf(configured, { localDir: c })).toBe('c');
    configured.setDbStoragePath(undefined);
    expect(await directoryOf(configured)).toBe('a');
  });

  it("the system's temporary directory without one (T094, T097)", async () => {
    expect(await directoryOf(new EmbeddedRocksDBStateBackend())).toBe('tmp');
  });

  it('the one of two that can be written to (T099), and leaves nothing there', async () => {
    const good = join(root, 'good');
    const backend = new EmbeddedRocksDBStateBackend().setDbStoragePaths(await unusable(), good);
    for (let i = 0; i < 2; i++) {
      const keyed = await backend.createKeyedStateBackend({ keyType: Types.STRING });
      expect(await readdir(good)).toHaveLength(1);
      await keyed.close();
      expect(await readdir(good)).toEqual([]);
    }
  });

  it('nothing when none can be (T098)', async () => {
    const bad = await unusable();
    const backend = new EmbeddedRocksDBStateBackend().configure({ [LOCAL]: bad });
    await expect(backend.createKeyedStateBackend({ keyType: Types.STRING })).rejects.toThrow(
      `No local storage directories available among ${bad}`,
    );
  });

  it('each of two in turn', async () => {
    const paths = ['a', 'b'].map((name) => join(root, name));
    const backend = new EmbeddedRocksDBStateBackend().setDbStoragePaths(...paths);
    const keyed = await Promise.all([1, 2].map(() => backend.createKeyedStateBackend({ keyType: Types.STRING })));
    const used = await Promise.all(paths.map((path) => readdir(path)));
    expect(used.map((names) => names.filter((name) => !name.startsWith('.')).length)).toEqual([1, 1]);
    await Promise.all(keyed.map((each) => each.close()));
  });
});
