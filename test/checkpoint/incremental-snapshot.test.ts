import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { KeyedStateHandle, StoredFile } from '../../lib/api/checkpoint.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';
import { count, counts, upTo } from '../support/counters.ts';
import { expectOnlyNeeded, filesIn } from '../support/stored-files.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const incremental = () => new EmbeddedRocksDBStateBackend(true);
const OPTIONS = { keyType: Types.INT };

function tables({ files }: KeyedStateHandle): StoredFile[] {
  return files.filter(({ name }) => name.endsWith('.sst'));
}

function paths(handle: KeyedStateHandle): string[] {
  return tables(handle)
    .map(({ path }) => path)
    .sort();
}

/** Each test begins with a backend that has many rows, and checkpoint 1 of it. */
function withFirst(
  test: (bench: Bench, keyed: KeyedStateBackend<number>, first: KeyedStateHandle) => Promise<void>,
): Promise<void> {
  return withBackend(incremental, async (bench) => {
    const keyed = await bench.open(OPTIONS);
    count(keyed, upTo(5000));
    await test(bench, keyed, await keyed.snapshot(1, bench.storage));
  });
}

/** As a coordinator takes it, which may confirm it or not. */
async function coordinated(
  keyed: KeyedStateBackend<number>,
  storage: FileSystemCheckpointStorage,
  id: number,
): Promise<KeyedStateHandle> {
  const checkpoint = await storage.begin(id);
  const { handles } = await checkpoint.complete([await keyed.snapshot(id, checkpoint)]);
  return handles[0] as KeyedStateHandle;
}

describe('an incremental snapshot', () => {
  it('stores everything the first time, and then only new tables (T255)', () =>
    withFirst(async ({ storage }, keyed, first) => {
      expect(first.checkpointedSizeBytes).toBe(first.sizeBytes);
      expect(tables(first).every(({ shared, path }) => shared && path.startsWith('shared/'))).toBe(true);
      count(keyed, upTo(10));
      const second = await keyed.snapshot(2, storage);
      expect(paths(second)).toEqual(expect.arrayContaining(paths(first)));
      const added = second.files.filter(({ path }) => !paths(first).includes(path));
      expect(added.filter(({ shared }) => shared)).toHaveLength(1);
      expect(second.checkpointedSizeBytes).toBe(added.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
      expect(second.checkpointedSizeBytes).toBeLessThan(second.sizeBytes / 2);
      await expectOnlyNeeded(storage);
    }));

  it('stays incremental after a savepoint was confirmed that is no checkpoint of it (T192)', () =>
    withFirst(async ({ storage }, keyed, first) => {
      keyed.notifyCheckpointComplete(2);
      const third = await keyed.snapshot(3, storage);
      expect(third.checkpointedSizeBytes).toBeLessThan(third.sizeBytes);
      expect(paths(third)).toEqual(paths(first));
    }));

  it('stores again what was stored for a checkpoint that nobody confirmed (T255)', () =>
    withFirst(async ({ storage }, keyed, first) => {
      count(keyed, upTo(10));
      const second = await coordinated(keyed, storage, 2);
      const third = await coordinated(keyed, storage, 3);
      const fresh = paths(second).filter((path) => !paths(first).includes(path));
      expect(fresh).toHaveLength(1);
      expect(paths(third)).not.toContain(fresh[0]);
      expect(tables(third).map(({ name }) => name)).toEqual(tables(second).map(({ name }) => name));
      keyed.notifyCheckpointComplete(3);
      expect(paths(await coordinated(keyed, storage, 4))).toEqual(paths(third));
      await expectOnlyNeeded(storage);
    }));

  it('stores again what was stored for a checkpoint that was aborted, of which nothing stays (T255)', () =>
    withFirst(async ({ storage }, keyed, first) => {
      const before = await filesIn(storage.directory);
      count(keyed, upTo(10));
      const checkpoint = await storage.begin(2);
      const second = await keyed.snapshot(2, checkpoint);
      await checkpoint.abort();
      keyed.notifyCheckpointAborted(2);
      keyed.notifyCheckpointComplete(2);
      expect(await filesIn(storage.directory)).toEqual(before);
      const third = await keyed.snapshot(3, storage);
      expect(paths(third).filter((path) => paths(second).includes(path))).toEqual(paths(first));
      await expectOnlyNeeded(storage);
    }));

  it('stores anew what the storage has not, or not any more', () =>
    withFirst(async ({ directory, storage, open }, keyed, first) => {
      const [lost = ''] = paths(first);
      await rm(join(storage.directory, lost));
      const second = await keyed.snapshot(2, storage);
      expect(paths(second)).not.toContain(lost);
      expect(await storage.verify(2)).toEqual([]);
      const other = new FileSystemCheckpointStorage(join(directory, 'other'));
      const third = await keyed.snapshot(3, other);
      expect(third.checkpointedSizeBytes).toBe(third.sizeBytes);
      await expectOnlyNeeded(other);
      const restored = await open({ ...OPTIONS, restore: { storage: other, handle: third } });
      expect(counts(restored, [0, 4999, 5000])).toEqual([1, 1, 0]);
    }));

  it('gives overlapping snapshots files of their own', () =>
    withFirst(async ({ storage, open }, keyed) => {
      const snapshots = [];
      for (const id of [2, 3, 4]) {
        count(keyed, [id]);
        const snapshot = keyed.snapshot(id, storage);
        await snapshot.captured;
        snapshots.push(snapshot.completed);
      }
      const handles = await Promise.all(snapshots);
      for (const [index, handle] of handles.entries()) {
        const restored = await open({ ...OPTIONS, restore: { storage, handle } });
        expect(counts(restored, [2, 3, 4])).toEqual([2, index > 0 ? 2 : 1, index > 1 ? 2 : 1]);
      }
      await storage.discard(3);
      await expectOnlyNeeded(storage);
    }));

  it('goes on with what was stored before a restore, by a new storage (T263)', () =>
    withFirst(async ({ storage, open }, keyed, first) => {
      await keyed.close();
      const again = new FileSystemCheckpointStorage(storage.directory);
      const handle = await again.open(1);
      const restored = await open({ ...OPTIONS, restore: { storage: again, handle } });
      count(restored, [0]);
      const second = await restored.snapshot(2, again);
      expect(paths(second)).toEqual(expect.arrayContaining(paths(first)));
      expect(second.backendId).not.toBe(first.backendId);
      await again.discard(1);
      await expectOnlyNeeded(again);
      const last = await open({ ...OPTIONS, restore: { storage: again, handle: second } });
      expect(counts(last, [0, 1, 4999])).toEqual([2, 1, 1]);
    }));
});

it('a full snapshot stores every file for itself', () =>
  withBackend(
    () => new EmbeddedRocksDBStateBackend(false),
    async ({ storage, open }) => {
      const keyed = await open(OPTIONS);
      count(keyed, upTo(100));
      for (const id of [1, 2]) {
        const handle = await keyed.snapshot(id, storage);
        expect(handle.checkpointedSizeBytes).toBe(handle.sizeBytes);
        expect(handle.files.every(({ path, shared }) => !shared && path.startsWith(`chk-${id}/`))).toBe(true);
      }
      await storage.discard(1);
      await expectOnlyNeeded(storage);
    },
  ));
