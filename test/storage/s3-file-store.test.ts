import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { serverForTests, startMoto } from '../support/s3-server.ts';
import { withDirectory } from '../support/with-db.ts';

const MIB = 1024 * 1024;

let prefixes = 0;
const newPrefix = () => `jobs/${prefixes++}`;

// Only moto tells which uploads are unfinished.
describe('uploads in parts', () => {
  const withServer = serverForTests('moto', startMoto);

  test(
    'that are cancelled end their uploads',
    withServer((server) =>
      withDirectory(async ({ directory }) => {
        const prefix = newPrefix();
        const storage = server.storage(prefix, { partSizeBytes: 5 * MIB, partsAtOnce: 1 });
        await writeFile(join(directory, 'source'), randomBytes(60 * MIB));
        const cancel = new AbortController();
        const writer = await storage.begin(1);
        const options = { name: 'f', backendId: 'b', shared: true, signal: cancel.signal };
        const uploading = writer.upload(join(directory, 'source'), options);
        await vi.waitUntil(async () => (await server.unfinished(prefix)).length > 0, { interval: 5 });
        // What is under way is no garbage.
        expect(await storage.collectGarbage()).toEqual({ files: [], sizeBytes: 0 });
        expect(await server.unfinished(prefix)).toEqual([expect.stringMatching(/^shared\//)]);
        cancel.abort(new Error('cancelled by the test'));
        await expect(uploading).rejects.toThrow('cancelled by the test');
        expect(await server.unfinished(prefix)).toEqual([]);
        await writer.abort();
        expect(await server.keys(prefix)).toEqual([]);
      }),
    ),
  );

  test(
    'collect uploads that a crash has left',
    withServer(async (server) => {
      const prefix = newPrefix();
      for (const path of ['shared/b-000001.sst', 'chk-3/000002.sst', 'elsewhere/file']) {
        const target = { Bucket: 'checkpoints', Key: `${prefix}/${path}` };
        const { UploadId } = await server.client.createMultipartUpload(target);
        await server.client.uploadPart({ ...target, UploadId, PartNumber: 1, Body: 'begun' });
      }
      const storage = server.storage(prefix);
      await storage.collectGarbage({ dryRun: true });
      expect(await server.unfinished(prefix)).toHaveLength(3);
      await storage.collectGarbage();
      expect(await server.unfinished(prefix)).toEqual(['elsewhere/file']);
    }),
  );

  test(
    'are uploaded in parts of the size that was asked for',
    withServer((server) =>
      withDirectory(async ({ directory }) => {
        const prefix = newPrefix();
        await writeFile(join(directory, 'source'), randomBytes(13 * MIB));
        for (const [partSizeBytes, parts] of [
          [5 * MIB, 3],
          [6.5 * MIB, 2],
        ] as const) {
          const writer = await server.storage(prefix, { partSizeBytes }).begin(parts);
          await writer.upload(join(directory, 'source'), { name: 'f', backendId: 'b', shared: false });
          const { ETag } = await server.client.headObject({
            Bucket: 'checkpoints',
            Key: `${prefix}/chk-${parts}/f`,
          });
          expect(ETag).toMatch(new RegExp(`-${parts}"$`));
        }
      }),
    ),
  );
});
