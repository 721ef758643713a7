import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { handleOf, type StoreBench, withStore } from '../support/stored-checkpoints.ts';
import { expectOnlyNeeded, filesIn } from '../support/stored-files.ts';

const ORPHANS = ['chk-2/000001.sst', 'chk-2/_metadata.part', 'chk-9/backend/000001.sst', 'shared/orphan.sst'];

/** As a crash leaves them. */
async function leaveOrphans({ storage }: StoreBench): Promise<void> {
  for (const path of ORPHANS) {
    await mkdir(join(storage.directory, path, '..'), { recursive: true });
    await writeFile(join(storage.directory, path), 'left');
  }
}

describe('garbage', () => {
  it('is found without being touched, or removed, and nothing else is', () =>
    withStore(async (bench) => {
      const { reopen, store, storage } = bench;
      await store(1, [], ['a']);
      await leaveOrphans(bench);
      await writeFile(join(storage.directory, 'notes.txt'), 'not ours');
      const before = await filesIn(storage.directory);
      const again = reopen();
      const garbage = { files: ORPHANS, sizeBytes: 4 * ORPHANS.length };
      expect(await again.collectGarbage({ dryRun: true })).toEqual(garbage);
      expect(await filesIn(storage.directory)).toEqual(before);
      expect(await again.collectGarbage()).toEqual(garbage);
      expect(await again.collectGarbage()).toEqual({ files: [], sizeBytes: 0 });
      expect(await filesIn(storage.directory)).toEqual(before.filter((path) => !ORPHANS.includes(path)));
    }));

  it('is removed by the first checkpoint of a storage, and by nothing that does not write', () =>
    withStore(async (bench) => {
      const { reopen, store, storage } = bench;
      await store(1, [], ['a']);
      await leaveOrphans(bench);
      const before = await filesIn(storage.directory);
      const again = reopen();
      await again.latestCheckpoint();
      await again.verify(1);
      await again.discard(5);
      expect(await filesIn(storage.directory)).toEqual(before);
      const checkpoint = await again.begin(3);
      await checkpoint.complete([]);
      await expectOnlyNeeded(again);
    }));

  it('is nothing of a checkpoint that is under way, or completed meanwhile', () =>
    withStore(async ({ storage, upload }) => {
      for (let id = 1; id <= 30; id++) {
        const checkpoint = await storage.begin(id);
        const files = [await upload(checkpoint, 'a'), await upload(checkpoint, 'CURRENT', false)];
        const collecting = storage.collectGarbage();
        // At another moment of the collection each time.
        for (let turn = 0; turn < id % 6; turn++) {
          await storage.list();
        }
        await checkpoint.complete([handleOf(id, files)]);
        expect(await collecting).toEqual({ files: [], sizeBytes: 0 });
        await expectOnlyNeeded(storage);
        await storage.discard(id - 1);
      }
    }));
});

describe('verifying a checkpoint', () => {
  it('names every file that is missing or damaged, and what was expected', () =>
    withStore(async ({ storage, store }) => {
      const [a, b, c] = await store(1, [], ['a', 'b', 'c', 'd']);
      expect(await storage.verify(1)).toEqual([]);
      const at = (path = '') => join(storage.directory, path);
      await rm(at(a?.path));
      await writeFile(at(b?.path), 'B');
      await writeFile(at(c?.path), 'cc');
      expect(await storage.verify(1)).toEqual([
        { file: a, problem: expect.stringMatching(/can not be read: ENOENT/) },
        { file: b, problem: expect.stringMatching(/expected 1 bytes with CRC-32 \d+, found 1 bytes with \d+/) },
        { file: c, problem: expect.stringMatching(/expected 1 bytes with CRC-32 \d+, found 2 bytes with \d+/) },
      ]);
      expect(await readFile(at(b?.path), 'utf8')).toBe('B');
      await expect(storage.verify(2)).rejects.toThrow(/no complete checkpoint 2/);
    }));
});
