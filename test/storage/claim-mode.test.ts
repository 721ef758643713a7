import { describe, expect, test } from 'vitest';
import type { RecoveryClaimMode, TransferProgress } from '../../lib/api/checkpoint.ts';
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  HashMapStateBackend,
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

describe('the claim mode of the configuration', () => {
  const MODE = 'execution.state-recovery.claim-mode';
  const configured = (mode: string) => () => new EmbeddedRocksDBStateBackend(true).configure({ [MODE]: mode });

  test.each([
    // [configured, said by the program, whether files are built upon, what retention leaves]
    ['CLAIM', undefined, true, [2]],
    ['NO_CLAIM', undefined, false, [1, 2]],
    ['LEGACY', undefined, true, [1, 2]],
    ['NO_CLAIM', 'CLAIM' as const, true, [2]],
    ['CLAIM', 'LEGACY' as const, true, [1, 2]],
  ])('is %s, where the program says %s', (mode, said, isBuiltUpon, left) =>
    withBackend(configured(mode), async (bench) => {
      const storage = new FileSystemCheckpointStorage(bench.storage.directory, { retained: 1 });
      const [first, second] = await goOn({ ...bench, storage }, said);
      expect(tables(second).some((path) => tables(first).includes(path))).toBe(isBuiltUpon);
      expect(await storage.list()).toEqual(left);
      expect(await storage.verify(2)).toEqual([]);
    }),
  );

  test.each([undefined, 'NO_CLAIM' as const])('holds for state in memory as well, which is said to be %s', (said) =>
    withBackend(
      () => new HashMapStateBackend().configure(said === undefined ? { [MODE]: 'NO_CLAIM' } : {}),
      async (bench) => {
        const storage = new FileSystemCheckpointStorage(bench.storage.directory, { retained: 1 });
        await goOn({ ...bench, storage }, said);
        expect(await storage.list()).toEqual([1, 2]);
        expect(await storage.verify(1)).toEqual([]);
      },
    ),
  );

  test('leaves nothing behind where the checkpoint can not be protected', () =>
    withBackend(incremental, async ({ open, storage, leftovers }) => {
      const keyed = await open({ keyType: Types.LONG });
      const handle = await keyed.snapshot(1, storage);
      const readOnly = {
        begin: (id: number) => storage.begin(id),
        download: (...args: Parameters<typeof storage.download>) => storage.download(...args),
        protect: () => Promise.reject(new Error('Read-only.')),
      };
      const restore = { storage: readOnly, handle, claimMode: 'NO_CLAIM' as const };
      await expect(open({ keyType: Types.LONG, restore })).rejects.toThrow('Read-only.');
      expect(await leftovers()).toHaveLength(1);
    }));

  test('is one of three', () =>
    withBackend(incremental, async ({ open, storage }) => {
      expect(configured('MINE')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' }));
      const handle = await (await open({ keyType: Types.LONG })).snapshot(1, storage);
      const claimMode = 'MINE' as 'CLAIM';
      await expect(open({ keyType: Types.LONG, restore: { storage, handle, claimMode } })).rejects.toMatchObject({
        name: 'TypeError',
        code: 'ERR_INVALID_CLAIM_MODE',
      });
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
