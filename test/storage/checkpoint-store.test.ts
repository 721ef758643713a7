import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError, type FileSystemCheckpointStorage } from '../../lib/index.ts';
import { ObservedStorage } from '../support/observed-files.ts';
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

describe('what a storage reads and removes', () => {
  it('is the metadata of every checkpoint, once, before its first one, and none before the next', () =>
    withStore(async ({ storage, store }) => {
      for (const id of [1, 2, 3]) {
        await store(id, [], [`file ${id}`]);
      }
      const again = new ObservedStorage(storage.directory);
      await (await again.begin(4)).complete([]);
      expect(again.files.read.sort()).toEqual(['chk-1/_metadata', 'chk-2/_metadata', 'chk-3/_metadata']);
      await (await again.begin(5)).complete([]);
      expect(again.files.read).toHaveLength(3);
    }));

  it.each([
    [true, 4],
    [false, 1],
  ])('are files of a discarded checkpoint, several at once (%s): %i', (deletesInParallel, most) =>
    withStore(async ({ storage, store }) => {
      await store(1, [], ['a', 'b', 'c', 'd', 'e', 'f']);
      const again = new ObservedStorage(storage.directory, { deletesInParallel });
      await again.discard(1);
      expect(again.files.mostRemovals).toBe(most);
      expect(await filesIn(storage.directory)).toEqual([]);
    }),
  );
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
