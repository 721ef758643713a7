// Counts the phrases of a book: the entry point. Chooses what to run, where, and the exit code.
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Arguments, HELP, parse, UsageError } from './arguments.ts';
import { readWords } from './book.ts';
import { runAndShow } from './single-run.ts';
import { killAndCompare } from './supervisor.ts';

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort(signal));
}
// Whoever read the output has gone.
process.stdout.on('error', () => stop.abort('SIGPIPE'));

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const settings = parse(args);
    if (settings.help) {
      console.log(HELP);
      return 0;
    }
    return await withDirectory(settings.directory, (directory) => run(settings, directory));
  } catch (error) {
    if (stop.signal.aborted) {
      return 128 + constants.signals[stop.signal.reason as Signal];
    }
    console.error(`count-phrases: ${(error as Error).message}`);
    if (error instanceof UsageError) {
      console.error('See npm run demo -- --help');
      return 2;
    }
    return 1;
  }
}

async function run(settings: Arguments, directory: string): Promise<number> {
  const { intervalMs, start, kill } = settings;
  const words = readWords(settings.tokens);
  const common = { words, directory, intervalMs, signal: stop.signal };
  if (kill !== undefined) {
    return (await killAndCompare({ ...common, ...kill })) ? 0 : 1;
  }
  await runAndShow({ ...common, start, kept: settings.directory !== undefined });
  return 0;
}

async function withDirectory<T>(given: string | undefined, work: (directory: string) => Promise<T>): Promise<T> {
  if (given !== undefined) {
    return work(resolve(given));
  }
  const temporary = await mkdtemp(join(tmpdir(), 'count-phrases-'));
  try {
    return await work(temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
