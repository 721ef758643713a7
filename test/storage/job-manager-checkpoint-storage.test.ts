import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  CheckpointError,
  JobManagerCheckpointStorage,
  RestoreError,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const TEXT = new ValueStateDescriptor('text', Types.STRING);

describe.each(Object.entries(PLAIN_BACKENDS))('checkpoints of %s in memory', (_name, create) => {
  test('are listed, restored and discarded', () =>
    withBackend(create, async ({ open }) => {
      const storage = new JobManagerCheckpointStorage();
      const keyed = await open({ keyType: Types.INT });
      for (const id of [1, 2]) {
        keyed.setCurrentKey(7);
        keyed.getState(TEXT).update(`as of ${id}`);
        await keyed.snapshot(id, storage);
      }
      expect(await storage.list()).toEqual([1, 2]);
      const restored = await open({ keyType: Types.INT, restore: { storage, handle: await storage.open(1) } });
      restored.setCurrentKey(7);
      expect(restored.getState(TEXT).value()).toBe('as of 1');
      await expect(async () => keyed.snapshot(2, storage)).rejects.toThrow(CheckpointError);
      await storage.discard(2);
      expect((await storage.latest())?.checkpointId).toBe(1);
      await expect(storage.open(2)).rejects.toThrow(RestoreError);
    }));

  test('are refused when a file is larger than the limit, and nothing of them stays', () =>
    withBackend(create, async ({ open, leftovers }) => {
      const storage = new JobManagerCheckpointStorage(100_000);
      const keyed = await open({ keyType: Types.INT });
      keyed.setCurrentKey(1);
      // Compression does not make it small.
      const value = randomBytes(300_000).toString('base64');
      keyed.getState(TEXT).update(value);
      const before = await leftovers();
      await expect(keyed.snapshot(1, storage).completed).rejects.toThrow(/larger than the 100000 bytes/);
      expect(await storage.latest()).toBeUndefined();
      expect(await leftovers()).toEqual(before);
      keyed.getState(TEXT).update('small');
      await keyed.snapshot(2, new JobManagerCheckpointStorage());
    }));
});

test.each([0, -1, 1.5, Number.NaN])('a limit of %s bytes is refused', (limit) => {
  expect(() => new JobManagerCheckpointStorage(limit)).toThrow(/maxStateSize must be a positive number/);
});
