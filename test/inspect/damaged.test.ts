// What is damaged or forged: every read ends with an error that says what is wrong, and nothing is read outside of the directory.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { HashMapStateBackend, Types, ValueStateDescriptor } from '../../lib/index.ts';
import { StateReader } from '../../lib/inspect/state-reader.ts';
import { flinkSavepoint } from '../support/flink-jobs.ts';
import { withBackend } from '../support/with-backend.ts';
import { withDirectory } from '../support/with-db.ts';

const TOLD = ['RestoreError', 'SavepointFormatError', 'UnknownSerializerError'];
const MUTATIONS = 400;

async function readAll(path: string): Promise<number> {
  await using reader = await StateReader.open(path);
  let rows = 0;
  for (const operator of reader.operators) {
    for (const { name } of await operator.keyedStates()) {
      for await (const _ of operator.rows(name)) {
        rows++;
      }
    }
    for (const { name } of await operator.operatorStates()) {
      for await (const { elements } of operator.operatorState(name)) {
        rows += elements.length;
      }
    }
  }
  return rows;
}

/** The error's name; undefined when the change did no harm. */
async function failureOf(path: string): Promise<string | undefined> {
  try {
    await readAll(path);
    return undefined;
  } catch (error) {
    const { name, message, stack } = error as Error;
    return TOLD.includes(name) && message.length > 20 ? name : `${name}: ${message} ${stack}`;
  }
}

// The same in every run.
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe.each(['heap-canonical-compressed', 'heap-native', 'heap-checkpoint-compressed', 'rocksdb-canonical-1000'])(
  'a damaged %s',
  (name) => {
    test('is told to be, wherever the damage is', () =>
      withDirectory(async ({ directory }) => {
        const { savepoint } = flinkSavepoint('2.3.0', name);
        const whole = await readFile(join(savepoint, '_metadata'));
        await mkdir(directory, { recursive: true });
        const random = randomNumbers(name.length);
        const failures = new Set<string>();
        for (let index = 0; index < MUTATIONS; index++) {
          const damaged = Buffer.from(whole.subarray(0, index % 3 === 0 ? random(whole.length) : whole.length));
          for (let left = index % 3; left > 0; left--) {
            damaged[random(damaged.length)] = random(256);
          }
          await writeFile(join(directory, '_metadata'), damaged);
          const failure = await failureOf(directory);
          expect(failure === undefined || TOLD.includes(failure) ? undefined : failure).toBeUndefined();
          failures.add(failure ?? 'none');
        }
        expect(failures).toContain('SavepointFormatError');
      }));
  },
);

test('a database of Flink whose files are named to leave their directory is refused', () =>
  withDirectory(async ({ directory }) => {
    const { files } = flinkSavepoint('2.3.0', 'rocksdb-incremental');
    await cp(files, directory, { recursive: true });
    const path = join(directory, 'chk-2', '_metadata');
    const metadata = (await readFile(path)).toString('latin1');
    await writeFile(path, metadata.replaceAll('CURRENT', '../CURR'), 'latin1');
    await expect(readAll(join(directory, 'chk-2'))).rejects.toThrow(
      /'..\/CURR', which is no name of a file of RocksDB/,
    );
  }));

describe('a forged checkpoint of rockstate', () => {
  test.each([
    ['path', /outside of where its files may be/],
    ['name', /outside of where its files may be/],
  ])('whose files leave the directory by their %s is refused', (field, message) =>
    withBackend(
      () => new HashMapStateBackend(),
      async (bench) => {
        const keyed = await bench.open({ keyType: Types.LONG });
        keyed.setCurrentKey(1);
        keyed.getState(new ValueStateDescriptor('v', Types.LONG)).update(1);
        await keyed.snapshot(1, bench.storage);
        const directory = join(bench.storage.directory, 'chk-1');
        expect(await readAll(directory)).toBe(1);
        const [body = ''] = (await readFile(join(directory, '_metadata'), 'utf8')).split('\n');
        const forged = JSON.parse(body);
        forged.checkpoint.handles[0].files[0][field] = '../../secret';
        const text = JSON.stringify(forged);
        await writeFile(join(directory, '_metadata'), `${text}\ncrc32:${crc32(text).toString(16).padStart(8, '0')}\n`);
        await expect(readAll(directory)).rejects.toThrow(message);
      },
    ),
  );
});
