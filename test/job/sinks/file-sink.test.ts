import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileSink, type FileSinkOptions, type PendingFile } from '../../../lib/job/sinks/file-sink.ts';
import type { SinkWriter } from '../../../lib/job/sinks/sink.ts';
import { StreamExecutionEnvironment } from '../../../lib/job/stream-execution-environment.ts';

let directory = '';
const AT = { timestamp: 0, currentWatermark: 0 };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rockstate-sink-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

type Writer = Required<SinkWriter<string, PendingFile>>;

async function open(
  { subtaskIndex = 0, restored = [] as readonly PendingFile[] } = {},
  options: FileSinkOptions<string> = {},
): Promise<Writer> {
  const context = { subtaskIndex, parallelism: 2, restored };
  return (await new FileSink<string>(directory, options).createWriter(context)) as Writer;
}

async function names(): Promise<string[]> {
  return (await readdir(directory)).sort();
}

async function lines(): Promise<string[]> {
  const visible = (await names()).filter((name) => !name.startsWith('.'));
  const texts = await Promise.all(visible.map((name) => readFile(join(directory, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).sort();
}

test('a file has its name when it is committed, not before', async () => {
  const writer = await open();
  await writer.write('a', AT);
  await writer.write('b', AT);
  const pending = await writer.snapshot(1);
  expect(await lines()).toEqual([]);
  expect(await names()).toEqual([expect.stringMatching(/^\.part-.*\.inprogress$/)]);
  await writer.commit(pending);
  expect(await lines()).toEqual(['a', 'b']);
  await writer.close();
  expect(await names()).toEqual([expect.stringMatching(/^part-[^.]*$/)]);
});

test('a checkpoint without records has no files', async () => {
  const writer = await open();
  expect(await writer.snapshot(1)).toEqual([]);
  await writer.commit([]);
  await writer.close();
  expect(await names()).toEqual([]);
});

test('what is committed twice, also by another writer, stays as it is', async () => {
  const writer = await open();
  await writer.write('a', AT);
  const pending = await writer.snapshot(1);
  await writer.commit(pending);
  await writer.commit(pending);
  const other = await open({ subtaskIndex: 1, restored: pending });
  await other.commit(pending);
  expect(await lines()).toEqual(['a']);
});

test('what is to be committed and is gone is an error', async () => {
  const writer = await open();
  await writer.write('a', AT);
  const pending = await writer.snapshot(1);
  await rm(join(directory, pending[0]?.temporary as string));
  await expect(writer.commit(pending)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('files of the size that was asked for are not added to', async () => {
  const writer = await open({}, { rollSizeBytes: 100_000 });
  const text = 'x'.repeat(9_999);
  for (let record = 0; record < 35; record++) {
    await writer.write(text, AT);
  }
  const pending = await writer.snapshot(1);
  expect(pending.length).toBeGreaterThan(1);
  expect(new Set(pending.map(({ final }) => final)).size).toBe(pending.length);
  await writer.commit(pending);
  expect(await lines()).toEqual(Array.from({ length: 35 }, () => text));
  await writer.close();
});

test('whoever is closed leaves nothing that no checkpoint has, and all that one has', async () => {
  const writer = await open({}, { rollSizeBytes: 70_000 });
  await writer.write('kept', AT);
  const pending = await writer.snapshot(1);
  for (let record = 0; record < 20; record++) {
    await writer.write('y'.repeat(10_000), AT);
  }
  await writer.close();
  expect(await names()).toEqual(pending.map(({ temporary }) => temporary));
});

test('a restored sink removes what is left over, keeps what is to be committed, and touches nothing else', async () => {
  const dead = await open();
  await dead.write('committed', AT);
  await dead.commit(await dead.snapshot(1));
  await dead.write('pending', AT);
  const pending = await dead.snapshot(2);
  await dead.write('lost', AT);
  await dead.snapshot(3);
  // It is killed here.
  await writeFile(join(directory, '.other-1-0.inprogress'), 'of another sink');
  await writeFile(join(directory, '.part-note'), 'a note');
  expect((await names()).filter((name) => /^\.part.*inprogress$/.test(name))).toHaveLength(2);
  const second = await open({ subtaskIndex: 1, restored: pending });
  const first = await open({ subtaskIndex: 0, restored: pending });
  await second.commit(pending);
  expect(await lines()).toEqual(['committed', 'pending']);
  expect((await names()).filter((name) => name.startsWith('.'))).toEqual(['.other-1-0.inprogress', '.part-note']);
  await first.close();
  await second.close();
});

describe('what is written', () => {
  test.each([
    ['texts and values by default', {}, '"a"\n{"n":1}\n', /^part-[^.]*$/],
    [
      'what the program makes of a record',
      { encode: (value: unknown) => Buffer.from(`<${JSON.stringify(value)}>`), partPrefix: 'out', partSuffix: '.txt' },
      '<"\\"a\\"">' + '<{"n":1}>',
      /^out-.*\.txt$/,
    ],
  ])('%s', async (_, options, text, name) => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.fromElements<unknown>('"a"', { n: 1 }).sinkTo(new FileSink<unknown>(directory, options));
    await env.execute();
    const [only, ...others] = await names();
    expect(others).toEqual([]);
    expect(only).toMatch(name);
    expect(await readFile(join(directory, only as string), 'utf8')).toBe(text);
  });

  test('nothing, by a job without checkpoints that fails', async () => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env
      .fromSequence(0, 100_000)
      .map((n) => {
        if (n === 90_000) {
          throw new Error('bad record');
        }
        return `${n}`;
      })
      .sinkTo(new FileSink(directory));
    await expect(env.execute()).rejects.toThrow('bad record');
    expect(await names()).toEqual([]);
  });
});

test.each([undefined, '', 3])('a directory must be a path: %j', (path) => {
  expect(() => new FileSink(path as string)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PATH' }));
});
