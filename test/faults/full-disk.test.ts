// Checkpoints on disks that are full, or read-only.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { CheckpointError, EmbeddedRocksDBStateBackend, FileSystemCheckpointStorage, Types } from '../../lib/index.ts';
import { COUNTER, count, counts, upTo } from '../support/counters.ts';
import { fillDisk, mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { expectOnlyNeeded, filesIn } from '../support/stored-files.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const KEYS = upTo(3000);
const OPTIONS = { keyType: Types.INT };
const SMALL_BUFFERS = { 'state.backend.rocksdb.writebuffer.size': '4mb' };

async function withDisk(context: TestContext, test: (disk: SmallDisk, bench: Bench) => Promise<void>): Promise<void> {
  const disk = mountSmallDisk(24);
  if (disk === undefined) {
    context.skip('A file system can be mounted only on Linux, as root.');
    return;
  }
  const create = () => new EmbeddedRocksDBStateBackend(true).configure(SMALL_BUFFERS);
  try {
    await withBackend(create, (bench) => test(disk, bench));
  } finally {
    disk.unmount();
  }
}

async function expectRestorable(
  { open }: Bench,
  storage: FileSystemCheckpointStorage,
  expected: number,
): Promise<KeyedStateBackend<number>> {
  const handle = await storage.latest();
  const restored = await open({ ...OPTIONS, ...(handle && { restore: { storage, handle } }) });
  expect(counts(restored, KEYS)).toEqual(KEYS.map(() => expected));
  return restored;
}

test('a full storage fails the checkpoint and leaves nothing of it, and the next one is complete', (context) =>
  withDisk(context, async ({ directory }, bench) => {
    const storage = new FileSystemCheckpointStorage(join(directory, 'checkpoints'));
    const keyed = await bench.open(OPTIONS);
    count(keyed, KEYS);
    await keyed.snapshot(1, storage);
    const before = await filesIn(storage.directory);
    count(keyed, KEYS);
    await fillDisk(join(directory, 'ballast'));
    await expect(keyed.snapshot(2, storage)).rejects.toThrow(
      /^Checkpoint 2 failed: .*(ENOSPC|No space left on device)/,
    );
    expect(await filesIn(storage.directory)).toEqual(before);
    await expectRestorable(bench, storage, 1);
    await rm(join(directory, 'ballast'));
    const third = await keyed.snapshot(3, storage);
    expect(third.checkpointedSizeBytes).toBeLessThan(third.sizeBytes);
    await expectOnlyNeeded(storage);
    await expectRestorable(bench, storage, 2);
  }));

test('a read-only storage fails the checkpoint, can be restored from, and takes the next one when it can be written', (context) =>
  withDisk(context, async (disk, bench) => {
    const storage = new FileSystemCheckpointStorage(join(disk.directory, 'checkpoints'));
    const keyed = await bench.open(OPTIONS);
    count(keyed, KEYS);
    await keyed.snapshot(1, storage);
    disk.setReadOnly(true);
    count(keyed, KEYS);
    await expect(keyed.snapshot(2, storage)).rejects.toThrow(/^Checkpoint 2 failed: EROFS/);
    await expect(storage.discard(1)).rejects.toMatchObject({ code: 'EROFS' });
    const fresh = new FileSystemCheckpointStorage(storage.directory);
    expect(await fresh.verify(1)).toEqual([]);
    await expectRestorable(bench, fresh, 1);
    disk.setReadOnly(false);
    await keyed.snapshot(2, storage);
    await storage.discard(1);
    await expectOnlyNeeded(storage);
    await expectRestorable(bench, storage, 2);
  }));

test('a full local disk fails the checkpoint and leaves nothing of it; later ones are complete once there is space', (context) =>
  withDisk(context, async ({ directory }, bench) => {
    const { storage } = bench;
    const keyed = await bench.open({ ...OPTIONS, localDir: directory });
    count(keyed, KEYS);
    await keyed.snapshot(1, storage);
    const before = await filesIn(storage.directory);
    count(keyed, KEYS);
    await fillDisk(join(directory, 'ballast'));
    await expect(keyed.snapshot(2, storage)).rejects.toThrow(CheckpointError);
    await expect(keyed.snapshot(3, storage)).rejects.toMatchObject({ cause: { code: 'ERR_ROCKSDB_IO_ERROR' } });
    expect(await filesIn(storage.directory)).toEqual(before);
    expect((await readdir(directory, { recursive: true })).filter((name) => name.includes('chk-'))).toEqual([]);
    expect(counts(keyed, KEYS)).toEqual(KEYS.map(() => 2));
    await rm(join(directory, 'ballast'));
    // RocksDB notices new space by itself, after some seconds.
    const deadline = Date.now() + 30_000;
    for (let id = 4; (await storage.list()).length < 2; id++) {
      expect(Date.now()).toBeLessThan(deadline);
      await keyed.snapshot(id, storage).completed.catch(() => setTimeout(200));
    }
    await expectOnlyNeeded(storage);
    await expectRestorable(bench, storage, 2);
  }));

test('state that is hot is kept while the local disk is full, and is in the first checkpoint that there is space for', (context) =>
  withDisk(context, async ({ directory }, bench) => {
    const { storage } = bench;
    const hot = new EmbeddedRocksDBStateBackend(true).configure(SMALL_BUFFERS).setHotStateCacheSize(1024 * 1024);
    const keyed = await hot.createKeyedStateBackend({ ...OPTIONS, localDir: directory });
    try {
      count(keyed, KEYS);
      await keyed.snapshot(1, storage);
      await fillDisk(join(directory, 'ballast'));
      count(keyed, KEYS);
      await expect(keyed.snapshot(2, storage)).rejects.toThrow(CheckpointError);
      count(keyed, KEYS);
      // RocksDB takes no writes now: whoever needs one is told whose rows are waiting for it.
      expect(() => [...keyed.getKeys(COUNTER.name)]).toThrow(/^Rows of 'counter' that were changed earlier could not/);
      await expect(keyed.snapshot(3, storage)).rejects.toThrow(/Rows of 'counter'/);
      expect(counts(keyed, KEYS)).toEqual(KEYS.map(() => 3));
      await rm(join(directory, 'ballast'));
      const deadline = Date.now() + 30_000;
      for (let id = 4; (await storage.list()).length < 2; id++) {
        expect(Date.now()).toBeLessThan(deadline);
        await keyed.snapshot(id, storage).completed.catch(() => setTimeout(200));
      }
      await expectRestorable(bench, storage, 3);
    } finally {
      await keyed.close();
    }
  }));
