// The word-windows job as its user meets it: run by the `rockstate` command, killed, and run again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readWords } from '../../examples/word-windows/words.ts';
import { withDirectory } from '../support/with-db.ts';

const ROCKSTATE = fileURLToPath(new URL('../../dist/cli/rockstate.js', import.meta.url));
const MAIN = fileURLToPath(new URL('../../build/examples/word-windows/main.js', import.meta.url));
const WORDS_PER_WINDOW = 4 * 600;

/** The counts by the most direct code. */
function expectedCounts(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [index, word] of readWords().entries()) {
    const window = `${word} ${Math.floor(index / WORDS_PER_WINDOW) * 10}`;
    counts.set(window, (counts.get(window) ?? 0) + 1);
  }
  return counts;
}

async function linesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  const complete = names.filter((name) => name.startsWith('part-') && name.endsWith('.jsonl'));
  const texts = await Promise.all(complete.map((name) => readFile(join(directory, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
}

function start(directory: string, ...args: readonly string[]): { child: ChildProcess; stderr: () => string } {
  const config = [
    'state.backend.type=rocksdb',
    'execution.checkpointing.interval=100',
    'execution.checkpointing.incremental=true',
  ];
  const options = [...config, `execution.checkpointing.dir=${directory}/checkpoints`].flatMap((entry) => ['-D', entry]);
  const child = spawn(process.execPath, [ROCKSTATE, 'run', ...options, '--progress', '0', ...args]);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return { child, stderr: () => stderr };
}

test('killed and run again, with more subtasks, counts each word of each window once', () =>
  withDirectory(async ({ directory }) => {
    const results = join(directory, 'results');
    const first = start(directory, MAIN, results, '60000');
    while ((await linesIn(results)).length === 0) {
      expect(first.child.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    const expected = expectedCounts();
    expect((await linesIn(results)).length).toBeLessThan(expected.size);

    const second = start(directory, '--from-savepoint', 'latest', '--parallelism', '2', MAIN, results);
    expect(await once(second.child, 'close')).toEqual([0, null]);
    expect(second.stderr()).toBe('');
    const lines = await linesIn(results);
    expect(lines).toHaveLength(expected.size);
    for (const line of lines) {
      const { count, minute, word } = JSON.parse(line);
      expect(`${word} ${minute} ${count}`).toBe(`${word} ${minute} ${expected.get(`${word} ${minute}`)}`);
    }
  }));
