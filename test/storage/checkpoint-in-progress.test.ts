import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyedStateHandle, StoredFile } from '../../lib/api/checkpoint.ts';
import { CheckpointError, FileSystemCheckpointStorage } from '../../lib/index.ts';
import type { CheckpointRetention } from '../../lib/storage/checkpoint-retention.ts';
import { mapBounded } from '../../lib/storage/transfer.ts';
import { filesIn } from '../support/stored-files.ts';
import { withDirectory } from '../support/with-db.ts';

const SIZES = [1024, 1025, 4096, 200_000, 1_001_023, 10];

interface Files {
  readonly storage: FileSystemCheckpointStorage;
  readonly directory: string;
  /** Local files of {@link SIZES}. */
  readonly locals: readonly string[];
}

function withFiles(test: (files: Files) => Promise<void>, retention?: CheckpointRetention): Promise<void> {
  return withDirectory(async ({ directory }) => {
    const locals = SIZES.map((size) => join(directory, `${size}.sst`));
    await Promise.all(locals.map((path, index) => writeFile(path, randomBytes(SIZES[index] as number))));
    const storage = new FileSystemCheckpointStorage(join(directory, 'checkpoints'), retention);
    await test({ storage, directory, locals });
  });
}

const options = (name: string, shared = true) => ({ name, backendId: 'backend', shared });
const HANDLE = { checkpointId: 1, states: [] } as unknown as KeyedStateHandle;

describe('a checkpoint under way', () => {
  it.each([0, 1024])('stores every file as it is, under its name, with an inline threshold of %i (T185)', (threshold) =>
    withFiles(
      async ({ storage, directory, locals }) => {
        const checkpoint = await storage.begin(1);
        const stored = await mapBounded(locals, 5, (path) => checkpoint.upload(path, options(`as ${path}`)));
        expect(stored.map(({ name }) => name)).toEqual(locals.map((path) => `as ${path}`));
        expect(stored.map(({ sizeBytes }) => sizeBytes)).toEqual(SIZES);
        expect(stored.map(({ inline }) => inline !== undefined)).toEqual(SIZES.map((size) => size <= threshold));
        for (const [index, file] of stored.entries()) {
          const copy = join(directory, `copy-${index}`);
          await storage.download(HANDLE, file, copy);
          expect((await readFile(copy)).equals(await readFile(locals[index] as string))).toBe(true);
        }
      },
      { inlineThresholdBytes: threshold },
    ),
  );

  it('gives the caller the very error of an upload (T182)', () =>
    withFiles(async ({ storage, locals }) => {
      const checkpoint = await storage.begin(1);
      const failure = new Error('no more');
      const signal = AbortSignal.abort(failure);
      const uploads = mapBounded(locals, 5, (path) => checkpoint.upload(path, { ...options(path), signal }));
      await expect(uploads).rejects.toBe(failure);
      await expect(checkpoint.upload('/nowhere', options('x'))).rejects.toMatchObject({ code: 'ENOENT' });
      await checkpoint.abort();
      expect(await filesIn(storage.directory)).toEqual([]);
    }));

  it('leaves nothing of its own when it is aborted, and what was there before stays (T183)', () =>
    withFiles(async ({ storage, locals }) => {
      const first = await storage.begin(1);
      const files = await mapBounded(locals, 5, (path) => first.upload(path, options(path.split('/').at(-1) ?? '')));
      await first.complete([{ ...HANDLE, files }]);
      const before = await filesIn(storage.directory);
      expect(before).toHaveLength(SIZES.length + 1);
      const second = await storage.begin(2);
      expect(second.reuse(files[0] as StoredFile)).toEqual(files[0]);
      await second.upload(locals[1] as string, options('1.sst'));
      await second.upload(locals[2] as string, options('CURRENT', false));
      await expect(second.upload('/nowhere', options('2.sst'))).rejects.toThrow('ENOENT');
      await second.abort();
      await second.abort();
      expect(await filesIn(storage.directory)).toEqual(before);
    }));

  it('takes nothing after its end (T184)', () =>
    withFiles(async ({ storage, locals }) => {
      const [local = ''] = locals;
      const aborted = await storage.begin(1);
      await aborted.abort();
      const complete = await storage.begin(2);
      await complete.complete([]);
      for (const [checkpoint, what] of [
        [aborted, /is aborted/],
        [complete, /is complete/],
      ] as const) {
        await expect(checkpoint.upload(local, options('x'))).rejects.toThrow(what);
        expect(() => checkpoint.reuse({} as StoredFile)).toThrow(CheckpointError);
        await expect(checkpoint.complete([])).rejects.toThrow(what);
      }
      await expect(complete.abort()).rejects.toThrow(/is complete; discard deletes it/);
      expect(await filesIn(storage.directory)).toEqual(['chk-2/_metadata']);
    }));

  it.each([0, 1])('waits for uploads that have just begun when it is aborted (%i turns later)', (turns) =>
    withFiles(async ({ storage, locals }) => {
      const checkpoint = await storage.begin(1);
      const uploads = locals.map((path) => checkpoint.upload(path, options(path)));
      for (let turn = 0; turn < turns; turn++) {
        await Promise.resolve();
      }
      await checkpoint.abort();
      expect(await filesIn(storage.directory)).toEqual([]);
      await Promise.allSettled(uploads);
      expect(await filesIn(storage.directory)).toEqual([]);
    }),
  );

  it('is either complete or aborted when both are asked for at once', () =>
    withFiles(async ({ storage, locals }) => {
      for (let id = 1; id <= 20; id++) {
        const checkpoint = await storage.begin(id);
        const file = await checkpoint.upload(locals[0] as string, options('1.sst'));
        const completing = checkpoint.complete([{ ...HANDLE, checkpointId: id, files: [file] }]);
        const [completed, aborted] = await Promise.allSettled([completing, checkpoint.abort()]);
        expect([completed.status, aborted.status]).toEqual(['fulfilled', 'rejected']);
        expect(await storage.verify(id)).toEqual([]);
      }
    }));

  it('is not completed while files are on their way', () =>
    withFiles(async ({ storage, locals }) => {
      const checkpoint = await storage.begin(1);
      const uploading = checkpoint.upload(locals[4] as string, options('1.sst'));
      await expect(checkpoint.complete([])).rejects.toThrow(/1 uploads are under way/);
      await uploading;
      await checkpoint.complete([]);
    }));

  it('gives up its id when it can not be removed', () =>
    withFiles(async ({ storage, locals }) => {
      const checkpoint = await storage.begin(1);
      const { path } = await checkpoint.upload(locals[0] as string, options('1.sst'));
      // Neither a file nor a directory can be removed through a file.
      await rename(join(storage.directory, 'shared'), join(storage.directory, 'moved'));
      await writeFile(join(storage.directory, 'shared'), '');
      await expect(checkpoint.abort()).rejects.toMatchObject({ code: 'ENOTDIR' });
      await rm(join(storage.directory, 'shared'));
      await rename(join(storage.directory, 'moved'), join(storage.directory, 'shared'));
      expect(await filesIn(storage.directory)).toEqual([path]);
      await (await storage.begin(1)).abort();
      expect(await storage.collectGarbage()).toMatchObject({ files: [path] });
      expect(await filesIn(storage.directory)).toEqual([]);
    }));
});
