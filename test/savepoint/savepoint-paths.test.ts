import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateSavepoint, SavepointPaths } from '../../lib/savepoint/savepoint-paths.ts';

let root: string;
let savepoint: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'savepoint-paths-')));
  savepoint = join(root, 'savepoint-1');
  await mkdir(savepoint);
  await mkdir(join(root, 'shared'));
  await mkdir(join(root, 'savepoint-10'));
  for (const path of ['savepoint-1/_metadata', 'savepoint-1/a b%20#', 'shared/table', 'secret', 'savepoint-10/x']) {
    await writeFile(join(root, path), '');
  }
  await symlink(join(root, 'secret'), join(savepoint, 'link'));
  await symlink(savepoint, join(root, 'alias'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

const relative = (path: string) => ({ kind: 'relative-file', path, size: 1 }) as const;
const file = (path: string) => ({ kind: 'file', path, size: 1 }) as const;

describe('a pointer to a savepoint', () => {
  it('is its directory or its _metadata, as a path or URI', async () => {
    const location = { directory: savepoint, metadataFile: join(savepoint, '_metadata') };
    for (const pointer of [savepoint, `file:${savepoint}`, `file://${savepoint}/_metadata`]) {
      expect(await locateSavepoint(pointer)).toEqual(location);
    }
  });

  it('must lead to one', async () => {
    await expect(locateSavepoint(join(root, 'shared'))).rejects.toThrow(/There is no savepoint at .*shared/);
    await expect(locateSavepoint('s3://bucket/savepoint')).rejects.toThrow(/not in a local directory/);
  });
});

describe('a file of a savepoint', () => {
  it('is in its directory, also when that is reached by a link', async () => {
    const path = join(savepoint, 'a b%20#');
    expect(await new SavepointPaths(savepoint).resolve(relative('a b%20#'))).toBe(path);
    expect(await new SavepointPaths(join(root, 'alias')).resolve(relative('a b%20#'))).toBe(path);
    expect(await new SavepointPaths(savepoint).resolve(file(`file:${path}`))).toBe(path);
  });

  it('is found by its name after the directory was moved', async () => {
    const moved = file('file:/gone/savepoint-1/a b%20#');
    expect(await new SavepointPaths(savepoint).resolve(moved)).toBe(join(savepoint, 'a b%20#'));
  });

  it('may be in a directory that is allowed, or mapped', async () => {
    const shared = join(root, 'shared', 'table');
    const allowed = new SavepointPaths(savepoint, { allowedDirectories: [join(root, 'shared')] });
    expect(await allowed.resolve(file(`file:${shared}`))).toBe(shared);
    const mappings = [
      { from: 's3://bucket', to: '/nowhere' },
      { from: 's3://bucket/job', to: root },
    ];
    expect(await new SavepointPaths(savepoint, { mappings }).resolve(file('s3://bucket/job/shared/table'))).toBe(
      shared,
    );
  });

  it('must be there', async () => {
    await expect(new SavepointPaths(savepoint).resolve(relative('gone'))).rejects.toThrow(/'gone', which is not there/);
  });
});

describe('a file outside of the savepoint is refused', () => {
  const OUTSIDE: readonly (readonly [string, () => ReturnType<typeof relative> | ReturnType<typeof file>])[] = [
    ['by a relative path', () => relative('../secret')],
    ['by a relative path into a directory whose name begins alike', () => relative('../savepoint-10/x')],
    ['by an absolute path where a relative one should be', () => relative(join(root, 'secret'))],
    ['by an absolute path', () => file(`file:${join(root, 'secret')}`)],
    ['by a symbolic link', () => relative('link')],
    ['by a NUL character', () => relative('a\0b')],
  ];

  it.each(OUTSIDE)('%s', async (_how, handle) => {
    await expect(new SavepointPaths(savepoint).resolve(handle())).rejects.toThrow(
      /is outside of where its files may be/,
    );
  });

  it('unless everything is allowed', async () => {
    const anywhere = new SavepointPaths(savepoint, { allowOutside: true });
    expect(await anywhere.resolve(relative('../secret'))).toBe(join(root, 'secret'));
    expect(await anywhere.resolve(relative('link'))).toBe(join(root, 'secret'));
  });
});
