import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const JOB = fileURLToPath(new URL('counting-job.mjs', import.meta.url));
const RECORDS = 400_000;
const KILLS = 25;
const LONGEST_LIFE_MS = 500;

interface Life {
  readonly output: string;
  readonly status: number | null;
}

/** Runs the job, and kills it after `lifeMs` of counting unless it has ended by then. */
function live(directory: string, lifeMs: number): Promise<Life> {
  return new Promise((resolve) => {
    const job = spawn(process.execPath, [
      JOB,
      join(directory, 'checkpoints'),
      join(directory, 'local'),
      String(RECORDS),
    ]);
    let output = '';
    job.stdout.on('data', (text) => {
      output += text;
      if (output.includes('from') && lifeMs < Number.POSITIVE_INFINITY) {
        setTimeout(() => job.kill('SIGKILL'), lifeMs);
      }
    });
    job.stderr.on('data', (text) => {
      output += text;
    });
    job.on('exit', (status) => resolve({ output, status }));
  });
}

it(`resumes exactly from the newest complete checkpoint after each of ${KILLS} kill -9`, {
  timeout: 180_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-kill-'));
  const positions: number[] = [];
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const life = await live(directory, Math.random() * LONGEST_LIFE_MS);
      expect(life.output).toMatch(/^from \d+\n(done\n)?$/);
      positions.push(Number(/from (\d+)/.exec(life.output)?.[1]));
      await rm(join(directory, 'local'), { recursive: true, force: true });
    }
    // The job itself has checked every count after each restore.
    const last = await live(directory, Number.POSITIVE_INFINITY);
    expect(last).toEqual({ output: expect.stringMatching(/^from \d+\ndone\n$/), status: 0 });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  expect(new Set(positions).size).toBeGreaterThan(5);
});
