import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredFile } from '../../lib/api/checkpoint.ts';
import { FileSystemCheckpointStorage, JobManagerCheckpointStorage } from '../../lib/index.ts';
import { ObservedStorage } from '../support/observed-files.ts';
import { withStore } from '../support/stored-checkpoints.ts';
import { expectOnlyNeeded, filesIn } from '../support/stored-files.ts';
import { warningsDuring } from '../support/warnings.ts';

describe('a storage that retains some checkpoints', () => {
  it('discards older ones when a new one is complete', () =>
    withStore(
      async ({ storage, store }) => {
        let files: StoredFile[] = [];
        for (let id = 1; id <= 5; id++) {
          files = await store(id, files.slice(-2, -1), [`file ${id}`]);
          expect(await storage.list()).toEqual([id - 1, id].filter((each) => each > 0));
          await expectOnlyNeeded(storage);
        }
      },
      { retained: 2 },
    ));

  it('completes a checkpoint although an old one can not be deleted; what is left of that is garbage', () =>
    withStore(
      async ({ storage, store }) => {
        await store(1, [], ['a']);
        // Nothing can be removed through a file.
        const checkpoint = await storage.begin(2);
        await rename(join(storage.directory, 'shared'), join(storage.directory, 'away'));
        await writeFile(join(storage.directory, 'shared'), 'in the way');
        const warnings = await warningsDuring(async () => {
          await expect(checkpoint.complete([])).resolves.toMatchObject({ checkpointId: 2 });
        });
        expect(warnings).toEqual([
          expect.stringMatching(
            /^Checkpoint 1, which is older .* could not be deleted: ENOTDIR.*collectGarbage removes/,
          ),
        ]);
        await rm(join(storage.directory, 'shared'));
        await rename(join(storage.directory, 'away'), join(storage.directory, 'shared'));
        await store(3, [], ['b']);
        await expect(readFile(join(storage.directory, 'chk-1', '_metadata'))).rejects.toThrow('ENOENT');
        expect(await storage.list()).toEqual([3]);
        await storage.collectGarbage();
        await expectOnlyNeeded(storage);
      },
      { retained: 1 },
    ));

  it('says once of a checkpoint that it can not be deleted, tries again, and deletes the others meanwhile', () =>
    withStore(async ({ storage: { directory }, store }) => {
      await store(1, [], ['a']);
      await store(2, [], ['b']);
      const storage = new ObservedStorage(directory, { retained: 1 });
      storage.files.stuck = 'chk-1/_metadata';
      const warnings = await warningsDuring(async () => {
        await (await storage.begin(3)).complete([]);
        expect(await storage.list()).toEqual([1, 3]);
        await (await storage.begin(4)).complete([]);
        expect(await storage.list()).toEqual([1, 4]);
      });
      expect(warnings).toEqual([
        expect.stringMatching(
          /^Checkpoint 1, .* could not be deleted: chk-1\/_metadata is stuck\. That is tried again/,
        ),
      ]);
      storage.files.stuck = undefined;
      await (await storage.begin(5)).complete([]);
      expect(await storage.list()).toEqual([5]);
      expect(await filesIn(directory)).toEqual(['chk-5/_metadata']);
    }));

  it.each([0, -1, 1.5, Number.NaN])('can not retain %s, nor inline files of no size', (retained) => {
    const invalid = expect.objectContaining({ name: 'RangeError', code: 'ERR_INVALID_RETENTION' });
    expect(() => new FileSystemCheckpointStorage('x', { retained })).toThrow(invalid);
    expect(() => new JobManagerCheckpointStorage(1, { retained })).toThrow(invalid);
    expect(() => new FileSystemCheckpointStorage('x', { inlineThresholdBytes: Number.NaN })).toThrow(invalid);
    expect(() => new FileSystemCheckpointStorage('x', { inlineThresholdBytes: -1 })).toThrow(invalid);
  });
});

describe('a protected checkpoint', () => {
  it('keeps its files, however newer checkpoints that use them too come and go (T198)', () =>
    withStore(
      async ({ storage, store, reopen }) => {
        const first = await store(1, [], ['a', 'b']);
        await storage.protect(1);
        const second = await store(2, first.slice(0, 2), ['c']);
        await store(3, second.slice(0, 1), ['d']);
        expect(await storage.list()).toEqual([1, 3]);
        expect(await storage.verify(1)).toEqual([]);
        const again = reopen();
        await (await again.begin(4)).complete([]);
        expect(await again.list()).toEqual([1, 4]);
        expect(await again.verify(1)).toEqual([]);
        await again.discard(1);
        expect(await again.list()).toEqual([4]);
        await expectOnlyNeeded(again);
      },
      { retained: 1 },
    ));

  it('can be protected although a crash left an unfinished mark, which the next discard takes away', () =>
    withStore(async ({ storage, store }) => {
      await store(1, [], ['a']);
      await writeFile(join(storage.directory, 'chk-1', '_protected.part'), '');
      await storage.protect(1);
      expect(await filesIn(join(storage.directory, 'chk-1'))).toContain('_protected');
      await storage.discard(1);
      expect(await readdir(storage.directory)).toEqual(['shared']);
    }));

  it.each([1, 2])('may be protected by several at once, in %i storages', (storages) =>
    withStore(async ({ storage, reopen, store }) => {
      await store(1, [], []);
      const others = storages === 1 ? [storage, storage] : [storage, reopen()];
      await Promise.all(others.map((each) => each.protect(1)));
      expect(await filesIn(storage.directory)).toEqual(['chk-1/CURRENT', 'chk-1/_metadata', 'chk-1/_protected']);
    }),
  );

  it('leaves nothing when it is discarded at the same time, or is not there', () =>
    withStore(async ({ storage, store }) => {
      for (const id of [1, 2]) {
        await store(id, [], []);
        const protecting = [storage.protect(id), storage.discard(id)];
        await Promise.all(id === 1 ? protecting : protecting.reverse());
        await storage.protect(id);
        expect(await readdir(storage.directory)).toEqual([]);
      }
    }));
});
