// Savepoints and checkpoints made of others: they have the same rows, and backends restore them.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KeyedStateBackend, StateBackend } from '../../lib/api/backend.ts';
import type { ConvertOptions } from '../../lib/convert/convert-options.ts';
import { convertState } from '../../lib/convert/convert-state.ts';
import { keyGroupOf, Types } from '../../lib/index.ts';
import { StateReader } from '../../lib/inspect/state-reader.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';
import { flinkSavepoint } from '../support/flink-jobs.ts';
import { begin, list } from '../support/shared-contents.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';
import { withDirectory } from '../support/with-db.ts';

const BACKENDS = ['RocksDB', 'HashMap'] as const;
const UID = 'words';

/** All rows as texts, of which the order and the key group say nothing. */
async function rowsAt(path: string): Promise<string[]> {
  await using reader = await StateReader.open(path);
  const texts: string[] = [];
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  for (const operator of reader.operators) {
    for (const { name } of await operator.keyedStates()) {
      for await (const { keyGroup, ...row } of operator.rows(name)) {
        texts.push(JSON.stringify([name, row], text));
      }
    }
  }
  return texts.sort();
}

async function convert(from: string, to: string, options: ConvertOptions) {
  await using reader = await StateReader.open(from);
  return convertState(reader, to, options);
}

/** Restores a checkpoint of rockstate. */
async function restored(path: string, create: () => StateBackend, bench: Bench): Promise<KeyedStateBackend<string>> {
  const storage = new FileSystemCheckpointStorage(join(path, '..'));
  const { handles } = await storage.openCheckpoint(1);
  const maxParallelism = handles[0]?.maxParallelism as number;
  return create().createKeyedStateBackend({
    ...{ keyType: Types.STRING, maxParallelism, localDir: bench.localDir, restore: { storage, handles } },
  });
}

describe.each(BACKENDS)('a checkpoint of %s', (from) => {
  test.each(BACKENDS)('becomes one of %s, by way of a compressed savepoint with other key groups', (to) =>
    withBackend(PLAIN_BACKENDS[from] as () => StateBackend, async (bench) => {
      const keyed = await bench.open({ keyType: Types.STRING, maxParallelism: 128 });
      begin(keyed, 'STRING');
      await keyed.snapshot(1, bench.storage);
      const checkpoint = join(bench.storage.directory, 'chk-1');
      const [savepoint, target] = [join(bench.directory, 'savepoint'), join(bench.directory, 'target')];
      const options = { uid: UID, maxParallelism: 1000, parallelism: 3, compress: true };
      const { rows } = await convert(checkpoint, savepoint, options);
      const expected = await rowsAt(checkpoint);
      expect(rows).toBe(expected.length);
      expect(await rowsAt(savepoint)).toEqual(expected);
      expect((await Savepoint.open(savepoint)).operator(UID)).toMatchObject({ parallelism: 3, maxParallelism: 1000 });

      const backend = to === 'RocksDB' ? 'rocksdb' : 'hashmap';
      const converted = await convert(savepoint, target, { format: 'native', backend, parallelism: 2 });
      expect(converted).toEqual({ path: join(target, 'chk-1'), operators: 1, rows });
      expect(await rowsAt(converted.path)).toEqual(expected);
      const again = await restored(converted.path, PLAIN_BACKENDS[to] as () => StateBackend, bench);
      const whole = await bench.open({ keyType: Types.STRING, maxParallelism: 1000 });
      begin(whole, 'STRING');
      expect(list(again)).toEqual(list(whole));
      await again.close();
      expect(await readdir(bench.directory)).toEqual(expect.not.arrayContaining([expect.stringMatching(/\.part$/)]));
      expect(await readdir(target)).toEqual(expect.not.arrayContaining(['working']));
    }),
  );

  test.each(['canonical', 'native'] as const)('is converted without states that are to be dropped: %s', (format) =>
    withBackend(PLAIN_BACKENDS[from] as () => StateBackend, async (bench) => {
      const keyed = await bench.open({ keyType: Types.STRING, maxParallelism: 128 });
      begin(keyed, 'STRING');
      await keyed.snapshot(1, bench.storage);
      const checkpoint = join(bench.storage.directory, 'chk-1');
      const all = await rowsAt(checkpoint);
      const names = [...new Set(all.map((row) => JSON.parse(row)[0] as string))];
      const [kept, ...dropStates] = names;
      const isKept = (row: string) => JSON.parse(row)[0] === kept;
      expect(dropStates.length).toBeGreaterThan(1);
      const options = { uid: UID, format, maxParallelism: 300, parallelism: 2 };
      const target = join(bench.directory, 'target');
      const { path } = await convert(checkpoint, target, { ...options, dropStates });
      expect(await rowsAt(path)).toEqual(all.filter(isKept));
      const none = await convert(checkpoint, join(bench.directory, 'none'), { ...options, dropStates: names });
      expect(await rowsAt(none.path)).toEqual([]);
      await expect(convert(checkpoint, join(bench.directory, 'no'), { ...options, dropStates: ['?'] })).rejects.toThrow(
        "There is no keyed state '?' to drop",
      );
      expect(await readdir(bench.directory)).not.toContain('no');
    }),
  );

  test('is converted into nothing when it can not be', () =>
    withBackend(PLAIN_BACKENDS[from] as () => StateBackend, async (bench) => {
      const keyed = await bench.open({ keyType: Types.STRING, maxParallelism: 128 });
      begin(keyed, 'STRING');
      await keyed.snapshot(1, bench.storage, { attachment: { position: 7 } });
      const checkpoint = join(bench.storage.directory, 'chk-1');
      const target = join(bench.directory, 'target');
      await expect(convert(checkpoint, target, {})).rejects.toThrow(
        /does not name its operator; a savepoint needs a uid/,
      );
      await expect(convert(checkpoint, target, { uid: UID })).rejects.toThrow(/can not hold the attachment/);
      await expect(convert(checkpoint, target, { uid: UID, drop: ['attachment'], parallelism: 200 })).rejects.toThrow(
        /must not be smaller than parallelism/,
      );
      await expect(convert(checkpoint, bench.directory, { uid: UID, drop: ['attachment'] })).rejects.toThrow(
        /There is something at/,
      );
      expect(await readdir(bench.directory)).not.toContain('target');
      expect(await readdir(bench.directory)).not.toContain('target.part');
      await convert(checkpoint, target, { uid: UID, drop: ['attachment'] });
    }));
});

test('a checkpoint that has nothing but an attachment is not converted into an empty savepoint', () =>
  withBackend(PLAIN_BACKENDS.HashMap as () => StateBackend, async ({ directory, storage }) => {
    await (await storage.begin(1)).complete([], { position: 7 });
    const [checkpoint, target] = [join(storage.directory, 'chk-1'), join(directory, 'target')];
    await expect(convert(checkpoint, target, { uid: UID })).rejects.toThrow(/can not hold the attachment/);
    expect(await readdir(directory)).not.toContain('target');
  }));

describe.each(['2.3.0', '1.20.5'])('what Flink %s wrote', (release) => {
  test.each([
    ['heap-checkpoint-compressed', 'timers'],
    ['heap-native', 'collections'],
    ['rocksdb-incremental', 'collections'],
    ['rocksdb-heap-timers-incremental', 'timers'],
    ['rocksdb-native', 'tumbling'],
    ['rocksdb-canonical-1000', 'timers'],
  ])('in %s becomes a savepoint, with other key groups, and a checkpoint of each backend', (name, uid) =>
    withDirectory(async ({ directory }) => {
      const { savepoint } = flinkSavepoint(release, name);
      const canonical = join(directory, 'canonical');
      await convert(savepoint, canonical, { operator: uid, uid, maxParallelism: 300, parallelism: 4 });
      const expected = await rowsAt(canonical);
      expect(expected.length).toBeGreaterThan(10);
      await using reader = await StateReader.open(canonical);
      await using source = await StateReader.open(savepoint);
      for (const { name: state, kind } of await source.operator(uid).keyedStates()) {
        let [after, before] = [0, 0];
        for await (const { keyGroup, key } of reader.operator(uid).rows(state)) {
          after++;
          if (typeof key === 'string') {
            expect(keyGroup).toBe(keyGroupOf(Types.STRING.hashCode?.(key) as number, 300));
          }
        }
        for await (const _ of source.operator(uid).rows(state)) {
          before++;
        }
        expect([kind, after]).toEqual([kind, before]);
      }
      for (const backend of ['rocksdb', 'hashmap'] as const) {
        const native = await convert(canonical, join(directory, backend), { format: 'native', backend });
        expect(await rowsAt(native.path)).toEqual(expected);
      }
    }),
  );

  test('keeps operator state in savepoints, and a checkpoint of rockstate is refused it unless told to drop it', () =>
    withDirectory(async ({ directory }) => {
      const { savepoint } = flinkSavepoint(release, 'heap-checkpoint-compressed');
      const to = join(directory, 'to');
      await convert(savepoint, to, { parallelism: 2 });
      await using before = await StateReader.open(savepoint);
      await using after = await StateReader.open(to);
      for (const { label } of before.operators) {
        const states = await before.operator(label).operatorStates();
        expect(await after.operator(label).operatorStates()).toEqual(states);
        for (const { name } of states) {
          const elements = async (reader: StateReader) => {
            const all: unknown[] = [];
            for await (const part of reader.operator(label).operatorState(name)) {
              all.push(part);
            }
            return all;
          };
          expect(await elements(after)).toEqual(await elements(before));
        }
      }
      const native = { format: 'native', operator: 'broadcast' } as const;
      await expect(convert(savepoint, join(directory, 'no'), native)).rejects.toThrow(
        /can not hold the operator-state/,
      );
      await convert(savepoint, join(directory, 'yes'), { ...native, drop: ['operator-state'] });
    }));

  test('is carried along where Kryo wrote it, but not to other key groups of keys that Kryo wrote', () =>
    withDirectory(async ({ directory }) => {
      const { savepoint } = flinkSavepoint(release, 'heap-canonical');
      await convert(savepoint, join(directory, 'to'), { operator: 'generic' });
      await using before = await StateReader.open(savepoint);
      await using after = await StateReader.open(join(directory, 'to'));
      const bytes = async (reader: StateReader) => {
        const all: string[] = [];
        for await (const { key, value } of reader.operator('generic').rawRows('opaque')) {
          all.push(Buffer.from(key).toString('hex') + Buffer.from(value).toString('hex'));
        }
        return all;
      };
      expect((await bytes(before)).length).toBeGreaterThan(0);
      expect(await bytes(after)).toEqual(await bytes(before));
    }));
});
