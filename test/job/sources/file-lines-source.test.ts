import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileLinesSource } from '../../../lib/job/sources/file-lines-source.ts';
import { StreamExecutionEnvironment } from '../../../lib/job/stream-execution-environment.ts';
import { read, readAll } from '../../support/source-reading.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rockstate-lines-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, contents: string | Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, contents);
  return path;
}

test.each([
  ['ends in a line break', 'a\nb\n', ['a', 'b']],
  ['ends without one', 'a\nb', ['a', 'b']],
  ['has line breaks of Windows', 'a\r\nb\r\n', ['a', 'b']],
  ['has some of each, and carriage returns within lines', 'a\r\nb\nc\rd\r\n', ['a', 'b', 'c\rd']],
  ['has empty lines', '\n\na\n\n', ['', '', 'a', '']],
  ['is empty', '', []],
  ['is one line break', '\n', ['']],
])('a file that %s', async (_, contents, lines) => {
  expect(await readAll(new FileLinesSource(await file('text', contents)))).toEqual(lines);
});

test('characters and line breaks across the pieces that a file is read in', async () => {
  // A stream of Node.js reads 64 KiB at once. Three bytes a sign do not fit in evenly.
  const lines = Array.from({ length: 5000 }, (_, n) => `${n}€${'漢'.repeat(n % 40)}😀`);
  const path = await file('text', lines.join('\r\n'));
  expect(await readAll(new FileLinesSource(path))).toEqual(lines);
  const long = ['x'.repeat(200_000), '', '€'.repeat(100_000)];
  expect(await readAll(new FileLinesSource(await file('long', long.join('\n'))))).toEqual(long);
});

test.each([
  ['\n', true],
  ['\n', false],
  ['\r\n', true],
  ['\r\n', false],
])('reading goes on behind any line, with %j, ending in it: %s', async (lineBreak, isEnded) => {
  const lines = Array.from({ length: 200 }, (_, n) => `${n}€`);
  const first = await file('1', lines.slice(0, 100).join(lineBreak) + (isEnded ? lineBreak : ''));
  await file('2', '');
  const last = await file('3', lines.slice(100).join(lineBreak) + (isEnded ? lineBreak : ''));
  const source = new FileLinesSource(first, join(directory, '2'), last);
  for (let limit = 0; limit <= 200; limit += 7) {
    const { reader, values } = await read(source, await source.splits(), limit);
    const splits = JSON.parse(JSON.stringify(reader.snapshotState(1)));
    await reader.close?.();
    const rest = await read(source, splits);
    await rest.reader.close?.();
    expect([...values, ...rest.values]).toEqual(lines);
    // Whoever has come to the end has nothing left.
    const end = await read(source, rest.reader.snapshotState(2));
    expect(end.values).toEqual([]);
  }
});

test('a directory stands for its files, in the order of their names, but for hidden ones and directories', async () => {
  await file('b', '2\n');
  await file('a', '1\n');
  await file('.hidden', 'x\n');
  await mkdir(join(directory, 'deeper'));
  await writeFile(join(directory, 'deeper', 'c'), 'x\n');
  expect(await readAll(new FileLinesSource(directory))).toEqual(['1', '2']);
  await rm(join(directory, 'a'));
  await rm(join(directory, 'b'));
  expect(await readAll(new FileLinesSource(directory))).toEqual([]);
});

test('a path that is not there fails the job, and says which it is', async () => {
  const missing = join(directory, 'missing');
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  env.readTextFile(missing).addSink(() => {});
  await expect(env.execute()).rejects.toMatchObject({
    code: 'ERR_JOB_FAILED',
    message: expect.stringContaining(missing),
  });
});

test('a file that goes away fails the job', async () => {
  const path = await file('text', 'a\n');
  const source = new FileLinesSource(path);
  const splits = await source.splits();
  await rm(path);
  await expect(read(source, splits)).rejects.toThrow(/ENOENT/);
});

test('subtasks share the files', async () => {
  const paths = await Promise.all(
    Array.from({ length: 5 }, (_, n) =>
      file(`${n}`, Array.from({ length: 50 }, (__, line) => `${n}:${line}\n`).join('')),
    ),
  );
  const env = StreamExecutionEnvironment.getExecutionEnvironment().setParallelism(3);
  const lines = await env.readTextFile(...paths).executeAndCollect();
  const all = Array.from({ length: 250 }, (_, n) => `${Math.floor(n / 50)}:${n % 50}`);
  expect(lines.toSorted()).toEqual(all.toSorted());
});
