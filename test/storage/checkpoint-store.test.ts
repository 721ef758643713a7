import { readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredFile } from '../../lib/api/checkpoint.ts';
import { CheckpointError, FileSystemCheckpointStorage, JobManagerCheckpointStorage } from '../../lib/index.ts';
import { handleOf, withStore } from '../support/stored-checkpoints.ts';
import { expectOnlyNeeded, filesIn } from '../support/stored-files.ts';

const metadataOf = (storage: FileSystemCheckpointStorage, id: number) =>
  join(storage.directory, `chk-${id}`, '_metadata');

describe('discarding a checkpoint', () => {
  it('deletes exactly what no other checkpoint needs, in any order', () =>
    withStore(async ({ storage, store }) => {
      const first = await store(1, [], ['a', 'b']);
      const second = await store(2, first.slice(0, 1), ['c']);
      await store(3, second.slice(0, 2), []);
      await storage.discard(2);
      await expectOnlyNeeded(storage);
      await storage.discard(1);
      await expectOnlyNeeded(storage);
      expect(await filesIn(join(storage.directory, 'shared'))).toHaveLength(2);
      await storage.discard(3);
      expect(await filesIn(storage.directory)).toEqual([]);
      await storage.discard(3);
      await storage.discard(-1);
    }));

  it('keeps what checkpoints need that another storage has written', () =>
    withStore(async ({ storage, reopen, store }) => {
      const first = await store(1, [], ['a']);
      const other = reopen();
      await other.discard(7);
      const second = await store(2, first.slice(0, 1), ['b']);
      await store(3, second.slice(0, 2), []);
      await other.discard(1);
      await other.discard(2);
      await expectOnlyNeeded(storage);
      expect((await filesIn(join(storage.directory, 'shared'))).length).toBe(2);
    }));

  it('is refused while it is under way, whose files stay', () =>
    withStore(async ({ storage, upload }) => {
      const checkpoint = await storage.begin(1);
      const file = await upload(checkpoint, 'a', false);
      await expect(storage.discard(1)).rejects.toThrow(/Checkpoint 1 is under way; abort ends it/);
      await checkpoint.complete([handleOf(1, [file])]);
      await expectOnlyNeeded(storage);
    }));

  it('leaves shared files alone while a damaged checkpoint may need them, and deletes them with it', () =>
    withStore(async ({ storage, reopen, store }) => {
      const first = await store(1, [], ['a']);
      await store(2, first.slice(0, 1), ['b']);
      await truncate(metadataOf(storage, 1), 20);
      const again = reopen();
      await again.discard(2);
      expect(await filesIn(join(storage.directory, 'shared'))).toHaveLength(2);
      await again.discard(1);
      expect(await filesIn(storage.directory)).toEqual([]);
    }));
});

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
        const metadata = metadataOf(storage, 1);
        const checkpoint = await storage.begin(2);
        await rename(join(storage.directory, 'shared'), join(storage.directory, 'away'));
        await writeFile(join(storage.directory, 'shared'), 'in the way');
        await expect(checkpoint.complete([])).resolves.toMatchObject({ checkpointId: 2 });
        await rm(join(storage.directory, 'shared'));
        await rename(join(storage.directory, 'away'), join(storage.directory, 'shared'));
        await store(3, [], ['b']);
        await expect(readFile(metadata)).rejects.toThrow('ENOENT');
        expect(await storage.list()).toEqual([3]);
        await storage.collectGarbage();
        await expectOnlyNeeded(storage);
      },
      { retained: 1 },
    ));

  it.each([0, -1, 1.5, Number.NaN])('can not retain %s, nor inline files of no size', (retained) => {
    const invalid = expect.objectContaining({ name: 'RangeError', code: 'ERR_INVALID_RETENTION' });
    expect(() => new FileSystemCheckpointStorage('x', { retained })).toThrow(invalid);
    expect(() => new JobManagerCheckpointStorage(1, { retained })).toThrow(invalid);
    expect(() => new FileSystemCheckpointStorage('x', { inlineThresholdBytes: Number.NaN })).toThrow(invalid);
    expect(() => new FileSystemCheckpointStorage('x', { inlineThresholdBytes: -1 })).toThrow(invalid);
  });
});

it('begins a checkpoint once, however many ask at the same time', () =>
  withStore(async ({ storage }) => {
    const begun = await Promise.allSettled([1, 2, 3].map(() => storage.begin(1)));
    expect(begun.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(storage.begin(1)).rejects.toThrow(CheckpointError);
  }));

it('is not stopped by damaged metadata of an old checkpoint, nor by strange names', () =>
  withStore(async ({ storage, reopen, store }) => {
    await store(1, [], ['a']);
    await truncate(metadataOf(storage, 1), 20);
    for (const name of ['chk-7', 'chk-08', 'chk-x', 'notes.txt']) {
      await writeFile(join(storage.directory, name), '');
    }
    const again = reopen();
    const checkpoint = await again.begin(2);
    await checkpoint.complete([handleOf(2, [])]);
    expect(await again.latestCheckpoint()).toMatchObject({ checkpointId: 2 });
    await expect(again.openCheckpoint(1)).rejects.toThrow(/is truncated: its 20 characters/);
    await expect(again.collectGarbage()).rejects.toThrow(/is truncated/);
    expect(await filesIn(join(storage.directory, 'shared'))).toHaveLength(1);
  }));
