// `--kill`: runs the job as a process, kills it at random moments, restarts it, and compares what it ends with.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FileSystemCheckpointStorage } from 'rockstate';
import { countIndependently } from './independent-count.ts';
import type { JobEvent, JobResult } from './job.ts';
import type { ProcessMessage, ProcessOptions } from './job-process.ts';
import { Progress } from './progress.ts';
import { randomNumbers } from './random-numbers.ts';
import { row, seconds, table, whole } from './report.ts';

const JOB_PROCESS = fileURLToPath(new URL('job-process.js', import.meta.url));
const ATTEMPT_COLUMNS = [7, -34, 14, -1];

export interface KillOptions {
  readonly words: readonly string[];
  readonly directory: string;
  readonly intervalMs: number;
  readonly kills: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** When to kill: at a word of the book, or, with `inCheckpoint`, in a checkpoint that is under way then or begins next. */
interface KillPlan {
  readonly tokens: number;
  readonly inCheckpoint: boolean;
  /** Where in a checkpoint, from 0 to 1. */
  readonly moment: number;
}

/** What is known of a process when it ends. */
interface Attempt {
  start: string;
  tokens: number;
  /** The checkpoint begun and not complete. */
  underWay: number | undefined;
  /** Half of what the last one took, so that a kill within that time comes before the end. */
  checkpointMs: number;
  doomed: boolean;
}

/** Returns whether all counts were the same, and the kills happened. */
export async function killAndCompare(options: KillOptions): Promise<boolean> {
  const progress = new Progress(process.stdout, options.words.length);
  try {
    return await runAllAndCompare(options, progress);
  } catch (error) {
    progress.clear();
    if (options.signal.aborted) {
      progress.line('Stopped.');
    }
    throw error;
  }
}

async function runAllAndCompare(options: KillOptions, progress: Progress): Promise<boolean> {
  const { words, signal } = options;
  progress.line(`Killing the job ${times(options.kills)} (--seed ${options.seed} repeats the choice of moments)\n`);
  const interrupted = await runKilled(options, progress);

  const begunAt = performance.now();
  // The other processor is idle while the job runs.
  const counting = countIndependently(words, signal);
  counting.catch(() => {});
  const uninterrupted = await runToEnd(options, join(options.directory, 'uninterrupted'), progress);
  progress.clear();
  progress.line(`\nThe uninterrupted run took ${seconds(performance.now() - begunAt)}.`);
  const independent = await counting;

  const results = [
    [`killed ${times(interrupted.kills)}`, interrupted.result],
    ['uninterrupted', uninterrupted],
    ['counted in memory', independent],
  ] as const;
  const rows = results.map(([name, { phrases, digest }]) => [name, whole(phrases), digest]);
  progress.line(
    ['', ...table([['', 'phrases', 'digest of all counts'], ...rows], (column) => column !== 1), ''].join('\n'),
  );

  const same = results.every(
    ([, result]) => result.phrases === independent.phrases && result.digest === independent.digest,
  );
  progress.line(
    same
      ? 'SAME: the killed job, the uninterrupted job and the independent count agree on every count.'
      : 'DIFFERENT: the counts do not agree.',
  );
  if (interrupted.kills < options.kills) {
    progress.line(`But the job ended before kill ${interrupted.kills + 1} of ${options.kills}: give it more words.`);
  }
  return same && interrupted.kills === options.kills;
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

async function runKilled(options: KillOptions, progress: Progress): Promise<{ result: JobResult; kills: number }> {
  const directory = join(options.directory, 'killed');
  const plans = planKills(options);
  progress.line(row(ATTEMPT_COLUMNS, ['process', 'started from', 'ended at word', 'how']));
  for (let kills = 0; ; kills++) {
    const attempt: Attempt = {
      start: 'the beginning',
      tokens: 0,
      underWay: undefined,
      checkpointMs: 10,
      doomed: false,
    };
    const result = await runProcess(options, directory, (event, kill) => {
      note(attempt, event);
      if (event.type === 'progress') {
        progress.update(event.phase, event.tokens);
      }
      killWhenDue(plans[kills], event, attempt, kill);
    });
    progress.clear();
    const how = result === undefined ? await describeKill(attempt, directory) : 'finished';
    progress.line(row(ATTEMPT_COLUMNS, [`${kills + 1}`, attempt.start, whole(attempt.tokens), how]));
    if (result !== undefined) {
      return { result, kills };
    }
  }
}

// One moment in each of as many equal parts of the book, every other one in a checkpoint.
function planKills({ words, kills, seed }: KillOptions): KillPlan[] {
  const random = randomNumbers(seed);
  return Array.from({ length: kills }, (_, i) => ({
    tokens: Math.floor(((i + random()) / kills) * words.length * 0.95),
    inCheckpoint: i % 2 === 1,
    moment: random(),
  }));
}

function note(attempt: Attempt, event: JobEvent): void {
  if (event.type === 'restored') {
    attempt.start = `checkpoint ${event.checkpointId} at word ${whole(event.tokens)}`;
  } else if (event.type === 'progress' && event.phase === 'counting') {
    attempt.tokens = event.tokens;
  } else if (event.type === 'checkpoint-begun') {
    attempt.underWay = event.checkpointId;
  } else if (event.type === 'checkpoint-complete') {
    attempt.underWay = undefined;
    attempt.checkpointMs = event.durationMs / 2;
  }
}

function killWhenDue(plan: KillPlan | undefined, event: JobEvent, attempt: Attempt, kill: () => void): void {
  if (plan === undefined || attempt.tokens < plan.tokens || attempt.doomed) {
    return;
  }
  if (plan.inCheckpoint && attempt.underWay !== undefined) {
    attempt.doomed = true;
    void setTimeout(plan.moment * attempt.checkpointMs).then(kill);
  } else if (!plan.inCheckpoint && event.type === 'progress') {
    attempt.doomed = true;
    kill();
  }
}

async function describeKill(attempt: Attempt, directory: string): Promise<string> {
  if (attempt.underWay === undefined) {
    return 'killed';
  }
  const complete = await new FileSystemCheckpointStorage(directory).list();
  if (complete.includes(attempt.underWay)) {
    return `killed as checkpoint ${attempt.underWay} had just been stored`;
  }
  const begun = await readdir(directory);
  return begun.includes(`chk-${attempt.underWay}`)
    ? `killed while checkpoint ${attempt.underWay} was being stored`
    : `killed while checkpoint ${attempt.underWay} was being captured`;
}

async function runToEnd(options: KillOptions, directory: string, progress: Progress): Promise<JobResult> {
  const result = await runProcess(options, directory, (event) => {
    if (event.type === 'progress') {
      progress.update(event.phase, event.tokens);
    }
  });
  if (result === undefined) {
    throw new Error('The uninterrupted job was killed by something else.');
  }
  return result;
}

/** The result, or `undefined` when the process was killed. */
async function runProcess(
  { words, intervalMs, signal }: KillOptions,
  directory: string,
  onEvent: (event: JobEvent, kill: () => void) => void,
): Promise<JobResult | undefined> {
  signal.throwIfAborted();
  const options: ProcessOptions = { directory, intervalMs, tokens: words.length, start: 'newest' };
  const child = fork(JOB_PROCESS, [JSON.stringify(options)]);
  // Messages may still come after the exit, until the channel closes.
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  let result: JobResult | undefined;
  let failure: string | undefined;
  child.on('message', (message: ProcessMessage) => {
    if (message.type === 'result') {
      result = message.result;
    } else if (message.type === 'failed') {
      failure = message.message;
    } else {
      onEvent(message, kill);
    }
  });
  const [[code, killedBy]] = await ended;
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (failure !== undefined || (result === undefined && killedBy !== 'SIGKILL')) {
    throw new Error(`The job's process failed: ${failure ?? `it ended with ${killedBy ?? code}`}`);
  }
  return result;
}
