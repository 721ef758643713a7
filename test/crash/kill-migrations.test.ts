import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const JOB = fileURLToPath(new URL('migrating-job.mjs', import.meta.url));
const KILLS = 12;
const LONGEST_LIFE_MS = 600;
const allOf = (version: number) => `version ${version}, 50000 of 50000\n`;

/** Runs the job, and kills it so long after it began to open unless it has ended by then; answers what it said. */
function live(args: readonly string[], lifeMs: number): Promise<string> {
  return new Promise((resolve) => {
    const job = spawn(process.execPath, [JOB, ...args]);
    let output = '';
    job.stdout.on('data', (text) => {
      const isOpening = output === '';
      output += text;
      if (isOpening && lifeMs < Number.POSITIVE_INFINITY) {
        setTimeout(() => job.kill('SIGKILL'), lifeMs);
      }
    });
    job.stderr.on('data', (text) => {
      output += text;
    });
    job.on('exit', () => resolve(output));
  });
}

it.each(['declared', 'asked'])(
  `has all old or all new rows after each of ${KILLS} kill -9 in a migration, %s`,
  {
    timeout: 300_000,
  },
  async (way) => {
    const directory = await mkdtemp(join(tmpdir(), 'rockstate-kill-'));
    const first = join(directory, 'first');
    const checkpoints = join(directory, 'checkpoints');
    const local = join(directory, 'local');
    const outcomes: string[] = [];
    const run = (...args: string[]) => live([checkpoints, local, ...args], Number.POSITIVE_INFINITY);
    try {
      expect(await live([first, local, 'asked', '1'], Number.POSITIVE_INFINITY)).toContain('done');
      for (let kill = 0; kill < KILLS; kill++) {
        await rm(checkpoints, { recursive: true, force: true });
        await cp(first, checkpoints, { recursive: true });
        const output = await live([checkpoints, local, way, '2'], Math.random() * LONGEST_LIFE_MS);
        expect(output).toMatch(/^opening\n(migrated\n(done\n)?)?$/);
        await rm(local, { recursive: true, force: true });
        outcomes.push(await run('check'));
      }
      // What was killed can be gone on with, by the newer program.
      expect(await run(way, '3')).toBe('opening\nmigrated\ndone\n');
      expect(await run('check')).toBe(allOf(3));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
    expect(new Set([...outcomes, allOf(1), allOf(2)])).toEqual(new Set([allOf(1), allOf(2)]));
  },
);
