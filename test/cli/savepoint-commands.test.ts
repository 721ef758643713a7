import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  HashMapStateBackend,
  ListStateDescriptor,
  MapStateDescriptor,
  StateTtlConfig,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { flinkSavepoint } from '../support/flink-jobs.ts';
import { runProgram } from '../support/run-program.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';
import { withDirectory } from '../support/with-db.ts';
import { METADATA_FILE, STATE_FILE } from '../support/worked-savepoint.ts';

const rockstate = new URL('../../dist/cli/rockstate.js', import.meta.url);
const run = (...args: readonly string[]) => runProgram(rockstate, args);

const VALUES = new ValueStateDescriptor('values', Types.BIGINT);
const BYTES = new ListStateDescriptor('bytes', Types.BYTES);
const COUNTS = new MapStateDescriptor('counts', Types.STRING, Types.DOUBLE);

/** A checkpoint with a state of each of three kinds. */
function withCheckpoint(test: (checkpoint: string, bench: Bench) => Promise<void>, keys = 1): Promise<void> {
  return withBackend(
    () => new HashMapStateBackend(),
    async (bench) => {
      const keyed = await bench.open({ keyType: Types.LONG });
      for (let key = 1; key <= keys; key++) {
        keyed.setCurrentKey(key);
        keyed.getState(VALUES).update(2n ** 60n);
        keyed.getListState(BYTES).addAll([Uint8Array.of(0xfb), Uint8Array.of(0xff)]);
        keyed.getMapState(COUNTS).put('whale', Number.POSITIVE_INFINITY);
      }
      await keyed.snapshot(3, bench.storage);
      await test(join(bench.storage.directory, 'chk-3'), bench);
    },
  );
}

/** The worked example, at `<directory>/savepoint`. */
async function worked(directory: string, metadata = METADATA_FILE, state = STATE_FILE): Promise<string> {
  const savepoint = join(directory, 'savepoint');
  await mkdir(savepoint, { recursive: true });
  await writeFile(join(savepoint, '_metadata'), metadata);
  await writeFile(join(savepoint, 'op-state'), state);
  return savepoint;
}

describe('rockstate inspect', () => {
  test('shows operators, states, types, rows and bytes', () =>
    withDirectory(async ({ directory }) => {
      const { status, stdout, stderr } = await run('inspect', await worked(directory));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain("checkpoint 1 in Flink's format, 1 operators");
      expect(stdout).toContain('c49f9afd6c708fcc3cdcba1bd00469ba\n  parallelism 1 of 128, 423 bytes, canonical\n');
      expect(stdout).toContain(
        'subtask 0: key groups 0 to 127, 423 bytes\n  count: VALUE of JAVA_LONG, keys STRING, 2 rows\n',
      );
    }));

  test('prints JSON of a checkpoint of rockstate', () =>
    withCheckpoint(async (checkpoint) => {
      const { stdout } = await run('inspect', checkpoint, '--json');
      const { format, checkpointId, operators } = JSON.parse(stdout);
      expect({ format, checkpointId }).toEqual({ format: 'rockstate', checkpointId: 3 });
      expect(operators).toHaveLength(1);
      expect(operators[0].states).toEqual([
        {
          name: 'values',
          kind: 'VALUE',
          keyType: 'JAVA_LONG',
          namespaceType: 'VOID_NAMESPACE',
          valueType: 'JAVA_LONG',
          rows: 1,
        },
        {
          name: 'bytes',
          kind: 'LIST',
          keyType: 'JAVA_LONG',
          namespaceType: 'VOID_NAMESPACE',
          valueType: 'BYTES',
          rows: 1,
        },
        {
          ...{ name: 'counts', kind: 'MAP', keyType: 'JAVA_LONG', namespaceType: 'VOID_NAMESPACE' },
          ...{ userKeyType: 'STRING', valueType: 'DOUBLE', rows: 1 },
        },
      ]);
    }));

  test('says of a state that Kryo wrote why it can not be read, and shows the rest', async () => {
    const { savepoint } = flinkSavepoint('2.3.0', 'heap-canonical');
    const { status, stdout } = await run('inspect', savepoint);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /opaque: VALUE of rockstate\.jobs\.GenericFunction\$Opaque, keys STRING, \d+ rows\n {4}! .*Kryo/,
    );
    expect(stdout).toMatch(/split: SPLIT_DISTRIBUTE of STRING/);
  });
});

describe('rockstate dump', () => {
  test('prints big integers as texts, bytes in base 64, and an entry of a map a line', () =>
    withCheckpoint(async (checkpoint) => {
      const rows = async (state: string) => JSON.parse((await run('dump', checkpoint, '--state', state)).stdout);
      expect(await rows('values')).toEqual({ keyGroup: expect.any(Number), key: 1, value: String(2n ** 60n) });
      expect(await rows('bytes')).toMatchObject({ value: ['+w==', '/w=='] });
      expect(await rows('counts')).toMatchObject({ userKey: 'whale', value: 'Infinity' });
    }));

  test('prints as many rows as are wanted, and ends well when nobody reads on', () =>
    withCheckpoint(async (checkpoint) => {
      const limited = await run('dump', checkpoint, '--state', 'values', '--limit', '7');
      expect(limited.stdout.split('\n')).toHaveLength(8);
      const child = spawn(process.execPath, [fileURLToPath(rockstate), 'dump', checkpoint, '--state', 'values']);
      child.stdout.once('data', () => child.stdout.destroy());
      let stderr = '';
      child.stderr.on('data', (data) => {
        stderr += data;
      });
      const [status] = await once(child, 'exit');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }, 20_000));

  test('says which class can not be read, and prints its bytes when they are asked for', async () => {
    const { savepoint } = flinkSavepoint('2.3.0', 'heap-canonical');
    const refused = await run('dump', savepoint, '--state', 'opaque');
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^rockstate dump: .*GenericFunction\$Opaque of state 'opaque' is written by Kryo/);
    expect(refused.stderr).not.toContain('    at ');
    const raw = await run('dump', savepoint, '--state', 'opaque', '--raw', '--limit', '1');
    expect(JSON.parse(raw.stdout)).toEqual({
      keyGroup: expect.any(Number),
      key: expect.any(String),
      value: expect.any(String),
    });
  });

  test('asks which operator is meant', async () => {
    const { savepoint } = flinkSavepoint('2.3.0', 'heap-canonical');
    const { status, stderr } = await run('dump', savepoint, '--state', 'window-contents');
    expect(status).toBe(2);
    expect(stderr).toMatch(/operators have a state 'window-contents'; name one with --operator: .*tumbling/);
    expect(await run('dump', savepoint, '--state', 'nothing')).toMatchObject({ status: 1 });
  });
});

const PERSON = new ValueStateDescriptor(
  'person',
  Types.STRUCT({ name: Types.STRING, tags: Types.LIST(Types.STRING), age: Types.NULLABLE(Types.INT) }),
);
const VISITS = new MapStateDescriptor('visits', Types.STRING, Types.LONG).enableTimeToLive(
  StateTtlConfig.newBuilder(1000).build(),
);

/** The checkpoint of a program that asks for no state, and has that of an older one. */
function withForgotten(test: (checkpoint: string, bench: Bench) => Promise<void>): Promise<void> {
  return withBackend(
    () => new HashMapStateBackend(),
    async (bench) => {
      const { storage } = bench;
      const first = await bench.open({ keyType: Types.LONG });
      first.setCurrentKey(1);
      first.getState(PERSON).update({ name: 'Ada', tags: ['x'], age: null });
      first.getMapState(VISITS).put('here', 1);
      first.getState(VALUES).update(1n);
      const handle = await first.snapshot(1, storage);
      const second = await bench.open({ keyType: Types.LONG, restore: { storage, handle } });
      await second.snapshot(2, storage);
      await test(join(storage.directory, 'chk-2'), bench);
    },
  );
}

describe('states that no program asks for any more', () => {
  test('are shown by rockstate inspect, with their types', () =>
    withForgotten(async (checkpoint) => {
      const { status, stdout } = await run('inspect', checkpoint);
      expect(status).toBe(0);
      expect(stdout).toContain(
        '  person: VALUE of STRUCT(name: STRING, tags: LIST(STRING), age: NULLABLE(INT)), keys JAVA_LONG, 1 rows\n' +
          '  visits: MAP of STRING to TTL_VALUE(JAVA_LONG), keys JAVA_LONG, 1 rows\n' +
          '  values: VALUE of JAVA_LONG, keys JAVA_LONG, 1 rows\n',
      );
    }));

  test('are left out by rockstate convert --drop-state', () =>
    withForgotten(async (checkpoint, { directory }) => {
      const to = join(directory, 'to');
      const refused = await run(
        'convert',
        checkpoint,
        to,
        '--uid',
        'it',
        '--drop-state',
        'person',
        '--drop-state',
        'x',
      );
      expect(refused).toMatchObject({ status: 1, stdout: '' });
      expect(refused.stderr).toContain(
        `There is no keyed state 'x' to drop at ${checkpoint}; there are 'person', 'visits', 'values'.`,
      );
      expect(await readdir(directory)).not.toContain('to');
      const dropping = ['--drop-state', 'person', '--drop-state', 'visits'];
      expect(await run('convert', checkpoint, to, '--uid', 'it', ...dropping)).toMatchObject({
        status: 0,
        stdout: `${to}: 1 operators, 1 rows.\n`,
      });
      const { stdout } = await run('inspect', to, '--json');
      expect(JSON.parse(stdout).operators[0].states.map(({ name }: { name: string }) => name)).toEqual(['values']);
    }));
});

describe('rockstate convert', () => {
  test('makes a savepoint of a checkpoint, and nothing when it can not', () =>
    withCheckpoint(async (checkpoint, { directory }) => {
      const to = join(directory, 'to');
      const refused = await run('convert', checkpoint, to);
      expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('a savepoint needs a uid') });
      expect(await readdir(directory)).not.toContain('to');
      const done = await run('convert', checkpoint, to, '--uid', 'whales', '--max-parallelism', '500', '--compress');
      expect(done).toMatchObject({ status: 0, stdout: `${to}: 1 operators, 3 rows.\n`, stderr: '' });
      const dumped = await run('dump', to, '--state', 'values', '--operator', 'whales');
      expect(JSON.parse(dumped.stdout)).toMatchObject({ key: 1, value: String(2n ** 60n) });
      expect(await run('convert', checkpoint, to, '--uid', 'whales')).toMatchObject({ status: 1 });
    }));
});

describe('commands that look into savepoints', () => {
  test.each(['inspect', 'dump', 'convert'])('%s tells its usage', async (command) => {
    const help = await run(command, '--help');
    expect(help).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`Usage: rockstate ${command}`),
      stderr: '',
    });
    for (const args of [
      [],
      ['a', 'b', 'c'],
      ['--nonsense'],
      ['a', '--map', 'x'],
      ['a', '--state', 's', '--limit', '-1'],
    ]) {
      const { status, stdout, stderr } = await run(command, ...args);
      expect({ args, status, stdout }).toEqual({ args, status: 2, stdout: '' });
      expect(stderr).toContain('Usage: rockstate');
    }
  });

  test('refuse files outside of the savepoint unless told otherwise', () =>
    withDirectory(async ({ directory }) => {
      const path = '../t-state';
      const metadata = Buffer.from(METADATA_FILE);
      // The name in the metadata has ten bytes, as the path has now.
      const renamed = Buffer.from(metadata.toString('latin1').replace('\0\x08op-state', `\0\x0a${path}`), 'latin1');
      const savepoint = await worked(directory, renamed);
      await writeFile(join(directory, 't-state'), STATE_FILE);
      const refused = await run('inspect', savepoint);
      expect(refused).toMatchObject({ status: 1, stdout: '' });
      expect(refused.stderr).toMatch(/outside of where its files may be/);
      expect(await run('inspect', savepoint, '--allow-outside-files')).toMatchObject({ status: 0 });
      expect(await run('inspect', savepoint, '--map', `/x=${directory}`)).toMatchObject({ status: 0 });
    }));

  test('say in a line what is damaged', () =>
    withDirectory(async ({ directory }) => {
      const cases: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
        ['an empty file', new Uint8Array(0), STATE_FILE],
        ['half of the metadata', METADATA_FILE.slice(0, 600), STATE_FILE],
        ['half of the state', METADATA_FILE, STATE_FILE.slice(0, 200)],
        ['another header', METADATA_FILE, Uint8Array.from(STATE_FILE, (byte, index) => (index === 3 ? 99 : byte))],
        ['another key group', METADATA_FILE, Uint8Array.from(STATE_FILE, (byte, index) => (index === 377 ? 1 : byte))],
        ['JSON that is none', Buffer.from('{"format":1}\ncrc32:00000000\n'), STATE_FILE],
      ];
      for (const [what, metadata, state] of cases) {
        const savepoint = await worked(directory, metadata as never, state as never);
        const { status, stdout, stderr } = await run('dump', savepoint, '--state', 'count');
        expect({ what, status }).toEqual({ what, status: 1 });
        expect(stdout.length).toBeLessThan(100);
        expect(stderr).toMatch(/^rockstate dump: .+\n$/s);
        expect(stderr).not.toContain('    at ');
      }
      expect(await run('inspect', join(directory, 'nothing'))).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('There is no savepoint at'),
      });
    }));

  test('find files of a checkpoint of Flink that was moved', () =>
    withDirectory(async ({ directory }) => {
      const { files } = flinkSavepoint('2.3.0', 'rocksdb-incremental');
      await cp(files, directory, { recursive: true });
      const { status, stdout } = await run('dump', join(directory, 'chk-2'), '--state', 'sum', '--limit', '1');
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ key: expect.any(String), value: expect.any(Number) });
      const before = await readFile(join(directory, 'chk-2', '_metadata'));
      expect(before.length).toBeGreaterThan(0);
    }));
});
