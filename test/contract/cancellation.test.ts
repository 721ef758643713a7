// What a signal ends ends as if it had not been begun, at whatever moment that is.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import {
  CancelledError,
  type FileSystemCheckpointStorage,
  JobManagerCheckpointStorage,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { Job } from '../support/rescaling.ts';
import { filesIn } from '../support/stored-files.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const TEXT = new ValueStateDescriptor('text', Types.STRING);
const KEYS = 200;
const REASON = new Error('No longer wanted.');

function fill(at: (key: number) => KeyedStateBackend<number>): void {
  for (let key = 0; key < KEYS; key++) {
    at(key).getState(TEXT).update(`${key}`.repeat(2000));
  }
}

/** Runs the work with a signal that is aborted after more and more turns of the event loop, until the work outruns it. */
async function cancelEverywhere<T>(
  work: (signal: AbortSignal) => PromiseLike<T>,
  onCancelled: (error: unknown) => Promise<void>,
): Promise<T> {
  for (let turns = 0; ; turns = Math.ceil(turns * 1.5) + 1) {
    const cancellation = new AbortController();
    let isDone = false;
    const outcome = Promise.resolve(work(cancellation.signal)).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const ended = outcome.finally(() => {
      isDone = true;
    });
    for (let turn = 0; turn < turns && !isDone; turn++) {
      await setImmediate();
    }
    cancellation.abort(REASON);
    const result = await ended;
    if ('value' in result) {
      return result.value;
    }
    await onCancelled(result.error);
  }
}

/** A checkpoint of two backends with half of the key groups each. */
async function checkpointOfHalves({ open }: Bench, storage: FileSystemCheckpointStorage | JobManagerCheckpointStorage) {
  const job = await Job.open(open, { keyType: Types.INT, maxParallelism: 128 }, { parallelism: 2 });
  fill((key) => job.at(key));
  const { handles } = await job.checkpoint(1, storage);
  await job.close();
  return handles;
}

describe.each(Object.entries(PLAIN_BACKENDS))('on %s', (_name, create) => {
  const inDirectory = (bench: Bench) => bench.storage;
  const inMemory = () => new JobManagerCheckpointStorage(64 * 1024 * 1024);

  test.each([
    ['a directory', inDirectory],
    ['memory', inMemory],
  ])('a restore from %s is cancelled anywhere, and leaves nothing behind (T262)', (_where, storageOf) =>
    withBackend(create, async (bench) => {
      const storage = storageOf(bench);
      const handles = await checkpointOfHalves(bench, storage);
      let cancelled = 0;
      const keyed = await cancelEverywhere(
        (signal) => bench.open({ keyType: Types.INT, restore: { storage, handles }, signal }),
        async (error) => {
          cancelled += 1;
          expect(error).toMatchObject({ name: 'CancelledError', code: 'ERR_CANCELLED', cause: REASON });
          expect(error).toMatchObject({ message: 'Opening the keyed backend was cancelled: No longer wanted.' });
          expect(await bench.leftovers()).toEqual([]);
        },
      );
      expect(cancelled).toBeGreaterThan(3);
      keyed.setCurrentKey(7);
      expect(keyed.getState(TEXT).value()).toBe('7'.repeat(2000));
    }),
  );

  test('what is cancelled before it begins touches nothing', () =>
    withBackend(create, async ({ open, localDir }) => {
      const opening = open({ keyType: Types.INT, signal: AbortSignal.abort('why not') });
      await expect(opening).rejects.toThrow(CancelledError);
      await expect(opening).rejects.toMatchObject({
        message: 'Opening the keyed backend was cancelled: why not.',
        cause: 'why not',
      });
      expect(existsSync(localDir)).toBe(false);
    }));

  test.each([
    ['a directory', inDirectory],
    ['memory', inMemory],
  ])('a snapshot to %s is cancelled anywhere, and the next one is complete', (_where, storageOf) =>
    withBackend(create, async (bench) => {
      const storage = storageOf(bench);
      const keyed = await bench.open({ keyType: Types.INT });
      fill((key) => {
        keyed.setCurrentKey(key);
        return keyed;
      });
      const [directory = ''] = await bench.leftovers();
      const before = await readdir(join(bench.localDir, directory));
      let cancelled = 0;
      const handle = await cancelEverywhere(
        (signal) => keyed.snapshot(1, storage, { signal }),
        async (error) => {
          cancelled += 1;
          expect(error).toMatchObject({ name: 'CheckpointError', cause: REASON });
          expect(error).toMatchObject({ message: 'Checkpoint 1 failed: No longer wanted.' });
          expect(await storage.list()).toEqual([]);
          expect(await storage.collectGarbage({ dryRun: true })).toEqual({ files: [], sizeBytes: 0 });
          expect(await filesIn(bench.storage.directory)).toEqual([]);
          expect(await readdir(join(bench.localDir, directory))).toEqual(before);
        },
      );
      expect(cancelled).toBeGreaterThan(3);
      expect(await storage.verify(1)).toEqual([]);
      const restored = await bench.open({ keyType: Types.INT, restore: { storage, handle } });
      restored.setCurrentKey(KEYS - 1);
      expect(restored.getState(TEXT).value()).toBe(`${KEYS - 1}`.repeat(2000));
    }),
  );

  test('a signal means nothing to what is complete', () =>
    withBackend(create, async ({ open, storage }) => {
      const cancellation = new AbortController();
      const { signal } = cancellation;
      const keyed = await open({ keyType: Types.INT, signal });
      await keyed.snapshot(1, storage, { signal });
      cancellation.abort();
      keyed.setCurrentKey(1);
      keyed.getState(TEXT).update('written');
      await keyed.snapshot(2, storage);
      expect(await storage.list()).toEqual([1, 2]);
    }));

  test('what is no signal is refused', () =>
    withBackend(create, async ({ open, storage }) => {
      const signal = { aborted: false } as AbortSignal;
      const invalid = { name: 'TypeError', code: 'ERR_INVALID_SIGNAL' };
      await expect(open({ keyType: Types.INT, signal })).rejects.toMatchObject(invalid);
      const keyed = await open({ keyType: Types.INT });
      expect(() => keyed.snapshot(1, storage, { signal })).toThrow(expect.objectContaining(invalid));
    }));
});
