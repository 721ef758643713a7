// What is cancelled ends at once, although the store has stopped to answer.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredFile } from '../../lib/api/checkpoint.ts';
import {
  EmbeddedRocksDBStateBackend,
  type KeyedStateBackend,
  S3CheckpointStorage,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { ACCESS, type S3Server, startS3rver } from '../support/s3-server.ts';
import { StallingProxy } from '../support/stalling-proxy.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const TEXT = new ValueStateDescriptor('text', Types.STRING);
const REASON = new Error('No longer wanted.');
const CHECKPOINT = { name: 'CheckpointError', cause: REASON };

let server: S3Server;
beforeAll(async () => {
  server = await startS3rver();
});
afterAll(() => server.close());

interface Stalled {
  readonly bench: Bench;
  readonly proxy: StallingProxy;
  readonly storage: S3CheckpointStorage;
  readonly keyed: KeyedStateBackend<number>;
  readonly prefix: string;
  /** A signal that is aborted when the proxy first stalls. */
  readonly signal: AbortSignal;
}

let prefixes = 0;

function withStalled(work: (stalled: Stalled) => Promise<void>): Promise<void> {
  return withBackend(
    () => new EmbeddedRocksDBStateBackend(true),
    async (bench) => {
      await using proxy = await StallingProxy.start(server.endpoint);
      const prefix = `cancelled/${prefixes++}`;
      const storage = new S3CheckpointStorage(`s3://checkpoints/${prefix}`, { ...ACCESS, endpoint: proxy.endpoint });
      const keyed = await bench.open({ keyType: Types.INT });
      keyed.setCurrentKey(7);
      keyed.getState(TEXT).update('x'.repeat(1000));
      const cancellation = new AbortController();
      proxy.onStall = () => cancellation.abort(REASON);
      await work({ bench, proxy, storage, keyed, prefix, signal: cancellation.signal });
    },
  );
}

describe('a store that has stopped to answer', () => {
  test.each([/\.sst$/, /\/CURRENT$/, /\/MANIFEST-/])('does not hold up a cancelled upload of %s', (path) =>
    withStalled(async ({ bench, proxy, storage, keyed, prefix, signal }) => {
      proxy.stalls = (method, asked) => method === 'PUT' && path.test(asked);
      await expect(keyed.snapshot(1, storage, { signal })).rejects.toMatchObject(CHECKPOINT);
      expect(await server.keys(prefix)).toEqual([]);
      proxy.stalls = () => false;
      await keyed.snapshot(1, storage);
      expect(await storage.verify(1)).toEqual([]);
      expect(await bench.leftovers()).toHaveLength(1);
    }),
  );

  test.each([/\.sst$/, /\/CURRENT$/, /\/MANIFEST-/])('does not hold up a cancelled restore of %s (T262)', (path) =>
    withStalled(async ({ bench, proxy, storage, keyed, signal }) => {
      const handle = await keyed.snapshot(1, storage);
      proxy.stalls = (method, asked) => method === 'GET' && path.test(asked);
      const restore = { storage, handle };
      await expect(bench.open({ keyType: Types.INT, restore, signal })).rejects.toMatchObject({
        name: 'CancelledError',
        cause: REASON,
      });
      expect(await bench.leftovers()).toHaveLength(1);
      proxy.stalls = () => false;
      const restored = await bench.open({ keyType: Types.INT, restore });
      restored.setCurrentKey(7);
      expect(restored.getState(TEXT).value()).toBe('x'.repeat(1000));
    }),
  );

  test('does not hold up a cancelled download, of which no file is left (T190)', () =>
    withStalled(async ({ bench, proxy, storage, keyed, signal }) => {
      const handle = await keyed.snapshot(1, storage);
      const file = handle.files.find(({ name }) => name.endsWith('.sst')) as StoredFile;
      proxy.stalls = (method) => method === 'GET';
      const target = join(bench.directory, 'target');
      await expect(storage.download(handle, file, target, signal)).rejects.toBe(REASON);
      proxy.stalls = () => false;
      await storage.download(handle, file, target);
    }));
});
