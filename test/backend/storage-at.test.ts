import { afterEach, describe, expect, test, vi } from 'vitest';
import { Configuration, loadCheckpointStorage, S3CheckpointStorage } from '../../lib/index.ts';
import { ACCESS, startS3rver } from '../support/s3-server.ts';

describe('the configuration of an object store', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('is that of Flink', async () => {
    const server = await startS3rver();
    try {
      const entries = {
        'execution.checkpointing.dir': 's3://checkpoints/configured',
        's3.endpoint': server.endpoint,
        's3.path.style.access': true,
      };
      const keys = { 's3.access-key': ACCESS.credentials.accessKeyId, 's3.secret-key': 'S3RVER' };
      const configured = await loadCheckpointStorage(new Configuration({ ...entries, ...keys }));
      expect(configured).toBeInstanceOf(S3CheckpointStorage);
      expect(await (configured as S3CheckpointStorage).list()).toEqual([]);

      vi.stubEnv('AWS_ACCESS_KEY_ID', 'nobody');
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'at all');
      const fromEnvironment = (await loadCheckpointStorage(new Configuration(entries))) as S3CheckpointStorage;
      await expect(fromEnvironment.list()).rejects.toThrow(/InvalidAccessKeyId/);
    } finally {
      await server.close();
    }
  });

  test('is refused with half of the credentials', async () => {
    const entries = { 'execution.checkpointing.dir': 's3a://bucket/path', 's3.access-key': 'id' };
    await expect(loadCheckpointStorage(new Configuration(entries))).rejects.toThrow(
      /'s3\.access-key' needs 's3\.secret-key' as well/,
    );
  });
});
