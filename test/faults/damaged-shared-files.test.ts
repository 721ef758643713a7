// Damage to files that several checkpoints share: what each of them can still give, and that the job goes on.
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { KeyedStateHandle } from '../../lib/api/checkpoint.ts';
import { EmbeddedRocksDBStateBackend, FileSystemCheckpointStorage, RestoreError, Types } from '../../lib/index.ts';
import { count, counts, upTo } from '../support/counters.ts';
import { expectOnlyNeeded } from '../support/stored-files.ts';
import { withBackend } from '../support/with-backend.ts';

const OPTIONS = { keyType: Types.INT };

const DAMAGE: Readonly<Record<string, (path: string) => Promise<void>>> = {
  deleted: (path) => rm(path),
  truncated: (path) => truncate(path, 10),
  'with a flipped byte': async (path) => {
    const bytes = await readFile(path);
    bytes[50] = (bytes[50] ?? 0) ^ 1;
    await writeFile(path, bytes);
  },
};

function sharedOnlyWith(handle: KeyedStateHandle, other: KeyedStateHandle): string {
  const paths = other.files.filter(({ shared }) => shared).map(({ path }) => path);
  const own = handle.files.find(({ path, shared }) => shared && !paths.includes(path));
  return own?.path ?? 'none';
}

it.each(Object.entries(DAMAGE))(
  'a shared table that is %s condemns the checkpoints with it, and no other',
  (_what, damage) =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend(true),
      async ({ open, storage, leftovers }) => {
        const keyed = await open(OPTIONS);
        const handles = [];
        for (const id of [1, 2, 3]) {
          count(keyed, upTo(300));
          handles.push(await keyed.snapshot(id, storage));
        }
        const [first, second, third] = handles as [KeyedStateHandle, KeyedStateHandle, KeyedStateHandle];
        const path = sharedOnlyWith(second, first);
        expect(third.files.map((file) => file.path)).toContain(path);
        await damage(join(storage.directory, path));

        expect(await storage.verify(1)).toEqual([]);
        for (const [id, handle] of [
          [2, second],
          [3, third],
        ] as const) {
          expect(await storage.verify(id)).toEqual([
            { file: handle.files.find((file) => file.path === path), problem: expect.any(String) },
          ]);
          const before = await leftovers();
          await expect(open({ ...OPTIONS, restore: { storage, handle } })).rejects.toThrow(RestoreError);
          await expect(open({ ...OPTIONS, restore: { storage, handle } })).rejects.toMatchObject({
            message: expect.stringContaining(join(storage.directory, path)),
            fallbackCheckpointId: id - 1,
          });
          expect(await leftovers()).toEqual(before);
        }
        const restored = await open({ ...OPTIONS, restore: { storage, handle: first } });
        expect(counts(restored, [0, 299])).toEqual([1, 1]);
        const fourth = await restored.snapshot(4, storage);
        expect(await storage.verify(4)).toEqual([]);
        expect(fourth.files.map((file) => file.path)).not.toContain(path);
        await storage.discard(2);
        await storage.discard(3);
        await expectOnlyNeeded(storage);
      },
    ),
);

it('a job goes on past truncated metadata, from the checkpoint before', () =>
  withBackend(
    () => new EmbeddedRocksDBStateBackend(true),
    async ({ open, storage }) => {
      const keyed = await open(OPTIONS);
      for (const id of [1, 2]) {
        count(keyed, upTo(300));
        await keyed.snapshot(id, storage);
      }
      await keyed.close();
      await truncate(join(storage.directory, 'chk-2', '_metadata'), 30);
      const again = new FileSystemCheckpointStorage(storage.directory, { retained: 1 });
      await expect(again.latest()).rejects.toMatchObject({ name: 'RestoreError', fallbackCheckpointId: 1 });
      const handle = await again.open(1);
      const restored = await open({ ...OPTIONS, restore: { storage: again, handle } });
      expect(counts(restored, [0])).toEqual([1]);
      const third = await restored.snapshot(3, again);
      expect(third.checkpointedSizeBytes).toBeLessThan(third.sizeBytes);
      expect(await again.list()).toEqual([3]);
      await expectOnlyNeeded(again);
    },
  ));
