// What jobs leave behind: nothing that keeps a process from ending, and no directories.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanOutcome, runProgram } from '../support/run-program.ts';

const PROGRAM = new URL('programs/ends.mjs', import.meta.url);

test.each([
  ['finish', 'FINISHED'],
  ['fail', 'FAILED'],
  ['cancel', 'CANCELED'],
  ['stop', 'FINISHED'],
])('a process ends by itself behind a job, by %s', async (scenario, status) => {
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-ends-'));
  try {
    expect(await runProgram(PROGRAM, [directory, scenario])).toEqual(cleanOutcome(`${status}\n`));
    expect(await readdir(join(directory, 'local')).catch(() => [])).toEqual([]);
    const results = await readdir(join(directory, 'results'));
    // Of what failed, files that a checkpoint has stay for those who go on.
    expect(results.filter((name) => name.startsWith('.') && scenario !== 'fail' && scenario !== 'cancel')).toEqual([]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
