// `rockstate run` as its user meets it: a process with arguments, signals, output and an exit code.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nodeReleases } from '../support/node-versions.ts';
import { type Outcome, runProgram } from '../support/run-program.ts';
import { withDirectory } from '../support/with-db.ts';

const rockstate = new URL('../../dist/cli/rockstate.js', import.meta.url);
const NUMBERING = job('numbering.mjs');
const COUNT = 4000;
const PER_SECOND = '4000';

function job(name: string): string {
  return fileURLToPath(new URL(`jobs/${name}`, import.meta.url));
}

const run = (...args: readonly string[]) => runProgram(rockstate, ['run', ...args]);

interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Outcome>;
}

function start(...args: readonly string[]): Started {
  const child = spawn(process.execPath, [fileURLToPath(rockstate), 'run', ...args]);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
    });
  }
  return { child, finished: once(child, 'close').then(([status, signal]) => ({ status, signal, ...texts })) };
}

/** Where a test's job puts its files, and the options that it runs with. */
interface Place {
  readonly checkpoints: string;
  readonly results: string;
  readonly savepoints: string;
  readonly options: readonly string[];
}

function withPlace(test: (place: Place) => Promise<void>): Promise<void> {
  return withDirectory(async ({ directory }) => {
    const [checkpoints = '', results = '', savepoints = '', config = ''] = [
      'checkpoints',
      'results',
      'savepoints',
      'config.yaml',
    ].map((name) => join(directory, name));
    await mkdir(results, { recursive: true });
    await writeFile(
      config,
      `state.backend.type: rocksdb\nexecution.checkpointing:\n  interval: 20 ms\n  dir: ${checkpoints}\n`,
    );
    await test({ checkpoints, results, savepoints, options: ['-c', config, '--progress', '0'] });
  });
}

/** What the job has committed, sorted. */
async function linesIn(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('.'));
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).sort();
}

async function untilSomeLines({ results }: Place, { child }: Started): Promise<void> {
  while ((await linesIn(results)).length === 0) {
    expect(child.exitCode).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** All that the job comes to, each once. */
const ALL_LINES = Array.from({ length: COUNT }, (_, n) => `${n % 10}:${Math.floor(n / 10) + 1}`).sort();

describe('a job that comes to its end', () => {
  test('gives the exit code 0; progress is on standard error', () =>
    withPlace(async ({ options, results }) => {
      const progress = options.slice(0, 2);
      const outcome = await run(...progress, '-p', '2', NUMBERING, results, `${COUNT}`, '0');
      expect(outcome).toMatchObject({ status: 0, stdout: 'Done after 0 restarts.\n' });
      expect(outcome.stderr).toMatch(
        /^rockstate run: numbering: FINISHED, \d+ checkpoints \(last: \d+ ms, [\d.]+ \w+\), 0 failed, 0 restarts\n$/,
      );
      expect(await linesIn(results)).toEqual(ALL_LINES);
    }));

  test('tells its rate, and nothing at all when told so', () =>
    withPlace(async ({ options, results }) => {
      const [, config = ''] = options;
      const told = await run('-c', config, '--progress', '1', NUMBERING, results, '9000', '4500');
      expect(told.stderr).toMatch(/^rockstate run: numbering: RUNNING, [\d,]+ records\/s, \d+ checkpoints \(last: /);
      expect(await run(...options, NUMBERING, results, '10', '0')).toMatchObject({ status: 0, stderr: '' });
    }));

  test('may run in several threads, whose records are counted together', () =>
    withPlace(async ({ options, results }) => {
      const [, config = ''] = options;
      const args = ['-c', config, '--progress', '1', '-p', '3', '--workers', '2', NUMBERING, results];
      const { status, stderr, stdout } = await run(...args, `${COUNT}`, '2000');
      expect({ status, stdout }).toEqual({ status: 0, stdout: 'Done after 0 restarts.\n' });
      expect(stderr).toMatch(/^rockstate run: numbering: RUNNING, [1-9][\d,]* records\/s, /m);
      expect(await linesIn(results)).toEqual(ALL_LINES);
    }));

  test('need not be waited for by its module, and has its arguments and configuration', async () => {
    const options = ['--progress', '0', '-Dparallelism.default=3'];
    const outcome = await run(...options, job('unawaited.mjs'), 'one', '--', '--two');
    expect(outcome).toEqual({ status: 0, signal: null, stdout: 'one\n--two\nparallelism 3\n', stderr: '' });
    expect((await run(...options, '-p', '4', job('unawaited.mjs'))).stdout).toBe('parallelism 4\n');
  });

  test.each(nodeReleases())('may be TypeScript where Node.js $version loads it', async ({ binary, version }) => {
    const args = ['run', '--progress', '0', job('typed.ts')];
    const outcome = await runProgram(rockstate, args, [], binary);
    const [major = 0] = version.split('.').map(Number);
    if (major >= 22) {
      expect(outcome).toMatchObject({ status: 0, stdout: 'typed\n' });
    } else {
      expect(outcome).toMatchObject({ status: 2, stdout: '' });
      expect(outcome.stderr).toContain(`Node.js ${version} can't load TypeScript by itself`);
    }
  });
});

describe('a job that fails', () => {
  test('gives the exit code 1, and tells why', () =>
    withPlace(async ({ results }) => {
      const outcome = await run('--progress', '0', NUMBERING, results, '100', '0', '50');
      expect(outcome).toMatchObject({ status: 1, stdout: '' });
      expect(outcome.stderr).toMatch(
        /^rockstate run: Job 'numbering' failed: bad record 50\nCause: TypeError: bad record 50\n {4}at .*numbering\.mjs/,
      );
    }));

  test('keeps its checkpoints, from which the job goes on with --from-savepoint latest', () =>
    withPlace(async ({ options, results }) => {
      const without = ['-D', 'restart-strategy.type=none'];
      const failing = await run(...options, ...without, NUMBERING, results, `${COUNT}`, PER_SECOND, '2000');
      expect(failing).toMatchObject({ status: 1, stdout: '' });
      expect((await linesIn(results)).length).toBeGreaterThan(0);
      const goesOn = await run(...options, '--from-savepoint', 'latest', NUMBERING, results, `${COUNT}`, '0');
      expect(goesOn).toMatchObject({ status: 0, stderr: '' });
      expect(await linesIn(results)).toEqual(ALL_LINES);
    }));

  test('is a module that throws, or executes nothing, too', () =>
    withDirectory(async ({ directory }) => {
      await mkdir(directory, { recursive: true });
      const [throwing, idle, rejecting] = ['throwing.mjs', 'idle.mjs', 'rejecting.mjs'].map((name) =>
        join(directory, name),
      );
      await writeFile(throwing as string, "throw new RangeError('no job');");
      await writeFile(idle as string, 'export {};');
      await writeFile(rejecting as string, "Promise.reject(new RangeError('not handled'));");
      expect(await run(throwing as string)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^rockstate run: RangeError: no job\n {4}at .*throwing\.mjs/),
      });
      expect(await run(idle as string)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('has executed no job'),
      });
      expect(await run(rejecting as string)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('RangeError: not handled'),
      });
    }));
});

describe('a signal', () => {
  test.each([
    { how: 'in a directory', args: (place: Place) => ['--stop-with-savepoint', place.savepoints] },
    {
      how: 'where the configuration says',
      args: (place: Place) => ['--savepoint-on-stop', `-Dexecution.checkpointing.savepoint-dir=${place.savepoints}`],
    },
  ])('stops the job with a savepoint $how, from which it goes on', ({ args }) =>
    withPlace(async (place) => {
      const { options, results, savepoints } = place;
      const started = start(...options, ...args(place), NUMBERING, results, `${COUNT}`, PER_SECOND);
      await untilSomeLines(place, started);
      started.child.kill('SIGTERM');
      const { status, stdout } = await started.finished;
      expect(status).toBe(0);
      const [name = ''] = await readdir(savepoints);
      const savepoint = join(savepoints, name);
      expect(stdout).toBe(`Done after 0 restarts.\nSavepoint: ${savepoint}\n`);
      expect((await linesIn(results)).length).toBeLessThan(COUNT);
      const goesOn = await run(...options, '-s', savepoint, NUMBERING, results, `${COUNT}`, '0');
      expect(goesOn).toMatchObject({ status: 0, stderr: '' });
      expect(await linesIn(results)).toEqual(ALL_LINES);
    }),
  );

  test.each([
    { signal: 'SIGTERM', code: 143 },
    { signal: 'SIGINT', code: 130 },
  ] as const)('$signal cancels the job, whose checkpoints are kept', ({ signal, code }) =>
    withPlace(async (place) => {
      const { checkpoints, options, results } = place;
      const started = start(...options, NUMBERING, results, `${COUNT}`, PER_SECOND);
      await untilSomeLines(place, started);
      started.child.kill(signal);
      const outcome = await started.finished;
      expect(outcome).toMatchObject({ status: code, signal: null, stdout: '' });
      const newest = /The newest checkpoint of 'numbering' is (.*)\n/.exec(outcome.stderr)?.[1];
      expect(newest).toMatch(new RegExp(`^${checkpoints}/chk-\\d+$`));
      expect(await run(...options, '-s', 'latest', NUMBERING, results, `${COUNT}`, '0')).toMatchObject({ status: 0 });
      expect(await linesIn(results)).toEqual(ALL_LINES);
    }),
  );

  test('ends the process at once when it is the second', () =>
    withPlace(async (place) => {
      const hanging = join(place.results, 'hanging.mjs');
      const env = `import { StreamExecutionEnvironment } from '${new URL('../../dist/index.js', import.meta.url).href}';
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromElements(1).addSink(() => { console.log('hangs'); setInterval(() => {}, 1000); return new Promise(() => {}); });
        await env.execute();`;
      await writeFile(hanging, env);
      const { child, finished } = start('--progress', '0', hanging);
      await once(child.stdout as NodeJS.ReadableStream, 'data');
      child.kill('SIGTERM');
      await once(child.stderr as NodeJS.ReadableStream, 'data');
      child.kill('SIGINT');
      expect(await finished).toMatchObject({ status: 130, signal: null });
    }));

  test('for which there is no directory of savepoints cancels the job, and is a failure', () =>
    withPlace(async (place) => {
      const { options, results } = place;
      const started = start(...options, '--savepoint-on-stop', NUMBERING, results, `${COUNT}`, PER_SECOND);
      await untilSomeLines(place, started);
      started.child.kill('SIGTERM');
      const { status, stderr } = await started.finished;
      expect(status).toBe(1);
      expect(stderr).toContain("set 'execution.checkpointing.savepoint-dir'");
    }));
});

test('--from-savepoint latest begins anew where there is no checkpoint', () =>
  withPlace(async ({ options, results }) => {
    const outcome = await run(...options, '--from-savepoint', 'latest', NUMBERING, results, `${COUNT}`, '0');
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(await linesIn(results)).toEqual(ALL_LINES);
  }));

describe('arguments', () => {
  test.each([
    [[], 'takes the module of a job'],
    [['missing.mjs'], "There is no file 'missing.mjs' to run."],
    [['--parallelism', '0', NUMBERING], '--parallelism takes an integer of at least 1'],
    [['--progress', 'often', NUMBERING], '--progress takes an integer of at least 0'],
    [['--drain', NUMBERING], '--drain is for --stop-with-savepoint'],
    [['--fast', NUMBERING], "Unknown option '--fast'"],
  ])('%j are refused', async (args, message) => {
    const { status, stderr, stdout } = await run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: rockstate run');
  });

  test.each([
    [['-c', 'missing.yaml'], 'The configuration missing.yaml does not exist.'],
    [['-D', 'parallelism.default=many'], "'parallelism.default'"],
    [['-s', '/missing'], '/missing'],
  ])('%j are told to be wrong', async (args, message) => {
    const { status, stderr } = await run(...args, NUMBERING, '/nowhere', '1', '0');
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  test('--help explains them', async () => {
    expect(await run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--from-savepoint') });
  });
});
