// The phrase-counting job as its user meets it: a process with arguments, output, an exit code and files.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readWords } from '../../examples/count-phrases/book.ts';
import { CountsDigest } from '../../examples/count-phrases/digest.ts';

const MAIN = fileURLToPath(new URL('../../build/examples/count-phrases/main.js', import.meta.url));
const TOKENS = 6_000;

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let root: string;
/** Where the job puts its temporary files. */
let temporary: string;
/** For `--dir`. */
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rockstate-demo-test-'));
  temporary = join(root, 'temporary');
  directory = join(root, 'checkpoints');
  mkdirSync(temporary);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function start(...args: string[]): { child: ChildProcess; finished: Promise<Finished>; output: () => string } {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, TMPDIR: temporary } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const finished = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  return { child, finished, output: () => stdout };
}

const run = (...args: string[]): Promise<Finished> => start(...args).finished;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The counts of the first words, by the most direct code, and their digest. */
function expectedCounts(tokens: number): { counts: Map<string, number>; digest: string } {
  const words = readWords(tokens);
  const counts = new Map<string, number>();
  for (const length of [1, 2, 3, 4, 5]) {
    for (let i = 0; i + length <= words.length; i++) {
      const phrase = words.slice(i, i + length).join(' ');
      counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
    }
  }
  const digest = new CountsDigest();
  for (const [phrase, count] of counts) {
    digest.add(phrase, count, count);
  }
  return { counts, digest: digest.toString() };
}

function expectExact({ code, stdout, stderr }: Finished, tokens = TOKENS): void {
  const { counts, digest } = expectedCounts(tokens);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(/^phrases +([\d,]+)/m.exec(stdout)?.[1]).toBe(counts.size.toLocaleString('en-US'));
  expect(/^digest +([0-9a-f]{16})/m.exec(stdout)?.[1]).toBe(digest);
}

const checkpointsIn = (path: string): number[] =>
  readdirSync(path)
    .map((name) => Number(name.replace(/^chk-/, '')))
    .sort((a, b) => a - b);

/** Fills `directory`, and returns the ids of the two checkpoints kept. */
async function runWithCheckpoints(): Promise<{ older: number; newest: number }> {
  expectExact(await run('--tokens', `${TOKENS}`, '--interval', '0.05', '--dir', directory));
  const [older, newest, ...others] = checkpointsIn(directory);
  expect(others).toEqual([]);
  return { older: older as number, newest: newest as number };
}

function damageLargestTable(checkpointId: number): void {
  const tables = readdirSync(join(directory, `chk-${checkpointId}`))
    .filter((name) => name.endsWith('.sst'))
    .map((name) => join(directory, `chk-${checkpointId}`, name))
    .sort((a, b) => statSync(a).size - statSync(b).size);
  const largest = tables.at(-1) as string;
  truncateSync(largest, Math.floor(statSync(largest).size / 2));
}

describe('an uninterrupted run', () => {
  test('ends with exact counts and a line per checkpoint, and leaves no files', async () => {
    const finished = await run('--tokens', `${TOKENS}`, '--interval', '0.05');
    expectExact(finished);
    const lines = finished.stdout.match(/^ +\d+ +[\d,]+ +[\d,]+ ms +[\d,]+ ms +[\d,]+ bytes$/gm) ?? [];
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.at(-1)).toMatch(/^ +\d+ +6,000 /);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('shows the most frequent phrases of each length', async () => {
    const { stdout } = await run('--tokens', `${TOKENS}`);
    const { counts } = expectedCounts(TOKENS);
    for (const length of [1, 2, 3, 4, 5]) {
      const [phrase, count] = [...counts]
        .filter(([phrase]) => phrase.split(' ').length === length)
        .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0] as [string, number];
      const row = stdout.split('\n').find((line) => ` ${line}`.includes(` ${phrase}  `));
      expect(row?.slice(row.indexOf(phrase) + phrase.length)).toMatch(
        new RegExp(`^ +${count.toLocaleString('en-US')}\\b`),
      );
    }
  });
});

describe('--kill', () => {
  test('kills the job several times, also within a checkpoint, and finds the same counts', async () => {
    const { code, stdout, stderr } = await run('--kill', '--tokens', '12000', '--interval', '0.1', '--seed', '7');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^SAME: /m);
    expect(stdout).toMatch(/^killed 4 times +([\d,]+) +[0-9a-f]{16}$/m);
    expect(stdout).toContain(expectedCounts(12_000).digest);
    const kills = stdout.match(/^ +\d+ .* killed .*$|^ +\d+ .* killed$/gm) ?? [];
    expect(kills).toHaveLength(4);
    expect(kills.some((line) => /killed (while|as) checkpoint/.test(line))).toBe(true);
    expect(stdout).toMatch(/^ +5 .* 12,000 +finished$/m);
    expect(code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('ends cleanly on SIGINT', async () => {
    const { child, finished, output } = start('--kill', '--interval', '0.2');
    await until(() => /^ +1 .* killed/m.test(output()));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await finished;
    expect(stdout).toMatch(/\nStopped\.\n$/);
    expect(stderr).toBe('');
    expect(code).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('SIGINT', () => {
  test('stops at the next record, says how far it got, and leaves no files', async () => {
    const { child, finished, output } = start('--interval', '0.1');
    await until(() => output().includes('bytes'));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await finished;
    expect(stdout).toMatch(/\nStopped at word [\d,]+ of [\d,]+\.\n$/);
    expect(stderr).toBe('');
    expect(code).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('leaves complete checkpoints in --dir, from which --resume goes on', async () => {
    const args = ['--tokens', '12000', '--interval', '0.05', '--dir', directory];
    const { child, finished, output } = start(...args);
    await until(() => output().includes('bytes'));
    child.kill('SIGINT');
    const { code, stdout } = await finished;
    expect(code).toBe(130);
    const newest = checkpointsIn(directory).at(-1);
    expect(stdout).toContain(`--dir ${directory} --resume goes on from checkpoint ${newest}.`);
    const resumed = await run(...args, '--resume');
    expect(resumed.stdout).toMatch(
      new RegExp(`^Restored checkpoint ${newest}, at word [\\d,]+, in [\\d,]+ ms\\.$`, 'm'),
    );
    expectExact(resumed, 12_000);
  });
});

describe('a run with --dir', () => {
  test('killed without warning, is resumed with exact counts, and its working files go', async () => {
    const args = ['--tokens', '12000', '--interval', '0.05', '--dir', directory];
    const { child, finished, output } = start(...args);
    await until(() => output().includes('bytes'));
    child.kill('SIGKILL');
    await finished;
    expect(readdirSync(directory).filter((name) => !name.startsWith('chk-'))).toHaveLength(1);
    expectExact(await run(...args, '--resume'), 12_000);
    expect(readdirSync(directory).filter((name) => !name.startsWith('chk-'))).toEqual([]);
  });

  test('with a truncated file in the newest checkpoint, names it and offers the one before, which gives exact counts', async () => {
    const { older, newest } = await runWithCheckpoints();
    damageLargestTable(newest);
    const again = ['--tokens', `${TOKENS}`, '--dir', directory];

    const failed = await run(...again, '--resume');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(new RegExp(`^count-phrases: File \\d+\\.sst of checkpoint ${newest} is damaged: `));
    expect(failed.stderr).toContain(`the newest complete checkpoint before it is ${older}, at `);
    expect(failed.stderr.split('\n').slice(1)).toEqual([`To go back to it, pass --from ${older}`, '']);
    expect(checkpointsIn(directory)).toEqual([older, newest]);

    expectExact(await run(...again, '--from', `${older}`));
    expect(checkpointsIn(directory)).toEqual([older, newest + 1]);
  });

  test('with the metadata of the newest checkpoint missing, says so, offers the one before, and resumes from that', async () => {
    const { older, newest } = await runWithCheckpoints();
    rmSync(join(directory, `chk-${newest}`, '_metadata'));
    const again = ['--tokens', `${TOKENS}`, '--dir', directory];

    const failed = await run(...again, '--from', `${newest}`);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(new RegExp(`^count-phrases: There is no complete checkpoint ${newest} at `));
    expect(failed.stderr).toContain(`pass --from ${older}\n`);

    const resumed = await run(...again, '--resume');
    expect(resumed.stdout).toMatch(
      new RegExp(
        `^Checkpoint ${newest} is incomplete: it has no metadata\\. Going back to the one before, ${older}\\.`,
      ),
    );
    expectExact(resumed);
  });

  test('does not mix with an earlier run by mistake', async () => {
    await runWithCheckpoints();
    const { code, stderr } = await run('--tokens', `${TOKENS}`, '--dir', directory);
    expect(stderr).toMatch(/holds checkpoints of an earlier run: pass --resume/);
    expect(code).toBe(1);
  });
});

describe('a command line that can not be followed', () => {
  test.each([
    [['--frobnicate'], "Unknown option '--frobnicate'"],
    [['--tokens', 'many'], "--tokens must be a positive integer; received 'many'."],
    [['--interval', '0'], "--interval must be a positive number of seconds; received '0'."],
    [['--from', '3'], '--from needs --dir.'],
    [['--kill', '--dir', 'here'], '--kill works in a temporary directory; leave out --dir.'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toBe(`count-phrases: ${message}\nSee npm run demo -- --help\n`);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
