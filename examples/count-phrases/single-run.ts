// One run of the job in this process, shown as it goes.
import { readdir } from 'node:fs/promises';
import { FileSystemCheckpointStorage, RestoreError } from 'rockstate';
import { type JobEvent, type JobOptions, runJob } from './job.ts';
import { Progress } from './progress.ts';
import { resultLines, row, whole } from './report.ts';

const CHECKPOINT_COLUMNS = [10, 8, 11, 11, 17];

export type RunOptions = Omit<JobOptions, 'report'> & {
  /** Whether `directory` outlives the run. */
  readonly kept: boolean;
};

export async function runAndShow(options: RunOptions): Promise<void> {
  const { words, directory, signal } = options;
  const progress = new Progress(process.stdout, words.length);
  await lookAround(options, progress);
  let tokens = 0;
  let reading = false;
  let countedFrom = 0;
  let checkpoints = 0;
  const report = (event: JobEvent): void => {
    if (event.type === 'restored') {
      countedFrom = event.tokens;
      progress.line(
        `Restored checkpoint ${event.checkpointId}, at word ${whole(event.tokens)}, in ${whole(event.durationMs)} ms.`,
      );
    } else if (event.type === 'progress') {
      tokens = event.tokens;
      reading = event.phase === 'reading';
      progress.update(event.phase, event.tokens);
    } else if (event.type === 'checkpoint-complete') {
      if (checkpoints++ === 0) {
        progress.line(row(CHECKPOINT_COLUMNS, ['checkpoint', 'at word', 'captured in', 'stored in', 'size']));
      }
      const cells = [event.checkpointId, event.tokens, event.captureMs, event.durationMs, event.sizeBytes].map(whole);
      const units = ['', '', ' ms', ' ms', ' bytes'];
      progress.line(
        row(
          CHECKPOINT_COLUMNS,
          cells.map((cell, i) => cell + units[i]),
        ),
      );
    }
  };
  try {
    const result = await runJob({ ...options, report });
    progress.clear();
    process.stdout.write(`${resultLines(result, words.length, countedFrom).join('\n')}\n`);
  } catch (error) {
    progress.clear();
    if (signal.aborted) {
      const goOn = options.kept ? await howToGoOn(directory) : '';
      progress.line(
        `Stopped ${reading ? 'reading the result back, ' : ''}at word ${whole(tokens)} of ${whole(words.length)}.${goOn}`,
      );
    }
    throw error instanceof RestoreError ? withOffer(error) : error;
  }
}

async function lookAround({ directory, start }: RunOptions, progress: Progress): Promise<void> {
  const complete = await new FileSystemCheckpointStorage(directory).list();
  const newest = complete.at(-1);
  if (start === 'empty' && newest !== undefined) {
    throw new Error(
      `${directory} holds checkpoints of an earlier run: pass --resume to go on from it, or another --dir to begin anew.`,
    );
  }
  if (start === 'newest') {
    const incomplete = (await begunCheckpoints(directory)).filter((id) => id > (newest ?? 0)).at(-1);
    if (newest === undefined) {
      throw new Error(`There is no complete checkpoint in ${directory} to resume from.`);
    }
    if (incomplete !== undefined) {
      progress.line(
        `Checkpoint ${incomplete} is incomplete: it has no metadata. Going back to the one before, ${newest}.`,
      );
    }
  }
}

async function begunCheckpoints(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .map((name) => Number(/^chk-(\d+)$/.exec(name)?.[1] ?? Number.NaN))
    .filter((id) => !Number.isNaN(id))
    .sort((a, b) => a - b);
}

async function howToGoOn(directory: string): Promise<string> {
  const newest = (await new FileSystemCheckpointStorage(directory).list()).at(-1);
  return newest === undefined ? '' : ` --dir ${directory} --resume goes on from checkpoint ${newest}.`;
}

// The library's message names the checkpoint before the damaged one; this says how to take it.
function withOffer(error: RestoreError): Error {
  const older = error.fallbackCheckpointId;
  return older === undefined
    ? error
    : new Error(`${error.message}\nTo go back to it, pass --from ${older}`, { cause: error });
}
