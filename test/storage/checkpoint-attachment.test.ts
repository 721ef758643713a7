import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StateReader } from '../../lib/index.ts';
import type { CheckpointRetention } from '../../lib/storage/checkpoint-retention.ts';
import type { CheckpointStore } from '../../lib/storage/checkpoint-store.ts';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';
import { JobManagerCheckpointStorage } from '../../lib/storage/job-manager-checkpoint-storage.ts';
import { serverForTests, startS3rver } from '../support/s3-server.ts';
import { handleOf, withStore } from '../support/stored-checkpoints.ts';
import { filesIn } from '../support/stored-files.ts';
import { withDirectory } from '../support/with-db.ts';

const ATTACHMENT = { positions: [1, 2.5, null], name: 'µ\n"' } as const;

/** What a test gets: storages on the same place. Those in memory are one. */
type Open = (retention?: CheckpointRetention) => CheckpointStore;

const withServer = serverForTests('s3rver', startS3rver);
let prefixes = 0;

type Context = Parameters<ReturnType<typeof withServer>>[0];
const STORES: Readonly<Record<string, (work: (open: Open) => Promise<void>, context: Context) => Promise<void>>> = {
  'a directory': (work) =>
    withDirectory(({ directory }) => work((options) => new FileSystemCheckpointStorage(directory, options))),
  async memory(work) {
    let storage: CheckpointStore | undefined;
    await work((options) => {
      storage ??= new JobManagerCheckpointStorage(undefined, options);
      return storage;
    });
  },
  'an object store': (work, context) =>
    withServer((server) => {
      const prefix = `attachments/${prefixes++}`;
      return work((options) => server.storage(prefix, options));
    })(context),
};

describe.each(Object.entries(STORES))('a checkpoint without any keyed state in %s', (_name, withStorage) => {
  test('is complete, listed, opened with its attachment, verified and discarded', (context) =>
    withStorage(async (open) => {
      const storage = open();
      const begun = await storage.begin(3);
      const completed = await begun.complete([], ATTACHMENT);
      expect(completed).toEqual({
        ...{ checkpointId: 3, handles: [], attachment: ATTACHMENT },
        location: expect.stringMatching(/chk-3$/),
      });
      const again = open();
      expect(await again.list()).toEqual([3]);
      expect(await again.openCheckpoint(3)).toEqual(completed);
      expect(await again.latestCheckpoint()).toEqual(completed);
      expect(await again.verify(3)).toEqual([]);
      await expect(again.open(3)).rejects.toThrow('has the handles of 0 backends');
      await expect(again.begin(3)).rejects.toThrow('Checkpoint 3 exists already');
      expect(await again.collectGarbage()).toEqual({ files: [], sizeBytes: 0 });
      expect(await again.list()).toEqual([3]);
      await again.discard(3);
      expect(await open().list()).toEqual([]);
    }, context));

  test('is one of those to retain, unless it is protected', (context) =>
    withStorage(async (open) => {
      const storage = open({ retained: 2 });
      for (const id of [1, 2, 3, 4]) {
        await (await storage.begin(id)).complete([], { id });
        if (id === 1) {
          await storage.protect(1);
        }
      }
      expect(await storage.list()).toEqual([1, 3, 4]);
    }, context));

  test('is gone when it is aborted', (context) =>
    withStorage(async (open) => {
      const storage = open();
      await (await storage.begin(1)).abort();
      expect(await storage.list()).toEqual([]);
      await (await storage.begin(1)).complete([]);
      const { attachment } = await storage.openCheckpoint(1);
      expect(attachment).toBeUndefined();
    }, context));
});

test('what is attached to a checkpoint of an earlier release is nothing', () =>
  withStore(async ({ storage, store }) => {
    await store(1, [], ['a']);
    const path = join(storage.directory, 'chk-1', '_metadata');
    const [body = ''] = (await readFile(path, 'utf8')).split('\n');
    expect(Object.keys(JSON.parse(body).checkpoint)).toEqual(['checkpointId', 'handles']);
    expect(await storage.openCheckpoint(1)).not.toHaveProperty('attachment');
  }));

test('an attachment of the whole is state that no reader knows, of every operator', () =>
  withStore(async ({ storage, upload }) => {
    const checkpoint = await storage.begin(1);
    const file = await upload(checkpoint, 'CURRENT', false);
    await checkpoint.complete([handleOf(1, [file])], ATTACHMENT);
    expect(await filesIn(storage.directory)).toEqual(['chk-1/CURRENT', 'chk-1/_metadata']);
    await using reader = await StateReader.open(join(storage.directory, 'chk-1'));
    expect(reader.operators.map(({ opaque }) => opaque)).toEqual([['attachment']]);
  }));
