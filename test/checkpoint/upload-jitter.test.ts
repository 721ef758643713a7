import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { EmbeddedRocksDBStateBackend, Types, ValueStateDescriptor } from '../../lib/index.ts';
import { observeUploads } from '../support/observed-storage.ts';
import { filesIn } from '../support/stored-files.ts';
import { withBackend } from '../support/with-backend.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);
const withJitter = (jitter: string) => () =>
  new EmbeddedRocksDBStateBackend(true).configure({ 'state.backend.rocksdb.checkpoint.upload-jitter': jitter });

describe('with a jitter, a snapshot', () => {
  test.each(['close', 'signal'])('that waits to upload is ended by %s, and leaves nothing', (by) =>
    // So long that no upload begins while the test runs, but by the rarest of chances.
    withBackend(withJitter('20 d'), async ({ open, storage, leftovers }) => {
      const cancellation = new AbortController();
      const keyed = await open({ keyType: Types.INT, states: [COUNT] });
      const uploads: string[] = [];
      const observed = observeUploads(storage, (upload, name) => {
        uploads.push(name);
        return upload();
      });
      const { captured, completed } = keyed.snapshot(1, observed, { signal: cancellation.signal });
      await captured;
      for (let turn = 0; turn < 100; turn++) {
        await setImmediate();
      }
      await (by === 'close' ? keyed.close() : cancellation.abort(new Error('No longer wanted.')));
      await expect(completed).rejects.toThrow(
        /^Checkpoint 1 failed: (The keyed backend was closed|No longer wanted)\.$/,
      );
      expect(uploads).toEqual([]);
      expect(await filesIn(storage.directory)).toEqual([]);
      expect(await leftovers()).toHaveLength(by === 'close' ? 0 : 1);
    }),
  );

  test('waits for no file that is stored already', () =>
    withBackend(withJitter('5 ms'), async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.INT });
      keyed.setCurrentKey(1);
      keyed.getState(COUNT).update(1);
      await keyed.snapshot(1, storage);
      const handle = await keyed.snapshot(2, storage);
      expect(handle.checkpointedSizeBytes).toBeLessThan(handle.sizeBytes);
      expect(await storage.verify(2)).toEqual([]);
    }));
});

test('a jitter is no negative time', () => {
  expect(withJitter('-1 ms')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' }));
});
