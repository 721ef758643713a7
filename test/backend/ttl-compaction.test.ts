import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, RocksDBInspection } from '../../lib/api/backend.ts';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SetClock, TTL_KINDS, TTL_MS, ttl, ttlState } from '../support/ttl-states.ts';
import { type Bench, HOT_STATE_BACKENDS, withBackend } from '../support/with-backend.ts';

type Opened = KeyedStateBackend<string> & RocksDBInspection;

async function open(bench: Bench, clock: SetClock): Promise<Opened> {
  return (await bench.open({ keyType: Types.STRING, ttlTimeProvider: clock })) as Opened;
}

const BACKENDS = {
  RocksDB: () => new EmbeddedRocksDBStateBackend(),
  'RocksDB, hot state': HOT_STATE_BACKENDS['RocksDB, hot state'],
};

describe.each(Object.entries(BACKENDS))('a compaction on %s', (_backend, rocksDB) => {
  it.each(TTL_KINDS.map((kind) => [kind.name, kind] as const))(
    'drops what has expired, and nothing else, of kind %s (T237, T239, T240)',
    (_name, kind) =>
      withBackend(rocksDB, async (bench) => {
        const clock = new SetClock();
        const keyed = await open(bench, clock);
        const descriptor = kind.describe(ttl());
        const state = ttlState(keyed, descriptor);
        for (const [index, key] of ['a', 'b', 'c'].entries()) {
          clock.now = 20 * index;
          keyed.setCurrentKey(key);
          kind.write(state, key);
        }
        await keyed.compact(descriptor.name);
        expect(await keyed.numKeyValueStateEntries()).toBe(3);
        clock.now = TTL_MS + 20;
        await keyed.compact(descriptor.name);
        expect(await keyed.numKeyValueStateEntries()).toBe(1);
        clock.now = 50;
        const reads = ['a', 'b', 'c'].map((key) => {
          keyed.setCurrentKey(key);
          return kind.read(state);
        });
        expect(reads).toEqual([undefined, undefined, 'c']);
      }),
  );

  const LISTS: readonly (readonly [string, TypeInformation<unknown>, readonly unknown[]])[] = [
    ['of fixed length', Types.LONG as TypeInformation<unknown>, [1, 2, 3, 4]],
    ['of text', Types.STRING as TypeInformation<unknown>, ['a,', '€', ',,', 'd']],
  ];

  it.each(LISTS)(
    'cuts the elements %s off a list that have expired before the first that lives (T238)',
    (_name, type, values) =>
      withBackend(rocksDB, async (bench) => {
        const clock = new SetClock();
        const keyed = await open(bench, clock);
        keyed.setCurrentKey('k');
        const list = keyed.getListState(new ListStateDescriptor('l', type).enableTimeToLive(ttl()));
        for (const [index, value] of values.entries()) {
          clock.now = 20 * index;
          list.add(value);
        }
        clock.now = TTL_MS + 20;
        expect(list.get()).toEqual(values.slice(2));
        await keyed.compact('l');
        clock.now = 0;
        expect(list.get()).toEqual(values.slice(2));
      }),
  );

  it('drops nothing where cleaning up in the background is turned off, unless it was asked for (T241)', () =>
    withBackend(rocksDB, async (bench) => {
      const clock = new SetClock();
      const keyed = await open(bench, clock);
      keyed.setCurrentKey('k');
      const off = ttl((builder) => builder.disableCleanupInBackground());
      const asked = ttl((builder) => builder.disableCleanupInBackground().cleanupInRocksdbCompactFilter(1));
      keyed.getState(new ValueStateDescriptor('off', Types.LONG).enableTimeToLive(off)).update(1);
      const map = keyed.getMapState(new MapStateDescriptor('asked', Types.LONG, Types.LONG).enableTimeToLive(asked));
      map.put(1, 1);
      clock.now = TTL_MS;
      expect(map.get(7)).toBeUndefined();
      map.put(2, 2);
      await keyed.compact();
      expect(await keyed.numKeyValueStateEntries()).toBe(2);
      expect([...map.keys()]).toEqual([2]);
    }));

  it('makes room on the disk by itself', () =>
    withBackend(rocksDB, async (bench) => {
      const clock = new SetClock();
      const keyed = await open(bench, clock);
      const state = keyed.getState(new ValueStateDescriptor('v', Types.BYTES).enableTimeToLive(ttl()));
      for (let key = 0; key < 2000; key++) {
        keyed.setCurrentKey(`key ${key}`);
        state.update(crypto.getRandomValues(new Uint8Array(1000)));
      }
      await keyed.compact('v');
      const before = await keyed.localSizeBytes();
      expect(before).toBeGreaterThan(2_000_000);
      clock.now = TTL_MS;
      expect(state.value()).toBeUndefined();
      await keyed.compact('v');
      expect(await keyed.localSizeBytes()).toBeLessThan(before / 100);
    }));

  it('happens to files of the age that the settings say, or else the configuration', () =>
    withBackend(
      () =>
        new EmbeddedRocksDBStateBackend().configure({
          'state.backend.rocksdb.compaction.filter.periodic-compaction-time': '2 d',
        }),
      async (bench) => {
        const keyed = await open(bench, new SetClock());
        keyed.getState(new ValueStateDescriptor('configured', Types.LONG).enableTimeToLive(ttl()));
        const asked = ttl((builder) => builder.cleanupInRocksdbCompactFilter(1, '1 h'));
        keyed.getState(new ValueStateDescriptor('asked', Types.LONG).enableTimeToLive(asked));
        await keyed.compact();
        const { columnFamilies } = await keyed.effectiveOptions();
        const seconds = ['configured', 'asked'].map(
          (name) => columnFamilies[name]?.options.periodic_compaction_seconds?.value,
        );
        expect(seconds).toEqual(['172800', '3600']);
      },
    ));

  it('is refused for a state that there is not', () =>
    withBackend(rocksDB, async (bench) => {
      const keyed = await open(bench, new SetClock());
      await expect(keyed.compact('none')).rejects.toThrow(expect.objectContaining({ code: 'ERR_UNKNOWN_STATE' }));
    }));
});
