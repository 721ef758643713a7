import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { KeyedStateHandle, StoredFile } from '../../lib/api/checkpoint.ts';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { RestoreError } from '../../lib/errors.ts';
import { observeUploads } from '../support/observed-storage.ts';
import { restored } from '../support/restored.ts';
import { type Bench, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);
const LIST = new ListStateDescriptor('list', Types.STRING);
const MAP = new MapStateDescriptor('map', Types.STRING, Types.LONG);

const create = () => new HashMapStateBackend();

function fill(keyed: KeyedStateBackend<number>, keys: number): void {
  const count = keyed.getState(COUNT);
  for (let key = 0; key < keys; key++) {
    keyed.setCurrentKey(key);
    count.update(key);
  }
}

describe('a checkpoint', () => {
  it.each(Object.keys(PLAIN_BACKENDS))('of %s says so, and no other backend restores it', (name) =>
    withBackend(PLAIN_BACKENDS[name] ?? create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.LONG });
      fill(keyed, 10);
      const handle = await keyed.snapshot(1, storage);
      const isHashMap = name === 'HashMap';
      expect(handle.backend).toBe(isHashMap ? 'hashmap' : 'rocksdb');
      expect((await storage.open(1)).backend).toBe(handle.backend);
      const other = isHashMap ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
      const restore = other.createKeyedStateBackend({ keyType: Types.LONG, restore: { storage, handle } });
      await expect(restore).rejects.toThrow(RestoreError);
      await expect(restore).rejects.toThrow(
        isHashMap
          ? /was written by the hashmap backend; the rocksdb backend can not read/
          : /was written by the rocksdb backend; the hashmap backend can not read/,
      );
    }),
  );
});

describe('a damaged checkpoint of state in memory', () => {
  async function expectRefused(
    bench: Bench,
    damage: (handle: KeyedStateHandle, path: string) => Promise<KeyedStateHandle>,
    message: RegExp,
  ): Promise<void> {
    const keyed = await bench.open({ keyType: Types.LONG });
    fill(keyed, 1000);
    await keyed.snapshot(1, bench.storage);
    const handle = await keyed.snapshot(2, bench.storage);
    await keyed.close();
    const damaged = await damage(handle, join(handle.location, 'state'));
    const restore = bench.open({ keyType: Types.LONG, restore: { storage: bench.storage, handle: damaged } });
    await expect(restore).rejects.toThrow(RestoreError);
    await expect(restore).rejects.toThrow(message);
    expect(await bench.leftovers()).toEqual([]);
  }

  it('is refused by its checksum', () =>
    withBackend(create, (bench) =>
      expectRefused(
        bench,
        async (handle, path) => {
          await truncate(path, 100);
          return handle;
        },
        /File state of checkpoint 2 is damaged: .* found 100 bytes.*newest complete checkpoint before it is 1/,
      ),
    ));

  it.each([
    ['another format', (bytes: Buffer) => Buffer.concat([Buffer.from('nonsense'), bytes]), /begins with \d+ and \d+/],
    ['an early end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20), /ends early/],
    ['nothing', () => Buffer.alloc(0), /ends early/],
  ])('is refused for %s although the checksum is right', (_what, change, message) =>
    withBackend(create, (bench) =>
      expectRefused(
        bench,
        async (handle, path) => {
          const bytes = change(await readFile(path));
          await writeFile(path, bytes);
          const [file] = handle.files as readonly [StoredFile];
          return { ...handle, files: [{ ...file, sizeBytes: bytes.length, crc32: crc32(bytes) }] };
        },
        message,
      ),
    ),
  );

  it('is refused when its file is not named', () =>
    withBackend(create, (bench) =>
      expectRefused(bench, async (handle) => ({ ...handle, files: [] }), /has no file 'state'/),
    ));
});

describe('a large table', () => {
  const ROWS = 300_000;

  it('is snapshotted without holding the event loop', { timeout: 180_000 }, () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.LONG, maxParallelism: 1 });
      fill(keyed, ROWS);
      const count = keyed.getState(COUNT);
      let turnsWhileWriting: number | undefined;
      let turns = 0;
      const observed = observeUploads(storage, (upload) => {
        turnsWhileWriting = turns;
        return upload();
      });
      const snapshot = keyed.snapshot(1, observed);
      await snapshot.captured;
      // Every turn of the event loop while the file is written, state is changed.
      while (turnsWhileWriting === undefined) {
        for (let written = 0; written < 100; written++) {
          keyed.setCurrentKey((turns * 7919 + written * 104_729) % ROWS);
          count.update(-1);
        }
        turns++;
        await setImmediate();
      }
      expect(turnsWhileWriting).toBeGreaterThan(50);
      const again = await open({
        keyType: Types.LONG,
        maxParallelism: 1,
        restore: { storage, handle: await snapshot },
      });
      const restoredCount = again.getState(COUNT);
      for (let key = 0; key < ROWS; key++) {
        again.setCurrentKey(key);
        if (restoredCount.value() !== key) {
          expect(restoredCount.value()).toBe(key);
        }
      }
      expect(await again.numKeyValueStateEntries()).toBe(ROWS);
    }),
  );
});

describe('state that is restored', () => {
  it('stays as it is through further checkpoints while nobody asks for it', () =>
    withBackend(create, async (bench) => {
      const options = { keyType: Types.STRING };
      const keyed = await bench.open(options);
      keyed.setCurrentKey('k');
      keyed.getListState(LIST).addAll(['a', 'é']);
      keyed.getMapState(MAP).putAll([
        ['x', 1],
        ['y', 2],
      ]);
      const second = await restored(bench, keyed, options);
      expect(await second.numKeyValueStateEntries()).toBe(3);
      expect([...second.getKeys(['map', 'list'])]).toEqual(['k']);
      const third = await restored(bench, second, options);
      third.setCurrentKey('k');
      expect(third.getListState(LIST).get()).toEqual(['a', 'é']);
      expect([...third.getMapState(MAP).keys()]).toEqual(['x', 'y']);
      expect(await third.localSizeBytes()).toBe(0);
    }));

  it('may be read and changed while the next snapshot of it is under way', () =>
    withBackend(create, async (bench) => {
      const options = { keyType: Types.LONG };
      const keyed = await bench.open(options);
      fill(keyed, 1000);
      const second = await restored(bench, keyed, options);
      const snapshot = second.snapshot(1_000_000, bench.storage);
      await snapshot.captured;
      const count = second.getState(COUNT);
      for (let key = 0; key < 1000; key++) {
        second.setCurrentKey(key);
        expect(count.value()).toBe(key);
        count.update(-key);
      }
      const third = await bench.open({ ...options, restore: { storage: bench.storage, handle: await snapshot } });
      const restoredCount = third.getState(COUNT);
      for (let key = 0; key < 1000; key++) {
        third.setCurrentKey(key);
        expect(restoredCount.value()).toBe(key);
      }
    }));
});

describe('iterating over a map', () => {
  it('goes in the order of insertion, over what was there when it began, but for what is removed on the way', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const map = keyed.getMapState(MAP);
      keyed.setCurrentKey('k');
      map.putAll([
        ['z', 1],
        ['a', 2],
        ['m', 3],
        ['b', 4],
      ]);
      const seen: string[] = [];
      for (const { key } of map) {
        seen.push(key);
        map.put(`${key}${key}`, 5);
        map.remove('m');
      }
      expect(seen).toEqual(['z', 'a', 'b']);
      expect([...map.keys()]).toEqual(['z', 'a', 'b', 'zz', 'aa', 'bb']);
    }));
});
