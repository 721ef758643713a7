// Kills a job that checkpoints all the time. KILLS says how often; `npm run test:crash` does it 300 times and more.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';
import { expectOnlyNeeded } from '../support/stored-files.ts';

const JOB = fileURLToPath(new URL('checkpointing-job.mjs', import.meta.url));
const KILLS = Number(process.env.KILLS ?? 60);
const LANES = 2;
const LONGEST_LIFE_MS = 250;

interface Tally {
  kills: number;
  orphans: number;
  checkpoints: number;
  readonly phases: Record<string, number>;
}

/** Runs the job, kills it a random time after its restore, and answers all that it said. */
async function live(directory: string): Promise<string> {
  const job = spawn(process.execPath, [JOB, join(directory, 'checkpoints'), join(directory, 'local')]);
  let output = '';
  job.stdout.on('data', (text) => {
    if (output === '') {
      setTimeout(Math.random() * LONGEST_LIFE_MS).then(() => job.kill('SIGKILL'));
    }
    output += text;
  });
  job.stderr.on('data', (text) => {
    output += text;
  });
  const [status, signal] = await once(job, 'close');
  expect({ status, signal, output }).toMatchObject({ status: null, signal: 'SIGKILL' });
  return output;
}

async function killRepeatedly(kills: number, tally: Tally): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-kill-'));
  let newest = 0;
  try {
    for (let kill = 0; kill < kills; kill++) {
      const [first, ...said] = (await live(directory)).trimEnd().split('\n');
      // The job has compared every count with the position, before it said so.
      expect(first).toMatch(/^from \d+ \d+$/);
      expect(Number(first?.split(' ')[2])).toBe(newest);
      const phase = said.at(-1) ?? 'begin';
      tally.phases[phase] = (tally.phases[phase] ?? 0) + 1;
      tally.kills++;

      const storage = new FileSystemCheckpointStorage(join(directory, 'checkpoints'));
      const ids = await storage.list();
      tally.checkpoints += (ids.at(-1) ?? 0) - newest;
      expect(ids.at(-1) ?? 0).toBeGreaterThanOrEqual(newest);
      newest = ids.at(-1) ?? 0;
      // The next life begins with what the crash has left, every other time.
      if (kill % 2 === 0) {
        tally.orphans += (await storage.collectGarbage()).files.length;
        await expectOnlyNeeded(storage);
      }
      await rm(join(directory, 'local'), { recursive: true, force: true });
    }
    const storage = new FileSystemCheckpointStorage(join(directory, 'checkpoints'));
    await (await storage.begin(newest + 1000)).abort();
    await expectOnlyNeeded(storage);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

it(`restores the newest of many incremental checkpoints exactly after each of ${KILLS} kill -9, and leaves no garbage`, {
  timeout: 60_000 + KILLS * 5000,
}, async () => {
  const tally: Tally = { kills: 0, orphans: 0, checkpoints: 0, phases: {} };
  const share = Math.ceil(KILLS / LANES);
  await Promise.all(Array.from({ length: LANES }, () => killRepeatedly(share, tally)));
  console.log(JSON.stringify(tally));
  expect(tally.kills).toBeGreaterThanOrEqual(KILLS);
  expect(tally.orphans).toBeGreaterThan(0);
  expect(tally.checkpoints).toBeGreaterThan(KILLS / 6);
  expect((tally.phases.upload ?? 0) + (tally.phases.capture ?? 0)).toBeGreaterThan(KILLS / 4);
  expect(tally.phases.upload ?? 0).toBeGreaterThan(KILLS / 20);
});
