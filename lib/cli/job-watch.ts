// Sees the jobs of a process through: tells of their progress, ends them on signals, and says how it all ended.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { CancelledError } from '../errors.ts';
import type { JobClient } from '../job/job-client.ts';
import { UsageError } from './command-line.ts';
import { ProgressLine } from './progress-line.ts';

/** What to do with jobs. */
export interface WatchOptions {
  readonly progressSeconds: number | undefined;
  /** How jobs are stopped with a savepoint on a signal; without it, they are cancelled. */
  readonly stop: { readonly directory?: string | undefined; readonly drain: boolean } | undefined;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
// For what a module has left open when its jobs were ended by a signal.
const LINGER_MS = 2000;

export class JobWatch {
  readonly #options: WatchOptions;
  readonly #progress: ProgressLine;
  readonly #running = new Map<JobClient, Promise<void>>();
  // How jobs have failed: their modules may hear of it, too, and let it go on to here.
  readonly #told = new Set<unknown>();
  #hasJob = false;
  #firstStarted: (() => void) | undefined;
  #signal: (typeof SIGNALS)[number] | undefined;
  #status = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#progress = new ProgressLine(options.progressSeconds);
  }

  /** A job begins. */
  started(client: JobClient): void {
    this.#hasJob = true;
    const ended = this.#see(client);
    this.#running.set(client, ended);
    this.#firstStarted?.();
    if (this.#signal !== undefined) {
      this.#end(client);
    }
  }

  /**
   * Lets jobs start, and waits for their end; answers the exit code.
   *
   * @throws UsageError (as a rejection) when that is what `start` throws.
   */
  async over(start: () => Promise<unknown>): Promise<number> {
    for (const signal of SIGNALS) {
      process.on(signal, this.#onSignal);
    }
    process.on('unhandledRejection', this.#onRejection);
    try {
      await start();
      if (!this.#hasJob) {
        await this.#firstJob();
      }
    } catch (error) {
      if (error instanceof UsageError) {
        throw error;
      }
      this.#failed(error);
      await Promise.all([...this.#running.keys()].map((client) => client.cancel()));
    }
    while (this.#running.size > 0) {
      await Promise.all(this.#running.values());
    }
    if (!this.#hasJob && this.#status === 0 && this.#signal === undefined) {
      this.#failed('The module has executed no job: it has to call execute() of a StreamExecutionEnvironment.');
    }
    return this.#finish();
  }

  #finish(): number {
    if (this.#signal !== undefined) {
      setTimeout(() => process.exit(), LINGER_MS).unref();
    }
    return this.#status;
  }

  // A module need not wait for what it executes, and may take its time before; when nothing is left to be done, none comes.
  #firstJob(): Promise<void> {
    return new Promise((resolve) => {
      this.#firstStarted = resolve;
      process.once('beforeExit', () => resolve());
    });
  }

  async #see(client: JobClient): Promise<void> {
    this.#progress.watch(client);
    try {
      await client.result;
    } catch (error) {
      const isCancelled = error instanceof CancelledError || client.status === 'CANCELED';
      if (isCancelled) {
        this.#told.add(error);
      } else {
        this.#failed(error);
      }
    } finally {
      this.#progress.ended(client);
      this.#running.delete(client);
    }
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    const status = 128 + constants.signals[signal];
    if (this.#signal !== undefined) {
      process.exit(status);
    }
    this.#signal = signal as (typeof SIGNALS)[number];
    const { stop } = this.#options;
    this.#progress.say(`${signal}: the ${stop === undefined ? 'job is cancelled' : 'job is stopped with a savepoint'}`);
    if (!this.#hasJob) {
      process.exit(status);
    }
    for (const client of [...this.#running.keys()]) {
      this.#end(client);
    }
  };

  async #end(client: JobClient): Promise<void> {
    const { stop } = this.#options;
    // One that does not run has nothing new to be saved.
    if (stop !== undefined && client.status === 'RUNNING' && (await this.#stop(client, stop))) {
      return;
    }
    if (client.status !== 'FINISHED' && this.#status === 0) {
      this.#setStatus(128 + constants.signals[this.#signal ?? 'SIGTERM']);
    }
    await client.cancel();
    const newest = client.latestCheckpoint;
    if (client.status === 'CANCELED' && newest !== undefined) {
      this.#progress.say(`The newest checkpoint of '${client.jobName}' is ${newest.location}`);
    }
  }

  // Whether the job has ended with a savepoint.
  async #stop(client: JobClient, stop: NonNullable<WatchOptions['stop']>): Promise<boolean> {
    const { directory, drain } = stop;
    try {
      const place = directory && { directory: join(directory, `savepoint-${randomUUID()}`) };
      console.log(`Savepoint: ${await client.stopWithSavepoint({ drain, ...place })}`);
      return true;
    } catch (error) {
      if (client.status === 'FINISHED') {
        return true;
      }
      this.#failed(error);
      return false;
    }
  }

  readonly #onRejection = (error: unknown): void => {
    if (!this.#told.has(error)) {
      this.#failed(error);
      // As Node.js does with rejections that nobody handles.
      process.exit(1);
    }
  };

  #failed(error: unknown): void {
    if (this.#told.has(error) || error instanceof CancelledError) {
      return;
    }
    this.#told.add(error);
    this.#setStatus(1);
    this.#progress.say(messageOf(error));
  }

  #setStatus(status: number): void {
    this.#status = status;
    // For a job that begins, and fails, when all is over.
    process.exitCode = status;
  }
}

// A failure of the library says all in its message, and where it comes from is in its cause; of others the place counts.
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  if (!('code' in error) || !String(error.code).startsWith('ERR_')) {
    return inspect(error);
  }
  return error.cause === undefined ? error.message : `${error.message}\nCause: ${inspect(error.cause)}`;
}
