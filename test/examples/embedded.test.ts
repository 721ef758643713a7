// The embedded example as its user meets it: a process that follows a log, is killed, and goes on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const MAIN = new URL('../../build/examples/embedded/main.js', import.meta.url);
const PARTITIONS = 3;
const USERS = 200;
const MINUTE_MS = 60_000;
const GAP_MS = 30 * MINUTE_MS;

interface Click {
  readonly user: string;
  readonly timeMs: number;
}

/** Clicks in the order of time. Every hour, half of those who click leave, and come back hours later. */
function clicks(from: number, to: number): Click[] {
  return Array.from({ length: to - from }, (_, at) => {
    const n = from + at;
    return { user: `user ${(Math.floor(n / 700) * 30 + (n % 60)) % USERS}`, timeMs: n * 5000 };
  });
}

async function append(log: string, added: readonly Click[]): Promise<void> {
  const lines = Array.from({ length: PARTITIONS }, () => '');
  for (const click of added) {
    lines[Number(click.user.slice(5)) % PARTITIONS] += `${JSON.stringify(click)}\n`;
  }
  await Promise.all(lines.map((text, index) => appendFile(join(log, `partition-${index}.jsonl`), text)));
}

/** The sessions by the most direct code, as lines. */
function expectedSessions(all: readonly Click[]): string[] {
  const open = new Map<string, { user: string; startMs: number; endMs: number; clicks: number }>();
  const ended: string[] = [];
  for (const { user, timeMs } of all) {
    const session = open.get(user);
    if (session === undefined || timeMs >= session.endMs + GAP_MS) {
      ended.push(...(session === undefined ? [] : [JSON.stringify(session)]));
      open.set(user, { user, startMs: timeMs, endMs: timeMs, clicks: 1 });
    } else {
      session.endMs = timeMs;
      session.clicks++;
    }
  }
  return [...ended, ...[...open.values()].map((session) => JSON.stringify(session))].sort();
}

async function checkpointsIn(state: string): Promise<number> {
  const names = await readdir(join(state, 'checkpoints')).catch(() => []);
  return Math.max(0, ...names.flatMap((name) => /^chk-(\d+)$/.exec(name)?.[1] ?? []).map(Number));
}

async function untilCheckpoint(state: string, id: number): Promise<void> {
  while ((await checkpointsIn(state)) < id) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('killed while it follows the log, it ends with each session once', () =>
  withDirectory(async ({ directory }) => {
    const [log, state] = [join(directory, 'log'), join(directory, 'state')];
    await Promise.all([log, state].map((path) => mkdir(path, { recursive: true })));
    const all = clicks(0, 30_000);
    await append(log, all.slice(0, 10_000));
    for (const end of [20_000, 30_000]) {
      const child = spawn(process.execPath, [fileURLToPath(MAIN), log, state], { stdio: 'inherit' });
      await untilCheckpoint(state, (await checkpointsIn(state)) + 2);
      // Some of it is read before the kill, and none of that is in a checkpoint for sure.
      await append(log, all.slice(end - 10_000, end));
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const { status, stderr, stdout } = await runProgram(MAIN, [log, state, '--until-end']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(Number(/^(\d+) clicks/.exec(stdout)?.[1])).toBeLessThan(30_000);
    const lines = (await readFile(join(state, 'sessions.jsonl'), 'utf8')).trimEnd().split('\n').sort();
    const expected = expectedSessions(all);
    expect(new Set(expected.map((line) => JSON.parse(line).user)).size).toBe(USERS);
    expect(expected.length).toBeGreaterThan(2 * USERS);
    expect(lines).toEqual(expected);
  }));

test('stopped, it keeps what it has read', () =>
  withDirectory(async ({ directory }) => {
    const [log, state] = [join(directory, 'log'), join(directory, 'state')];
    await Promise.all([log, state].map((path) => mkdir(path, { recursive: true })));
    await append(log, clicks(0, 5000));
    const child = spawn(process.execPath, [fileURLToPath(MAIN), log, state], { stdio: ['ignore', 'pipe', 'inherit'] });
    await untilCheckpoint(state, 1);
    child.kill('SIGTERM');
    const [[output], [code]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(String(output)).toMatch(/^5000 clicks; checkpoint \d+ has them all\.\n$/);
    expect(code).toBe(0);
    const again = await runProgram(MAIN, [log, state, '--until-end']);
    expect(again.stdout).toMatch(/^0 clicks; /);
  }));
