// What the command line asks for.
import { parseArgs } from 'node:util';

export const HELP = `Counts every word and phrase of up to five words of Moby Dick, with state in RocksDB.

npm run demo                             count, with a checkpoint every two seconds
npm run demo -- --kill                   kill the job at random moments, restart it, and compare its result

  --dir DIR         keep checkpoints in DIR, instead of in a temporary directory that is removed
  --resume          go on from the newest complete checkpoint in DIR
  --from N          go on from checkpoint N in DIR
  --interval S      seconds between checkpoints (2; with --kill 1)
  --tokens N        count only the first N words
  --kill            kill and restart
  --kills N         how often (4)
  --seed N          repeat the random moments of an earlier --kill
  --help            show this`;

/** A command line that can't be followed; the message says why. */
export class UsageError extends Error {}

export interface Arguments {
  readonly help: boolean;
  /** Where checkpoints stay; `undefined` for a temporary directory. */
  readonly directory: string | undefined;
  readonly start: 'empty' | 'newest' | number;
  readonly intervalMs: number;
  readonly tokens: number | undefined;
  readonly kill: { readonly kills: number; readonly seed: number } | undefined;
}

export function parse(args: readonly string[]): Arguments {
  const { values } = parseStrictly(args);
  const onlyWith = (name: 'resume' | 'from' | 'kills' | 'seed', needed: 'dir' | 'kill'): void => {
    if (values[name] !== undefined && values[needed] === undefined) {
      throw new UsageError(`--${name} needs --${needed}.`);
    }
  };
  onlyWith('resume', 'dir');
  onlyWith('from', 'dir');
  onlyWith('kills', 'kill');
  onlyWith('seed', 'kill');
  if (values.kill && values.dir !== undefined) {
    throw new UsageError('--kill works in a temporary directory; leave out --dir.');
  }
  if (values.dir === '') {
    throw new UsageError('--dir must name a directory.');
  }
  const from = integer('from', values.from);
  return {
    help: values.help ?? false,
    directory: values.dir,
    start: from ?? (values.resume ? 'newest' : 'empty'),
    intervalMs: interval(values.interval ?? (values.kill ? '1' : '2')),
    tokens: integer('tokens', values.tokens),
    kill: values.kill
      ? { kills: integer('kills', values.kills) ?? 4, seed: integer('seed', values.seed) ?? randomSeed() }
      : undefined,
  };
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        dir: { type: 'string' },
        resume: { type: 'boolean' },
        from: { type: 'string' },
        interval: { type: 'string' },
        tokens: { type: 'string' },
        kill: { type: 'boolean' },
        kills: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function integer(name: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`--${name} must be a positive integer; received '${text}'.`);
  }
  return value;
}

function interval(text: string): number {
  const value = /^(\d+|\d*\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0)) {
    throw new UsageError(`--interval must be a positive number of seconds; received '${text}'.`);
  }
  return value * 1000;
}

function randomSeed(): number {
  return 1 + Math.floor(Math.random() * 1_000_000);
}
