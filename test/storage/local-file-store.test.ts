import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalFileStore } from '../../lib/storage/local-file-store.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const TEXT = 'rows';
const SUMMARY = { sizeBytes: TEXT.length, crc32: crc32(TEXT) };

let directory: string;
let local: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rockstate-files-'));
  local = join(directory, '000001.sst');
  await writeFile(local, TEXT);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function store(linksFiles: boolean): LocalFileStore {
  return new LocalFileStore(join(directory, 'stored'), { linksFiles });
}

async function areSame(one: string, other: string): Promise<boolean> {
  return (await stat(one)).ino === (await stat(other)).ino;
}

describe('a directory of files', () => {
  test.each([true, false])('links tables, both ways, unless it is to copy them (links: %s)', async (linksFiles) => {
    const files = store(linksFiles);
    const restored = join(directory, 'restored.sst');
    expect(await files.upload(local, 'chk-1/000001.sst', { mayLink: true })).toEqual(SUMMARY);
    expect(await files.download('chk-1/000001.sst', restored)).toEqual(SUMMARY);
    expect(await areSame(local, files.address('chk-1/000001.sst'))).toBe(linksFiles);
    expect(await areSame(local, restored)).toBe(linksFiles);
    expect(await readFile(restored, 'utf8')).toBe(TEXT);
  });

  test('copies what is not to be linked', async () => {
    const files = store(true);
    expect(await files.upload(local, 'chk-1/000001.sst')).toEqual(SUMMARY);
    expect(await areSame(local, files.address('chk-1/000001.sst'))).toBe(false);
  });

  test('keeps what it has when the local file is deleted, and gives away copies of what may be changed', async () => {
    const files = store(true);
    await files.upload(local, 'chk-1/MANIFEST-000005', { mayLink: true });
    await rm(local);
    const restored = join(directory, 'MANIFEST-000005');
    await files.download('chk-1/MANIFEST-000005', restored);
    await writeFile(restored, 'changed');
    expect(await files.readText('chk-1/MANIFEST-000005')).toBe(TEXT);
  });

  test.each([true, false])('replaces nothing, and has nothing that was cancelled (links: %s)', async (linksFiles) => {
    const files = store(linksFiles);
    await mkdir(files.address('chk-1'), { recursive: true });
    await writeFile(files.address('chk-1/000001.sst'), 'old');
    await expect(files.upload(local, 'chk-1/000001.sst', { mayLink: true })).rejects.toThrow(/EEXIST/);
    expect(await files.readText('chk-1/000001.sst')).toBe('old');

    const signal = AbortSignal.abort(new Error('no longer wanted'));
    await expect(files.upload(local, 'chk-1/000002.sst', { mayLink: true, signal })).rejects.toThrow(
      'no longer wanted',
    );
    expect(await readdir(files.address('chk-1'))).toEqual(['000001.sst']);
  });

  test('copies what comes from another file system', async (context) => {
    const disk = mountSmallDisk(1);
    if (disk === undefined) {
      context.skip('mounting a file system is not allowed here');
      return;
    }
    try {
      const elsewhere = join(disk.directory, '000002.sst');
      await writeFile(elsewhere, TEXT);
      const files = store(true);
      expect(await files.upload(elsewhere, 'chk-1/000002.sst', { mayLink: true })).toEqual(SUMMARY);
      const restored = join(disk.directory, 'restored.sst');
      expect(await files.download('chk-1/000002.sst', restored)).toEqual(SUMMARY);
      expect((await stat(restored)).dev).not.toBe((await stat(files.address('chk-1/000002.sst'))).dev);
    } finally {
      disk.unmount();
    }
  });
});
