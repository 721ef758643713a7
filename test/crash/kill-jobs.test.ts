// Kills a job with windows and timers again and again: what its runs have written together is what one run writes that
// nobody disturbs. KILLS says how often; `npm run test:crash` does it 120 times.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';
import { expectOnlyNeeded } from '../support/stored-files.ts';

const JOB = fileURLToPath(new URL('windowed-job.mjs', import.meta.url));
const KILLS = Number(process.env.KILLS_OF_JOBS ?? 12);
// Of one directory, before its job may end.
const KILLS_PER_ROUND = 20;
const PACE = 3000;
const LONGEST_LIFE_MS = 800;
const PHASES = ['restore', 'running', 'capture', 'upload', 'complete', 'commit'] as const;
const FILES = 4;
const LINES = 1000;

interface Life {
  readonly backend: string;
  readonly directory: string;
  readonly files: string;
  readonly parallelism: number;
  readonly pace?: number;
  readonly interval?: number;
  readonly killAt?: { readonly phase: string; readonly count: number };
}

interface Tally {
  kills: number;
  /** What the job had come to last when it was killed. */
  readonly phases: Record<string, number>;
  rescaled: number;
}

let root = '';
let files = '';
let undisturbed: readonly string[] = [];

function oneOf(count: number): number {
  return Math.floor(Math.random() * count);
}

/** A time after the job has come to a phase. */
interface Moment {
  readonly phase: (typeof PHASES)[number];
  readonly ms: number;
}

/** Runs the job until it ends, kills itself, or is killed; answers the phases that it came to. */
async function live(life: Life, end?: Moment): Promise<{ readonly phases: string[]; readonly isDone: boolean }> {
  const job = spawn(process.execPath, [JOB, JSON.stringify(life)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complaints = '';
  let timeout: NodeJS.Timeout | undefined;
  job.stdout.on('data', (text) => {
    said += text;
    if (end !== undefined && timeout === undefined && said.includes(end.phase)) {
      timeout = setTimeout(() => job.kill('SIGKILL'), end.ms);
    }
  });
  job.stderr.on('data', (text) => {
    complaints += text;
  });
  const [status, signal] = await once(job, 'close');
  clearTimeout(timeout);
  expect({ life, complaints, ended: signal ?? status }).toEqual({
    ...{ life, complaints: '' },
    ended: expect.toBeOneOf(['SIGKILL', 0]),
  });
  return { phases: said.trimEnd().split('\n'), isDone: signal === null };
}

async function linesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  expect(names.filter((name) => name.endsWith('.inprogress'))).toEqual([]);
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).sort();
}

/** Kills the job at most so many times, lets it come to its end, and compares what it has written. */
async function killUntilDone(backend: string, kills: number, tally: Tally): Promise<void> {
  const directory = await mkdtemp(join(root, `${backend}-`));
  let parallelism = 2;
  let isDone = false;
  for (let kill = 0; kill < kills && !isDone; kill++) {
    const next = 1 + oneOf(3);
    tally.rescaled += next === parallelism ? 0 : 1;
    parallelism = next;
    const base = { backend, directory, files, parallelism, pace: PACE, interval: 20 + oneOf(30) };
    // Whenever it may be, from the start or from the end of the restore on, or exactly at a phase.
    const moment = { phase: kill % 2 === 0 ? 'restore' : 'running', ms: oneOf(LONGEST_LIFE_MS) } as const;
    const phase = PHASES[oneOf(PHASES.length)] as Moment['phase'];
    const killAt = { phase, count: phase === 'restore' || phase === 'running' ? 1 : 1 + oneOf(4) };
    const { phases, ...end } = await (kill % 3 === 0 ? live(base, moment) : live({ ...base, killAt }));
    isDone = end.isDone;
    if (!isDone) {
      tally.kills++;
      const last = phases.at(-1) as string;
      tally.phases[last] = (tally.phases[last] ?? 0) + 1;
    }
    await rm(join(directory, 'local'), { recursive: true, force: true });
  }
  if (!isDone) {
    const end = await live({ backend, directory, files, parallelism: 1 + oneOf(3) });
    expect(end).toMatchObject({ isDone: true });
  }
  expect(await linesIn(join(directory, 'results'))).toEqual(undisturbed);
  await expectOnlyNeeded(new FileSystemCheckpointStorage(join(directory, 'checkpoints')));
  await rm(directory, { recursive: true, force: true });
}

async function killRepeatedly(backend: string, kills: number, tally: Tally): Promise<void> {
  const enough = tally.kills + kills;
  while (tally.kills < enough) {
    await killUntilDone(backend, Math.min(KILLS_PER_ROUND, enough - tally.kills), tally);
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rockstate-kill-jobs-'));
  files = join(root, 'files');
  await mkdir(files);
  for (let file = 0; file < FILES; file++) {
    const lines = Array.from({ length: LINES }, (_, line) => `${file * LINES + line} ${line * 60}`);
    await writeFile(join(files, `${file}.txt`), lines.join('\n'));
  }
  const directory = join(root, 'undisturbed');
  await live({ backend: 'hashmap', directory, files, parallelism: 2 });
  undisturbed = await linesIn(join(directory, 'results'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

it('puts out every record once when nothing disturbs it', () => {
  const kinds = { bucket: [], delayed: [], line: [], session: [] } as Record<string, string[]>;
  for (const line of undisturbed) {
    kinds[line.split(' ')[0] as string]?.push(line);
  }
  expect(new Set(undisturbed).size).toBe(undisturbed.length);
  expect(kinds.delayed).toHaveLength(12_000);
  expect(kinds.line).toHaveLength(FILES * LINES);
  const counted = kinds.bucket?.reduce((sum, line) => sum + Number(line.split(' ')[3]), 0);
  expect(counted).toBe(12_000);
  const inSessions = kinds.session?.flatMap((line) => (line.split(' ')[4] as string).split(',')) ?? [];
  expect(new Set(inSessions).size).toBe(inSessions.length);
  expect(inSessions.length).toBeGreaterThan(9000);
});

it(`writes each result once, on both backends and at changing parallelism, over ${KILLS} kill -9`, {
  timeout: 120_000 + KILLS * 10_000,
}, async () => {
  const tallies = await Promise.all(
    ['hashmap', 'rocksdb'].map(async (backend) => {
      const tally: Tally = { kills: 0, phases: {}, rescaled: 0 };
      await killRepeatedly(backend, Math.ceil(KILLS / 2), tally);
      return { backend, ...tally };
    }),
  );
  console.log(JSON.stringify(tallies));
  expect(tallies.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThanOrEqual(KILLS);
  for (const { phases } of tallies) {
    expect(Object.keys(phases).length).toBeGreaterThan(KILLS < 60 ? 1 : 3);
  }
});
