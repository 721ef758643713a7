// Savepoints between all backends: what one wrote, each restores.
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KeyedStateBackend, KeyedStateBackendOptions, StateBackend } from '../../lib/api/backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import {
  EmbeddedRocksDBStateBackend,
  HashMapStateBackend,
  keyGroupRangeOf,
  ListStateDescriptor,
  MapStateDescriptor,
  Savepoint,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { begin, change, type Listed, list, type SharedKeyType } from '../support/shared-contents.ts';
import { SHARED_STATES } from '../support/shared-states.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

type Create = () => StateBackend;

const PAIRS = Object.entries(PLAIN_BACKENDS).flatMap(([from, first]) =>
  Object.entries(PLAIN_BACKENDS).map(([to, second]) => ({ from, to, first, second })),
);
const UID = 'the operator';

/** Opens a backend of another kind than the bench's. */
function open<K>(
  create: Create,
  { localDir }: Bench,
  options: KeyedStateBackendOptions<K>,
): Promise<KeyedStateBackend<K>> {
  return create().createKeyedStateBackend({ localDir, ...options });
}

async function operatorIn(directory: string) {
  return (await Savepoint.open(directory)).operator(UID);
}

const byPlace = (listed: readonly Listed[]): Listed[] =>
  listed.toSorted((a, b) =>
    JSON.stringify([a.state, a.key, a.namespace]) < JSON.stringify([b.state, b.key, b.namespace]) ? -1 : 1,
  );

describe.each(PAIRS)('a savepoint of $from restored by $to', ({ first, second }) => {
  describe.each(['STRING', 'LONG'] as SharedKeyType[])('with keys of type %s', (keyType) => {
    test.each([
      [10, false],
      [128, true],
      [1000, false],
      [1000, true],
    ])('has all kinds of state in all namespaces (%i key groups, compressed: %s)', (maxParallelism, compress) =>
      withBackend(first, async (bench) => {
        const options = { keyType: Types[keyType] as typeof Types.STRING, maxParallelism };
        const keyed = await bench.open(options);
        begin(keyed, keyType);
        change(keyed, keyType, 1);
        const directory = join(bench.directory, 'savepoint');
        await keyed.savepoint(directory, { uid: UID, compress });
        const restored = await open(second, bench, { ...options, restore: await operatorIn(directory) });
        try {
          const unread = await restored.numKeyValueStateEntries();
          expect(unread).toBe(await keyed.numKeyValueStateEntries());
          expect(list(restored)).toEqual(list(keyed));
          change(keyed, keyType, 2);
          change(restored, keyType, 2);
          expect(list(restored)).toEqual(list(keyed));
        } finally {
          await restored.close();
        }
      }),
    );
  });

  test.each([
    [1, 3],
    [3, 2],
    [2, 5],
  ])('at another parallelism: from %i to %i', (before, after) =>
    withBackend(first, async (bench) => {
      const common = { keyType: Types.STRING, maxParallelism: 128 };
      const job = (create: Create, parallelism: number, restore?: KeyedStateBackendOptions<string>['restore']) =>
        Promise.all(
          Array.from({ length: parallelism }, (_, index) =>
            open(create, bench, {
              ...common,
              keyGroupRange: keyGroupRangeOf(index, 128, parallelism),
              ...(restore && { restore }),
            }),
          ),
        );
      const whole = await bench.open(common);
      begin(whole, 'STRING');
      const seed = join(bench.directory, 'seed');
      await whole.savepoint(seed, { uid: UID });
      const old = await job(first, before, await operatorIn(seed));
      const directory = join(bench.directory, 'savepoint');
      const writer = await Savepoint.begin(directory, { compress: after === 2 });
      await Promise.all(old.map((keyed) => keyed.savepoint(writer, { uid: UID })));
      await writer.complete();
      const restored = await job(second, after, await operatorIn(directory));
      const found = restored.flatMap((keyed) => list(keyed));
      expect(byPlace(found)).toEqual(byPlace(list(whole)));
      await Promise.all([...old, ...restored].map((keyed) => keyed.close()));
    }),
  );

  test('carries states along that nobody asks for, through checkpoints and savepoints', () =>
    withBackend(first, async (bench) => {
      const common = { keyType: Types.STRING, maxParallelism: 128 };
      const keyed = await bench.open(common);
      begin(keyed, 'STRING');
      const [one, two] = [join(bench.directory, 'one'), join(bench.directory, 'two')];
      await keyed.savepoint(one, { uid: UID });
      const unread = await open(second, bench, { ...common, restore: await operatorIn(one) });
      const handle = await unread.snapshot(1, bench.storage);
      const again = await open(second, bench, { ...common, restore: { storage: bench.storage, handle } });
      await again.savepoint(two, { uid: UID });
      const last = await open(first, bench, { ...common, restore: await operatorIn(two) });
      expect(await last.numKeyValueStateEntries()).toBe(await keyed.numKeyValueStateEntries());
      expect(list(last)).toEqual(list(keyed));
      expect(list(again)).toEqual(list(keyed));
      await Promise.all([unread, again, last].map((each) => each.close()));
    }));

  test('lists the keys and namespaces of states before anybody asks for them', () =>
    withBackend(first, async (bench) => {
      const common = { keyType: Types.STRING, maxParallelism: 128 };
      const keyed = await bench.open(common);
      begin(keyed, 'STRING');
      const directory = join(bench.directory, 'savepoint');
      await keyed.savepoint(directory, { uid: UID });
      const restored = await open(second, bench, { ...common, restore: await operatorIn(directory) });
      const states = SHARED_STATES.map(({ descriptor }) => descriptor.name).filter((name) =>
        name.endsWith('VOID_NAMESPACE'),
      );
      expect(states.map((name) => [...restored.getKeys(name)])).toEqual(states.map((name) => [...keyed.getKeys(name)]));
      const windows = 'MAP in TIME_WINDOW';
      const pairs = (backend: KeyedStateBackend<string>) => [
        ...backend.getKeysAndNamespaces(windows, Types.TIME_WINDOW),
      ];
      expect(pairs(restored)).toEqual(pairs(keyed));
      await restored.close();
    }));
});

const NAME = new ValueStateDescriptor('name', Types.STRING);

describe.each(Object.entries(PLAIN_BACKENDS))('%s', (_name, create) => {
  const options = { keyType: Types.STRING };

  async function filled(bench: Bench) {
    const keyed = await bench.open(options);
    keyed.setCurrentKey('k');
    keyed.getState(NAME).update('before');
    return keyed;
  }

  test('takes a savepoint as of the call, and refuses writes until it is captured', () =>
    withBackend(create, async (bench) => {
      const keyed = await filled(bench);
      const directory = join(bench.directory, 'savepoint');
      const savepoint = keyed.savepoint(directory, { uid: UID });
      expect(() => keyed.getState(NAME).update('too early')).toThrow(`while a savepoint of '${UID}' is being captured`);
      await savepoint.captured;
      keyed.getState(NAME).update('after');
      await savepoint;
      const restored = await bench.open({ ...options, restore: await operatorIn(directory) });
      restored.setCurrentKey('k');
      expect(restored.getState(NAME).value()).toBe('before');
    }));

  test('waits with a savepoint for asynchronous writes that were made before', () =>
    withBackend(create, async (bench) => {
      const keyed = await filled(bench);
      const directory = join(bench.directory, 'savepoint');
      const writing = keyed.getState(NAME).asyncUpdate('asynchronous');
      await keyed.savepoint(directory, { uid: UID });
      await writing;
      const restored = await bench.open({ ...options, restore: await operatorIn(directory) });
      restored.setCurrentKey('k');
      expect(restored.getState(NAME).value()).toBe('asynchronous');
    }));

  test('takes a savepoint without any state', () =>
    withBackend(create, async (bench) => {
      const directory = join(bench.directory, 'savepoint');
      await (await bench.open(options)).savepoint(directory, { uid: UID });
      const restored = await bench.open({ ...options, restore: await operatorIn(directory) });
      expect(await restored.numKeyValueStateEntries()).toBe(0);
    }));

  test('restores a savepoint that was moved, and one of several operators', () =>
    withBackend(create, async (bench) => {
      const keyed = await filled(bench);
      const directory = join(bench.directory, 'savepoint');
      const writer = await Savepoint.begin(directory, { checkpointId: 7 });
      const other = await bench.open({ keyType: Types.LONG, maxParallelism: 10 });
      await Promise.all([keyed.savepoint(writer, { uid: UID }), other.savepoint(writer, { uid: 'other' })]);
      await writer.complete();
      const moved = join(bench.directory, 'moved');
      await rename(directory, moved);
      const savepoint = await Savepoint.open(moved);
      expect(savepoint.checkpointId).toBe(7);
      expect(savepoint.operators.map(({ maxParallelism }) => maxParallelism)).toEqual([10, 128]);
      const restored = await bench.open({ ...options, restore: savepoint.operator(UID) });
      restored.setCurrentKey('k');
      expect(restored.getState(NAME).value()).toBe('before');
    }));

  describe('leaves nothing behind', () => {
    const contents = (bench: Bench) => readdir(bench.directory);

    test('when the savepoint is cancelled', () =>
      withBackend(create, async (bench) => {
        const keyed = await filled(bench);
        const before = await contents(bench);
        const signal = AbortSignal.abort(new Error('enough'));
        const savepoint = keyed.savepoint(join(bench.directory, 'savepoint'), { uid: UID, signal });
        await expect(savepoint.completed).rejects.toThrow('enough');
        expect(await contents(bench)).toEqual(before);
        keyed.getState(NAME).update('later');
      }));

    test('when the backend is closed meanwhile', () =>
      withBackend(create, async (bench) => {
        const keyed = await filled(bench);
        const before = await contents(bench);
        const savepoint = keyed.savepoint(join(bench.directory, 'savepoint'), { uid: UID });
        await keyed.close();
        await expect(savepoint.completed).rejects.toMatchObject({ code: 'ERR_CHECKPOINT' });
        expect(await contents(bench)).toEqual(before);
      }));

    test('when there is something in its place', () =>
      withBackend(create, async (bench) => {
        const keyed = await filled(bench);
        const before = await contents(bench);
        await expect(keyed.savepoint(bench.localDir, { uid: UID })).rejects.toThrow(
          'a savepoint needs a new directory',
        );
        expect(await contents(bench)).toEqual(before);
      }));

    test('when key groups are missing', () =>
      withBackend(create, async (bench) => {
        const keyed = await bench.open({ ...options, keyGroupRange: { start: 3, end: 127 } });
        const before = await contents(bench);
        const savepoint = keyed.savepoint(join(bench.directory, 'savepoint'), { uid: UID });
        await expect(savepoint).rejects.toThrow(`Key group 0 of '${UID}' is in none of the parts`);
        expect(await contents(bench)).toEqual(before);
      }));

    test('of an older savepoint whose process ended', () =>
      withBackend(create, async (bench) => {
        const keyed = await filled(bench);
        const directory = join(bench.directory, 'savepoint');
        await keyed.savepoint(directory, { uid: UID });
        await rename(directory, `${directory}.part`);
        await keyed.savepoint(directory, { uid: UID });
        expect((await readdir(bench.directory)).filter((name) => name.startsWith('savepoint'))).toEqual(['savepoint']);
        expect(await readdir(directory)).toHaveLength(2);
      }));
  });

  describe('refuses', () => {
    async function savepointOf(bench: Bench) {
      const directory = join(bench.directory, 'savepoint');
      await (await filled(bench)).savepoint(directory, { uid: UID });
      return operatorIn(directory);
    }

    test('another number of key groups', () =>
      withBackend(create, async (bench) => {
        const restore = await savepointOf(bench);
        const opening = bench.open({ ...options, maxParallelism: 10, restore });
        await expect(opening).rejects.toThrow('has maximum parallelism 128, and the backend has 10');
        expect(await bench.leftovers()).toHaveLength(1);
      }));

    test('other keys', () =>
      withBackend(create, async (bench) => {
        const restore = await savepointOf(bench);
        const opening = bench.open({ keyType: Types.LONG, restore });
        await expect(opening).rejects.toMatchObject({ code: 'ERR_STATE_MIGRATION' });
        expect(await bench.leftovers()).toHaveLength(1);
      }));

    test('another kind or type of a state', () =>
      withBackend(create, async (bench) => {
        const restored = await bench.open({ ...options, restore: await savepointOf(bench) });
        expect(() => restored.getState(new ValueStateDescriptor('name', Types.LONG))).toThrow(
          "State 'name' is stored as STRING, which can not be used as LONG",
        );
        expect(() => restored.getListState(new ListStateDescriptor('name', Types.STRING))).toThrow(
          "'name' is known as VALUE, not as LIST",
        );
        expect(() => restored.getMapState(new MapStateDescriptor('name', Types.STRING, Types.LONG))).toThrow(
          "'name' is known as VALUE, not as MAP",
        );
      }));

    test('a uid that is none', () =>
      withBackend(create, async (bench) => {
        const keyed = await filled(bench);
        expect(() => keyed.savepoint(join(bench.directory, 'savepoint'), { uid: '' })).toThrow(
          'A savepoint needs the uid of its operator; received "".',
        );
      }));
  });
});

describe('savepoints', () => {
  const configured = { 'execution.checkpointing.snapshot-compression': true };

  test.each([
    ['RocksDB', () => new EmbeddedRocksDBStateBackend(), () => new EmbeddedRocksDBStateBackend().configure(configured)],
    ['HashMap', () => new HashMapStateBackend(), () => new HashMapStateBackend().configure(configured)],
  ] as const)('are compressed as configured, and read as they are (T058)', (_name, plain, compressing) =>
    withBackend(plain, async (bench) => {
      const options = { keyType: Types.STRING, maxParallelism: 128 };
      const text = new ValueStateDescriptor('text', Types.STRING);
      const keyed = await open(compressing, bench, options);
      keyed.setCurrentKey('whale');
      keyed.getState(text).update('x'.repeat(100_000));
      const [squeezed, whole] = [join(bench.directory, 'squeezed'), join(bench.directory, 'whole')];
      expect((await keyed.savepoint(squeezed, { uid: UID })).sizeBytes).toBeLessThan(20_000);
      expect((await keyed.savepoint(whole, { uid: UID, compress: false })).sizeBytes).toBeGreaterThan(100_000);
      const readers = [
        await open(plain, bench, { ...options, restore: await operatorIn(squeezed) }),
        await open(compressing, bench, { ...options, restore: await operatorIn(whole) }),
      ];
      for (const reader of readers) {
        reader.setCurrentKey('whale');
        expect(reader.getState(text).value()).toBe('x'.repeat(100_000));
      }
      await Promise.all([keyed, ...readers].map((each) => each.close()));
    }),
  );
});
