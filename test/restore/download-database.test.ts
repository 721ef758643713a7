import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckpointStorage, KeyedStateHandle } from '../../lib/api/checkpoint.ts';
import { RestoreError } from '../../lib/errors.ts';
import { type Downloads, downloadDatabase } from '../../lib/restore/download-database.ts';
import { observeDownloads } from '../support/observed-storage.ts';
import { handleOf, type StoreBench, withStore } from '../support/stored-checkpoints.ts';
import { filesIn } from '../support/stored-files.ts';

const NAMES = ['000001.sst', '000002.sst', '000003.sst', 'CURRENT', 'MANIFEST-000004'];

/** Checkpoint 1 with two handles, of files with random contents. */
async function stored({
  storage,
  directory,
}: StoreBench): Promise<{ handles: KeyedStateHandle[]; contents: Buffer[] }> {
  const checkpoint = await storage.begin(1);
  const contents: Buffer[] = [];
  const handles: KeyedStateHandle[] = [];
  for (const backendId of ['first', 'second']) {
    const files = [];
    for (const name of NAMES) {
      const local = join(directory, 'local');
      const bytes = randomBytes(300_000 * Math.random());
      await writeFile(local, bytes);
      contents.push(bytes);
      files.push(await checkpoint.upload(local, { name, backendId, shared: name.endsWith('.sst') }));
    }
    handles.push({ ...handleOf(1, files), backendId });
  }
  await checkpoint.complete(handles);
  return { handles, contents };
}

function downloadsFrom(storage: CheckpointStorage, transfers: number, signal?: AbortSignal): Downloads {
  return { storage, transfers, localState: undefined, onProgress: undefined, signal };
}

describe('downloading databases', () => {
  it.each([1, 3, 16])('brings every file of several, under its name, %i at a time (T188)', (transfers) =>
    withStore(async (bench) => {
      const { handles, contents } = await stored(bench);
      const targets = handles.map(({ backendId }) => join(bench.directory, `to-${backendId}`));
      const downloads = downloadsFrom(bench.storage, transfers);
      await Promise.all(handles.map((handle, index) => downloadDatabase(handle, targets[index] as string, downloads)));
      for (const [index, target] of targets.entries()) {
        expect(await filesIn(target)).toEqual(NAMES);
        for (const [at, name] of NAMES.entries()) {
          const expected = contents[index * NAMES.length + at] as Buffer;
          expect((await readFile(join(target, name))).equals(expected)).toBe(true);
        }
      }
    }),
  );

  it.each([1, 16])('removes the directory when one of %i at a time fails, and names the file (T189)', (transfers) =>
    withStore(async (bench) => {
      const { handles } = await stored(bench);
      const [handle] = handles as [KeyedStateHandle];
      await rm(join(bench.storage.directory, handle.files[2]?.path ?? ''));
      const target = join(bench.directory, 'to');
      const download = downloadDatabase(handle, target, downloadsFrom(bench.storage, transfers));
      await expect(download).rejects.toThrow(/File 000003\.sst of checkpoint 1 can not be read at/);
      await expect(download).rejects.toMatchObject({ cause: { code: 'ENOENT' } });
      expect(existsSync(target)).toBe(false);
    }),
  );

  it('fails with one error when several files are bad in different ways (T191)', () =>
    withStore(async (bench) => {
      const { handles } = await stored(bench);
      const [handle] = handles as [KeyedStateHandle];
      const paths = handle.files.map(({ path }) => join(bench.storage.directory, path));
      await rm(paths[0] as string);
      await truncate(paths[1] as string, 1);
      await truncate(paths[4] as string, 2);
      const target = join(bench.directory, 'to');
      const download = downloadDatabase(handle, target, downloadsFrom(bench.storage, 16));
      await expect(download).rejects.toThrow(RestoreError);
      await expect(download).rejects.toThrow(/File (000001\.sst|000002\.sst|MANIFEST-000004) of checkpoint 1/);
      expect(existsSync(target)).toBe(false);
    }));

  it.each([1, 16])('stops at once when it is cancelled, %i at a time, and removes the directory (T190)', (transfers) =>
    withStore(async (bench) => {
      const { handles } = await stored(bench);
      const [handle] = handles as [KeyedStateHandle];
      const target = join(bench.directory, 'to');
      for (let cancelAt = 1; cancelAt <= NAMES.length; cancelAt++) {
        const cancellation = new AbortController();
        const reason = new Error('no longer wanted');
        let begun = 0;
        const storage = observeDownloads(bench.storage, (download) => {
          const downloading = download();
          begun += 1;
          if (begun === cancelAt) {
            cancellation.abort(reason);
          }
          return downloading;
        });
        const download = downloadDatabase(handle, target, downloadsFrom(storage, transfers, cancellation.signal));
        await expect(download).rejects.toBe(reason);
        expect(begun).toBe(transfers === 1 ? cancelAt : NAMES.length);
        expect(existsSync(target)).toBe(false);
      }
    }),
  );
});
