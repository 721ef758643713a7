// Waits for what becomes of a job, by looking, not by time.
import { setTimeout as wait } from 'node:timers/promises';
import type { JobClient } from '../../lib/job/job-client.ts';

/** Settles when the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await wait(1);
  }
}

/** As {@link until}. Rejects when the job ends before. */
export async function untilJob(client: JobClient, condition: () => boolean): Promise<void> {
  let end: unknown;
  client.result.then(
    () => {
      end = new Error(`Job '${client.jobName}' has finished.`);
    },
    (error) => {
      end = error;
    },
  );
  await until(() => end !== undefined || condition());
  if (!condition()) {
    throw end;
  }
}

export function untilRunning(client: JobClient): Promise<void> {
  return untilJob(client, () => client.status === 'RUNNING');
}

export function untilCheckpoints(client: JobClient, completed: number): Promise<void> {
  return untilJob(client, () => client.checkpointStatistics.counts.completed >= completed);
}

/** Something that is held up until it is released. */
export class Held {
  /** Whether somebody waits. */
  isReached = false;
  readonly #released: Promise<void>;
  release!: () => void;

  constructor() {
    this.#released = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  hold(): Promise<void> {
    this.isReached = true;
    return this.#released;
  }
}
