// Environments for tests of jobs: on each backend, in a fresh directory that is removed at the end.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateBackend } from '../../lib/api/backend.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import type { ConfigurationEntries } from '../../lib/config/configuration.ts';
import { StreamExecutionEnvironment } from '../../lib/job/stream-execution-environment.ts';

/** The backends that jobs are tested on. */
export const JOB_BACKENDS: Readonly<Record<string, () => StateBackend>> = {
  HashMap: () => new HashMapStateBackend(),
  RocksDB: () => new EmbeddedRocksDBStateBackend(true),
};

/** What a test of jobs gets. */
export interface JobBench {
  readonly directory: string;
  readonly checkpoints: string;
  /** An environment on the backend, with checkpoints in `checkpoints`. */
  environment(config?: ConfigurationEntries): StreamExecutionEnvironment;
}

export async function withJobs(create: () => StateBackend, test: (bench: JobBench) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-job-'));
  const checkpoints = join(directory, 'checkpoints');
  try {
    await test({
      ...{ directory, checkpoints },
      environment(config = {}) {
        const env = StreamExecutionEnvironment.getExecutionEnvironment(config).setStateBackend(create());
        env.getCheckpointConfig().setCheckpointStorage(checkpoints);
        return env;
      },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
