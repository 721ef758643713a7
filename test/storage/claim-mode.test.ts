import { describe, expect, test } from 'vitest';
import type { RecoveryClaimMode, TransferProgress } from '../../lib/api/checkpoint.ts';
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  type KeyedStateHandle,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);
const incremental = () => new EmbeddedRocksDBStateBackend(true);

/** Checkpoint 1 of one backend, then checkpoint 2 of one that is restored from it. */
async function goOn(
  { open, storage }: Bench,
  claimMode?: RecoveryClaimMode,
): Promise<[KeyedStateHandle, KeyedStateHandle]> {
  const keyed = await open({ keyType: Types.LONG });
  for (let key = 0; key < 2000; key++) {
    keyed.setCurrentKey(key);
    keyed.getState(COUNT).update(key);
  }
  const first = await keyed.snapshot(1, storage);
  const mode = claimMode === undefined ? {} : { claimMode };
  const restored = await open({ keyType: Types.LONG, restore: { storage, handle: first, ...mode } });
  restored.setCurrentKey(5000);
  restored.getState(COUNT).update(1);
  return [first, await restored.snapshot(2, storage)];
}

function tables({ files }: KeyedStateHandle): string[] {
  return files.filter(({ name }) => name.endsWith('.sst')).map(({ path }) => path);
}

describe('a restored checkpoint', () => {
  test.each([undefined, 'CLAIM' as const])(
    'that is claimed (%s) is built upon, and deleted by retention',
    (claimMode) =>
      withBackend(incremental, async (bench) => {
        const storage = new FileSystemCheckpointStorage(bench.storage.directory, { retained: 1 });
        const [first, second] = await goOn({ ...bench, storage }, claimMode);
        expect(tables(second)).toEqual(expect.arrayContaining(tables(first)));
        expect(second.checkpointedSizeBytes).toBeLessThan(second.sizeBytes);
        expect(await storage.list()).toEqual([2]);
        expect(await storage.verify(2)).toEqual([]);
      }),
  );

  test('that is not claimed is not built upon, and never deleted by retention', () =>
    withBackend(incremental, async (bench) => {
      const storage = new FileSystemCheckpointStorage(bench.storage.directory, { retained: 1 });
      const [first, second] = await goOn({ ...bench, storage }, 'NO_CLAIM');
      expect(tables(second).filter((path) => tables(first).includes(path))).toEqual([]);
      expect(second.checkpointedSizeBytes).toBe(second.sizeBytes);
      expect(await storage.list()).toEqual([1, 2]);
      // Also not by a process that knows nothing of the restore.
      const later = new FileSystemCheckpointStorage(bench.storage.directory, { retained: 1 });
      const keyed = await bench.open({ keyType: Types.LONG, restore: { storage: later, handle: second } });
      await keyed.snapshot(3, later);
      expect(await later.list()).toEqual([1, 3]);
      expect(await later.verify(1)).toEqual([]);
      await later.discard(1);
      expect(await later.list()).toEqual([3]);
    }));
});

test('uploads and downloads tell how far they are', () =>
  withBackend(incremental, async ({ open, storage }) => {
    const keyed = await open({ keyType: Types.LONG });
    keyed.setCurrentKey(1);
    keyed.getState(COUNT).update(1);
    const up: TransferProgress[] = [];
    const handle = await keyed.snapshot(1, storage, { onProgress: (progress) => up.push(progress) });
    const down: TransferProgress[] = [];
    await open({ keyType: Types.LONG, restore: { storage, handle, onProgress: (progress) => down.push(progress) } });
    const { files, sizeBytes: bytes } = handle;
    for (const events of [up, down]) {
      expect(events.map(({ filesDone }) => filesDone)).toEqual(files.map((_, index) => index + 1));
      expect(events.at(-1)).toEqual({ files: files.length, filesDone: files.length, bytes, bytesDone: bytes });
    }
  }));
