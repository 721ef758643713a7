// What the program that loads a job's module has decided for it: `rockstate run` sets the configuration, and watches the job.

import type { MetricGroup } from '../api/metrics.ts';
import type { Configuration } from '../config/configuration.ts';
import type { RestoredJob } from './coordinator/restored-job.ts';
import type { JobClient } from './job-client.ts';
import type { Deployment } from './runtime/task-executor.ts';

/** What a job's module finds around it. */
export interface Ambient {
  /** Settings that the module has not made in code. */
  readonly configuration: Configuration;
  /** State to begin with, where the module does not say. */
  readonly fromSavepoint?: string | undefined;
  /** Threads to run it in, where the module does not say. */
  readonly workers?: { readonly count: number; readonly module: string } | undefined;
  /** Called with each job that the module executes. */
  started(client: JobClient): void;
  /** In a worker of a job: takes the job that the module defines, instead of its being executed. */
  join?(job: WorkerJob): void;
}

/** What a worker takes from its module. */
export type WorkerJob = Omit<
  Deployment,
  'slot' | 'restored' | 'attemptNumber' | 'metricGroup' | 'signal' | 'placement'
> & {
  readonly metrics: MetricGroup;
  /** Opens what the job was started with. */
  openRestored(location: string): Promise<RestoredJob>;
};

// The module may load another copy of this library than its loader.
const AMBIENT = Symbol.for('rockstate.job.ambient');

export function ambient(): Ambient | undefined {
  return (globalThis as { [AMBIENT]?: Ambient })[AMBIENT];
}

export function setAmbient(value: Ambient): void {
  (globalThis as { [AMBIENT]?: Ambient })[AMBIENT] = value;
}
