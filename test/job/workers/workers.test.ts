// Jobs whose subtasks run in worker threads put out what they do in one thread, and fail and go on as they do there.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../support/run-program.ts';

const PROGRAM = new URL('./programs/counting.mjs', import.meta.url);
const RECORDS = 10_000;

interface Run {
  readonly backend: string;
  readonly parallelism: number;
  readonly workers: number;
  readonly event?: string;
}

async function withDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-workers-'));
  try {
    await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(directory: string, { backend, parallelism, workers, event = 'none' }: Run) {
  const args = [directory, backend, `${parallelism}`, `${workers}`, `${RECORDS}`, event];
  const { status, stdout, stderr } = await runProgram(PROGRAM, args);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

async function results(directory: string): Promise<string[]> {
  const folder = join(directory, 'results');
  const names = (await readdir(folder)).filter((name) => name.startsWith('part-'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).sort();
}

const NUMBERED = Array.from({ length: RECORDS }, (_, n) => `${n % 10}:${Math.floor(n / 10) + 1}`).sort();

describe.each(['HashMap', 'RocksDB'])('in workers, on %s', (backend) => {
  test.each([
    { parallelism: 1, workers: 2 },
    { parallelism: 4, workers: 2 },
    { parallelism: 3, workers: 3 },
  ])('$parallelism subtasks in $workers threads process each record once', (shape) =>
    withDirectory(async (directory) => {
      expect(await run(directory, { backend, ...shape })).toMatchObject({ restarts: 0, isMainThread: true });
      expect(await results(directory)).toEqual(NUMBERED);
    }),
  );

  test('a job that fails goes on from its newest checkpoint', () =>
    withDirectory(async (directory) => {
      const { restarts, checkpoints } = await run(directory, { backend, parallelism: 4, workers: 2, event: 'fails' });
      expect(restarts).toBeGreaterThan(0);
      expect(checkpoints).toBeGreaterThan(0);
      expect(await results(directory)).toEqual(NUMBERED);
    }));

  test('a job that is stopped goes on with other numbers of subtasks and threads', () =>
    withDirectory(async (directory) => {
      const { savepoint } = await run(directory, { backend, parallelism: 4, workers: 2, event: 'stopped' });
      expect(savepoint).toBe(join(directory, 'savepoint'));
      const before = await results(directory);
      expect(before.length).toBeGreaterThan(0);
      await run(directory, { backend, parallelism: 3, workers: 3, event: 'restored' });
      expect(await results(directory)).toEqual(NUMBERED);
    }));
});

test('a job is cancelled although its workers never come to it', () =>
  withDirectory(async (directory) => {
    const told = await run(directory, { backend: 'HashMap', parallelism: 2, workers: 2, event: 'never' });
    expect(told.error).toMatch(/cancelled/);
  }));

test('a worker that ends fails the job', () =>
  withDirectory(async (directory) => {
    const told = await run(directory, { backend: 'RocksDB', parallelism: 2, workers: 2, event: 'crashes' });
    expect(told.error).toMatch(/thread ended with code 7/);
  }));

test('records that are no plain data fail the job, which says so', () =>
  withDirectory(async (directory) => {
    const told = await run(directory, { backend: 'HashMap', parallelism: 2, workers: 2, event: 'function' });
    expect(told.error).toMatch(/^Job 'numbering' failed: .* could not be cloned/);
  }));
